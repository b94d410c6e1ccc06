#version 430 core

// Lrn, forward: local response normalisation across channels.
//
//   y[n,c,h,w] = x[n,c,h,w] / (bias + alpha * sum over d of x[n,d,h,w]^2)^beta, d from c - before to c + after
//
// Layout    x, y channel-blocked by 4; alpha is already divided by the size of the window.
// Dispatch  flat, one invocation, or one work group of LANES, per vec4 of y.
// Defines   LANES: how many invocations share a sum.
// Twin      LrnKernel, src/RealtimeCnn/Cpu/LrnKernel.cs
// Source    Krizhevsky et al. 2012, section 3.3; ONNX LRN.
// Variants  LANES 1
// Variants  LANES 64

#include "include/tensor.glsl"
#include "include/division.glsl"
#include "include/lanes.glsl"
#include "include/channels.glsl"
#include "include/power.glsl"

layout(std140, binding = 0) uniform Params { int count, channels, area, before; ivec2 byArea, byBlocks; int after; float alpha, beta, bias; };

READ_TENSOR(1, Input, x);
layout(std430, binding = 0) writeonly restrict buffer Output { vec4 y[]; };

void main()
{
    int i = flatOutput();
    if (i >= count)
        return;

    int blocks = blocksOf(channels);
    int block = remainder(quotient(i, byArea), blocks, byBlocks);
    ivec4 channel = block * 4 + ivec4(0, 1, 2, 3);
    vec4 sum = vec4(0.0);
    int last = min(min(after, channels) + block * 4 + 3, channels - 1) / 4;
    for (int other = max(block * 4 - before, 0) / 4 + LANE; other <= last; other += LANES)
    {
        vec4 value = LOAD(x, i + (other - block) * area);
        for (int lane = 0; lane < 4; ++lane)
        {
            ivec4 distance = other * 4 + lane - channel;
            bvec4 near = equal(clamp(distance, -before, after), distance);
            sum += mix(vec4(0.0), vec4(value[lane] * value[lane]), near);
        }
    }
    sum = sumOfLanes(sum);
    if (LANE == 0)
        y[i] = keepChannels(LOAD(x, i) / power(bias + alpha * sum, vec4(beta)), block, channels);
}
