#version 430 core

// TopK, forward, of lines that fit into shared memory, both outputs in one dispatch; with SOFTMAX of the softmax of what it reads. A
// NaN is larger than any number; of equal ones the first counts.
//
//   y[o,r,k] = p[o,i,k] and places[o,r,k] = i for the element i that exactly r others come before, p = x or softmax(x)
//
// Layout    row-major.
// Dispatch  flat, one work group per line.
// Twin      top_k.comp, behind softmax.comp; TopKKernel, src/RealtimeCnn/Cpu/TopKKernel.cs
// Variants  LANES 128, SOFTMAX 0
// Variants  LANES 128, SOFTMAX 1

#include "include/tensor.glsl"
#include "include/lanes.glsl"
#include "include/division.glsl"

#define MOST_ELEMENTS 2048

layout(std140, binding = 0) uniform Params
{
    int lines, extent, inner, k;
    ivec2 byInner;
    float direction;
};

READ_TENSOR(1, Input, x);
layout(std430, binding = 0) writeonly restrict buffer Output { float y[]; };
layout(std430, binding = 2) writeonly restrict buffer Places { float places[]; };

shared float line[MOST_ELEMENTS];

// A whole number that is in the order of the floats: both zeros are one, NaN lies behind infinity.
int rankOf(float value)
{
    int bits = value == 0.0 ? 0 : floatBitsToInt(value);
    return isNaN(vec4(value)).x ? 0x7FC00000 : bits ^ (bits >> 31 & 0x7FFFFFFF);
}

void main()
{
    int number = flatOutput();
    if (number >= lines)
        return;

    int outer = quotient(number, byInner), column = number - outer * inner;
    for (int i = LANE; i < extent; i += LANES)
        line[i] = LOAD_SCALAR(x, (outer * extent + i) * inner + column);
    barrier();

#if SOFTMAX
    vec4 best = vec4(NEGATIVE_INFINITY);
    for (int i = LANE; i < extent; i += LANES)
        best = largerOf(best, vec4(line[i]));
    float largest = maxOfLanes(best).x;
    float sum = 0.0;
    for (int i = LANE; i < extent; i += LANES)
        sum += exp(line[i] - largest);
    sum = sumOfLanes(vec4(sum)).x;
    for (int i = LANE; i < extent; i += LANES)
        line[i] = exp(line[i] - largest) / sum;
    barrier();
#endif

    for (int i = LANE; i < extent; i += LANES)
    {
        int own = rankOf(line[i]), before = 0;
        for (int j = 0; j < extent && before < k; ++j)
        {
            int other = rankOf(line[j]);
            if ((direction > 0.0 ? other > own : other < own) || (other == own && j < i))
                ++before;
        }
        if (before < k)
        {
            int to = (outer * k + before) * inner + column;
            y[to] = line[i];
            places[to] = float(i);
        }
    }
}
