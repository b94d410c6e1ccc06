#version 430 core

// Reduce, forward: all elements along some axes become one.
//
//   y[o] = finish(fold over r of x[kept(o) + reduced(r)])
//
// Layout    row-major, or channel-blocked by 4 where the axes lie behind the channels: then the four lanes walk together.
// Dispatch  flat, one invocation, or one work group of LANES, per vec4 of y. Sums are made in parts of 64, so that long ones lose less.
// Defines   LANES: how many invocations share a reduction.
// Twin      ReduceKernel, src/RealtimeCnn/Cpu/ReduceKernel.cs
// Variants  LANES 1
// Variants  LANES 64
// Variants  LANES 128
// Variants  LANES 1024

#include "include/tensor.glsl"
#include "include/lanes.glsl"
#include "include/division.glsl"
#include "include/channels.glsl"

layout(std140, binding = 0) uniform Params
{
    int count, outputs, elements, function;
    int channels, keptLevels, reducedLevels, unused;
    // By the pixels of a plane and the blocks of an item.
    ivec2 byArea, byBlocks;
    // Outermost first: extent, step in floats, what divides by the extent.
    ivec4 kept[9];
    ivec4 reduced[9];
};

READ_TENSOR(1, Input, x);
layout(std430, binding = 0) writeonly restrict buffer Output { vec4 y[]; };

const int MEAN = 0, SUM = 1, MAX = 2, MIN = 3, PRODUCT = 4, L1 = 5, L2 = 6, LOG_SUM = 7, LOG_SUM_EXP = 8, SUM_SQUARE = 9;

int keptOffset(int number)
{
    int offset = 0;
    for (int level = keptLevels - 1; level >= 0; --level)
    {
        int outer = quotient(number, kept[level].zw);
        offset += (number - outer * kept[level].x) * kept[level].y;
        number = outer;
    }
    return offset;
}

int reducedOffset(int number)
{
    int offset = 0;
    for (int level = reducedLevels - 1; level >= 0; --level)
    {
        int outer = quotient(number, reduced[level].zw);
        offset += (number - outer * reduced[level].x) * reduced[level].y;
        number = outer;
    }
    return offset;
}

vec4 read(ivec4 base, int r)
{
    int offset = reducedOffset(r);
    if (channels != 0)
    {
        int vector = (base.x + offset) >> 2;
        return LOAD(x, vector);
    }
    return vec4(LOAD_SCALAR(x, base.x + offset), LOAD_SCALAR(x, base.y + offset), LOAD_SCALAR(x, base.z + offset), LOAD_SCALAR(x, base.w + offset));
}

vec4 extreme(ivec4 base, bool largest)
{
    vec4 best = vec4(largest ? NEGATIVE_INFINITY : INFINITY);
    for (int r = LANE; r < elements; r += LANES)
    {
        vec4 value = read(base, r);
        best = largest ? largerOf(best, value) : smallerOf(best, value);
    }
    return largest ? maxOfLanes(best) : minOfLanes(best);
}

vec4 product(ivec4 base)
{
    vec4 result = vec4(1.0);
    for (int r = LANE; r < elements; r += LANES)
        result *= read(base, r);
    return productOfLanes(result);
}

vec4 sum(ivec4 base, vec4 shift)
{
    vec4 total = vec4(0.0);
    for (int r = LANE; r < elements;)
    {
        vec4 part = vec4(0.0);
        for (int end = min(r + 64 * LANES, elements); r < end; r += LANES)
        {
            vec4 value = read(base, r);
            if (function == L1)
                value = abs(value);
            else if (function == L2 || function == SUM_SQUARE)
                value *= value;
            else if (function == LOG_SUM_EXP)
                value = exp(value - shift);
            part += value;
        }
        total += part;
    }
    return sumOfLanes(total);
}

vec4 fold(ivec4 base)
{
    if (function == MAX || function == MIN)
        return extreme(base, function == MAX);
    if (function == PRODUCT)
        return product(base);

    vec4 shift = function == LOG_SUM_EXP ? extreme(base, true) : vec4(0.0);
    shift = mix(shift, vec4(0.0), isinf(shift));
    vec4 total = sum(base, shift);
    switch (function)
    {
        case MEAN: return total / float(elements);
        case L2: return sqrt(total);
        case LOG_SUM: return log(total);
        case LOG_SUM_EXP: return log(total) + shift;
        default: return total;
    }
}

void main()
{
    int i = flatOutput();
    if (i >= count)
        return;

    // Lanes behind the last output repeat it.
    ivec4 outputIndex = min(ivec4(0, 1, 2, 3) + i * 4, ivec4(outputs - 1));
    ivec4 base = ivec4(keptOffset(outputIndex.x), keptOffset(outputIndex.y), keptOffset(outputIndex.z), keptOffset(outputIndex.w));
    vec4 value = fold(base);
    if (LANE == 0)
        y[i] = channels == 0 ? value : keepChannels(value, remainder(quotient(i, byArea), blocksOf(channels), byBlocks), channels);
}
