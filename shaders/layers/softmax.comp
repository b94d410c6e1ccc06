#version 430 core

// Softmax and LogSoftmax, forward, over lines of elements that lie `inner` apart.
//
//   y[i] = exp(x[i] - max) / sum, or x[i] - max - log(sum), with sum over j of exp(x[j] - max)
//   Sixteen powers are summed apart at a time, so that long sums keep their precision.
//
// Layout    x, y row-major, [outer][length][inner].
// Dispatch  flat, one invocation per line.
// Twin      SoftmaxLayer, src/RealtimeCnn/Layers/Softmax.cs
// Source    Bridle 1990; ONNX Softmax-13, LogSoftmax-13.

#include "include/tensor.glsl"
#include "include/flat.glsl"

layout(std140, binding = 0) uniform Params { int lines, extent, inner, isLogarithm; };

READ_TENSOR(1, Input, x);
layout(std430, binding = 0) writeonly restrict buffer Output { float y[]; };

void main()
{
    int line = flatInvocation();
    if (line >= lines)
        return;

    int first = line / inner * inner * extent + line % inner;
    float largest = LOAD_SCALAR(x, first);
    for (int i = 1; i < extent; ++i)
        largest = max(largest, LOAD_SCALAR(x, first + i * inner));

    float sum = 0.0;
    for (int i = 0; i < extent; i += 16)
    {
        float part = 0.0;
        for (int j = i; j < min(i + 16, extent); ++j)
            part += exp(LOAD_SCALAR(x, first + j * inner) - largest);
        sum += part;
    }

    for (int i = 0; i < extent; ++i)
    {
        float shifted = LOAD_SCALAR(x, first + i * inner) - largest;
        y[first + i * inner] = isLogarithm != 0 ? shifted - log(sum) : exp(shifted) / sum;
    }
}
