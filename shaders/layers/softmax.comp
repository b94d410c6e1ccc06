#version 430 core

// Softmax and LogSoftmax, forward, over lines of elements that lie `inner` apart.
//
//   y[i] = exp(x[i] - max) / sum, or x[i] - max - log(sum), with sum over j of exp(x[j] - max)
//   Sixteen powers are summed apart at a time, so that long sums keep their precision.
//
// Layout    x, y row-major, [outer][length][inner].
// Dispatch  flat, one invocation, or one work group of LANES, per line.
// Defines   LANES: how many invocations share a line.
// Twin      SoftmaxKernel, src/RealtimeCnn/Cpu/SoftmaxKernel.cs
// Source    Bridle 1990; ONNX Softmax-13, LogSoftmax-13.
// Variants  LANES 1
// Variants  LANES 64
// Variants  LANES 128
// Variants  LANES 1024

#include "include/tensor.glsl"
#include "include/lanes.glsl"
#include "include/division.glsl"

layout(std140, binding = 0) uniform Params { int lines, extent, inner, isLogarithm; ivec2 byInner; };

READ_TENSOR(1, Input, x);
layout(std430, binding = 0) writeonly restrict buffer Output { float y[]; };

void main()
{
    int line = flatOutput();
    if (line >= lines)
        return;

    int outer = quotient(line, byInner);
    int first = outer * inner * extent + (line - outer * inner);
    vec4 best = vec4(NEGATIVE_INFINITY);
    for (int i = LANE; i < extent; i += LANES)
        best = largerOf(best, vec4(LOAD_SCALAR(x, first + i * inner)));
    float largest = maxOfLanes(best).x;

    float sum = 0.0;
    for (int i = LANE; i < extent; i += 16 * LANES)
    {
        float part = 0.0;
        for (int j = i; j < min(i + 16 * LANES, extent); j += LANES)
            part += exp(LOAD_SCALAR(x, first + j * inner) - largest);
        sum += part;
    }
    sum = sumOfLanes(vec4(sum)).x;

    for (int i = LANE; i < extent; i += LANES)
    {
        float shifted = LOAD_SCALAR(x, first + i * inner) - largest;
        y[first + i * inner] = isLogarithm != 0 ? shifted - log(sum) : exp(shifted) / sum;
    }
}
