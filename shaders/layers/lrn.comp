#version 430 core

// Lrn, forward: local response normalisation across channels.
//
//   y[n,c,h,w] = x[n,c,h,w] / (bias + alpha * sum over d of x[n,d,h,w]^2)^beta, d from c - before to c + after
//
// Layout    x, y channel-blocked by 4; alpha is already divided by the size of the window.
// Dispatch  flat, one invocation per vec4 of y.
// Twin      Lrn, src/RealtimeCnn/Layers/Lrn.cs
// Source    Krizhevsky et al. 2012, section 3.3; ONNX LRN.

#include "include/tensor.glsl"
#include "include/flat.glsl"
#include "include/channels.glsl"
#include "include/power.glsl"

layout(std140, binding = 0) uniform Params { int count, channels, area, before, after; float alpha, beta, bias; };

READ_TENSOR(1, Input, x);
layout(std430, binding = 0) writeonly restrict buffer Output { vec4 y[]; };

void main()
{
    int i = flatInvocation();
    if (i >= count)
        return;

    int blocks = blocksOf(channels);
    int block = i / area % blocks;
    ivec4 channel = block * 4 + ivec4(0, 1, 2, 3);
    vec4 sum = vec4(0.0);
    for (int other = max(block * 4 - before, 0) / 4; other <= min((block * 4 + 3 + after) / 4, blocks - 1); ++other)
    {
        vec4 value = LOAD(x, i + (other - block) * area);
        for (int lane = 0; lane < 4; ++lane)
        {
            ivec4 distance = other * 4 + lane - channel;
            bvec4 near = equal(clamp(distance, -before, after), distance);
            sum += mix(vec4(0.0), vec4(value[lane] * value[lane]), near);
        }
    }
    y[i] = keepChannels(LOAD(x, i) / power(bias + alpha * sum, vec4(beta)), block, channels);
}
