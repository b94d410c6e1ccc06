#version 430 core

// ToBlocked: rearranges a row-major tensor into blocks of four channels.
//
//   y[n][c/4][i][c%4] = x[n][c][i], zero behind the last channel
//
// Layout    x [N,C,H,W] row-major, y channel-blocked by 4.
// Dispatch  flat, one invocation per vec4 of y.
// Twin      LayoutConversionKernel, src/RealtimeCnn/Cpu/LayoutConversionKernel.cs

#include "include/tensor.glsl"
#include "include/flat.glsl"
#include "include/channels.glsl"

layout(std140, binding = 0) uniform Params { int count, channels, area, elements; };

READ_TENSOR(1, Input, x);
layout(std430, binding = 0) writeonly restrict buffer Output { vec4 y[]; };

void main()
{
    int i = flatInvocation();
    if (i >= count)
        return;

    int block = i / area % blocksOf(channels);
    int n = i / (area * blocksOf(channels));
    vec4 value = vec4(0.0);
    for (int lane = 0; lane < 4 && block * 4 + lane < channels; ++lane)
        value[lane] = LOAD_SCALAR(x, (n * channels + block * 4 + lane) * area + i % area);
    y[i] = value;
}
