#version 430 core

// Maxout, forward: keeps the largest of each group of neighbouring channels.
//
//   y[n,c,h,w] = max over j < pieces of x[n, c*pieces + j, h, w]; a NaN wins
//
// Layout    x, y channel-blocked by 4.
// Dispatch  flat, one invocation, or one work group of LANES, per vec4 of y.
// Defines   LANES: how many invocations share a group of channels.
// Twin      MaxoutKernel, src/RealtimeCnn/Cpu/MaxoutKernel.cs
// Source    Goodfellow et al. 2013, "Maxout Networks", arXiv:1302.4389.
// Variants  LANES 1
// Variants  LANES 64
// Variants  LANES 128
// Variants  LANES 1024

#include "include/tensor.glsl"
#include "include/division.glsl"
#include "include/lanes.glsl"
#include "include/channels.glsl"

layout(std140, binding = 0) uniform Params { int count, channels, area, pieces; ivec2 byArea, byBlocks; };

READ_TENSOR(1, Input, x);
layout(std430, binding = 0) writeonly restrict buffer Output { vec4 y[]; };

void main()
{
    int i = flatOutput();
    if (i >= count)
        return;

    int plane = quotient(i, byArea);
    int n = quotient(plane, byBlocks);
    int block = plane - n * blocksOf(channels), pixel = i - plane * area;
    vec4 largest = vec4(NEGATIVE_INFINITY);
    for (int lane = 0; lane < 4 && block * 4 + lane < channels; ++lane)
    {
        for (int j = LANE; j < pieces; j += LANES)
        {
            int channel = (block * 4 + lane) * pieces + j;
            float value = LOAD(x, (n * blocksOf(channels * pieces) + channel / 4) * area + pixel)[channel % 4];
            largest[lane] = largerOf(vec4(largest[lane]), vec4(value)).x;
        }
    }
    largest = maxOfLanes(largest);
    if (LANE == 0)
        y[i] = keepChannels(largest, block, channels);
}
