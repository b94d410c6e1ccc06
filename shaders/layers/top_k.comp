#version 430 core

// TopK, forward: the k best elements along an axis in order, or their places; of equal ones the first. A NaN is larger
// than any number. A dispatch for each output.
//
//   y[o,r,k] = x[o,i,k] (or i) for the element i that exactly r others come before
//
// Layout    row-major.
// Dispatch  flat, one invocation, or one work group of LANES, per element of x, which counts those before it and writes it to its place.
// Defines   LANES: how many invocations share a count.
// Twin      TopKKernel, src/RealtimeCnn/Cpu/TopKKernel.cs
// Variants  LANES 1
// Variants  LANES 64

#include "include/tensor.glsl"
#include "include/division.glsl"
#include "include/lanes.glsl"
#include "include/numbers.glsl"

layout(std140, binding = 0) uniform Params { int count, extent, inner, k; ivec2 byInner, byExtent; int indices; float direction; };

READ_TENSOR(1, Input, x);
layout(std430, binding = 0) writeonly restrict buffer Output { float y[]; };

// A whole number that is in the order of the floats: both zeros are one, NaN lies behind infinity.
int rankOf(float value)
{
    int bits = value == 0.0 ? 0 : floatBitsToInt(value);
    return isNaN(vec4(value)).x ? 0x7FC00000 : bits ^ (bits >> 31 & 0x7FFFFFFF);
}

void main()
{
    int i = flatOutput();
    if (i >= count)
        return;

    int run = quotient(i, byInner);
    int outer = quotient(run, byExtent);
    int index = run - outer * extent, column = i - run * inner;
    int start = outer * extent * inner + column;
    float own = LOAD_SCALAR(x, i);
    int ownRank = rankOf(own);
    int before = 0;
    for (int j = LANE; j < extent; j += LANES)
    {
        int other = rankOf(LOAD_SCALAR(x, start + j * inner));
        if ((direction > 0.0 ? other > ownRank : other < ownRank) || (other == ownRank && j < index))
            ++before;
    }
    before = int(sumOfLanes(vec4(before)).x);
    if (LANE == 0 && before < k)
        y[(outer * k + before) * inner + column] = (indices != 0 ? float(index) : own);
}
