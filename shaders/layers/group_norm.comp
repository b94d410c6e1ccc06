#version 430 core

// GroupNorm of groups of whole vec4s of channels, or of one group, forward.
//
//   y[n,c,p] = (x[n,c,p] - mean[n,g]) / sqrt(variance[n,g] + epsilon) * scale[c] + bias[c]       g: the group of c
//   Mean and variance are those of x - pivot, with the first element as pivot: no digits are lost far from zero.
//
// Layout    x, y channel-blocked by 4; scale, bias [C/4] vec4s.
// Dispatch  one work group of LANES per picture and group of channels, numbered through.
// Defines   LANES
// Twin      row_normalization.comp
// Source    Wu and He 2018, arXiv:1803.08494.
// Variants  LANES 64

#include "include/tensor.glsl"
#include "include/lanes.glsl"
#include "include/division.glsl"
#include "include/channels.glsl"

layout(std140, binding = 0) uniform Params
{
    // Pictures and groups; vec4s of a group, and of its channels.
    int rows, extent, blocks, groups;
    ivec2 byArea, byGroups;
    int channels;
    float elements, epsilon;
};

READ_TENSOR(1, Input, x);
READ_TENSOR(2, Scale, scale);
READ_TENSOR(3, Bias, bias);
layout(std430, binding = 0) writeonly restrict buffer Output { vec4 y[]; };

// A vec4 of channels less pivot and mean; those behind the last are 0.
vec4 shifted(int at, float pivot, float mean, int block)
{
    return keepChannels(LOAD(x, at) - pivot - mean, block, channels);
}

void main()
{
    int row = flatOutput();
    if (row >= rows)
        return;

    int first = row * extent, firstBlock = remainder(row, groups, byGroups) * blocks;
    float pivot = LOAD(x, first).x;
    vec4 sum = vec4(0.0);
    for (int i = LANE; i < extent; i += LANES)
        sum += shifted(first + i, pivot, 0.0, firstBlock + quotient(i, byArea));
    float mean = dot(sumOfLanes(sum), vec4(1.0)) / elements;

    vec4 squares = vec4(0.0);
    for (int i = LANE; i < extent; i += LANES)
    {
        vec4 value = shifted(first + i, pivot, mean, firstBlock + quotient(i, byArea));
        squares += value * value;
    }
    float divisor = sqrt(dot(sumOfLanes(squares), vec4(1.0)) / elements + epsilon);

    for (int i = LANE; i < extent; i += LANES)
    {
        int block = firstBlock + quotient(i, byArea);
        y[first + i] = keepChannels(shifted(first + i, pivot, mean, block) / divisor * LOAD(scale, block) + LOAD(bias, block), block, channels);
    }
}
