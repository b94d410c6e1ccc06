#version 430 core

// Maxout, forward: keeps the largest of each group of neighbouring channels.
//
//   y[n,c,h,w] = max over j < pieces of x[n, c*pieces + j, h, w]; a NaN wins
//
// Layout    x, y channel-blocked by 4.
// Dispatch  flat, one invocation per vec4 of y.
// Twin      Maxout, src/RealtimeCnn/Layers/Maxout.cs
// Source    Goodfellow et al. 2013, "Maxout Networks", arXiv:1302.4389.

#include "include/tensor.glsl"
#include "include/flat.glsl"
#include "include/channels.glsl"

layout(std140, binding = 0) uniform Params { int count, channels, area, pieces; };

READ_TENSOR(1, Input, x);
layout(std430, binding = 0) writeonly restrict buffer Output { vec4 y[]; };

void main()
{
    int i = flatInvocation();
    if (i >= count)
        return;

    int block = i / area % blocksOf(channels);
    int n = i / (area * blocksOf(channels));
    vec4 largest = vec4(0.0);
    for (int lane = 0; lane < 4 && block * 4 + lane < channels; ++lane)
    {
        for (int j = 0; j < pieces; ++j)
        {
            int channel = (block * 4 + lane) * pieces + j;
            float value = LOAD(x, (n * blocksOf(channels * pieces) + channel / 4) * area + i % area)[channel % 4];
            if (j == 0 || value > largest[lane] || isnan(value))
                largest[lane] = value;
        }
    }
    y[i] = largest;
}
