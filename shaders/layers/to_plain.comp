#version 430 core

// ToPlain: rearranges blocks of four channels into a row-major tensor.
//
//   y[n][c][i] = x[n][c/4][i][c%4]
//
// Layout    x channel-blocked by 4, y [N,C,H,W] row-major, rounded up to whole vec4s.
// Dispatch  flat, one invocation per vec4 of y.
// Twin      LayoutConversionKernel, src/RealtimeCnn/Cpu/LayoutConversionKernel.cs; to_plain_quads.comp for planes of whole vec4s.

#include "include/tensor.glsl"
#include "include/flat.glsl"
#include "include/division.glsl"
#include "include/channels.glsl"

layout(std140, binding = 0) uniform Params { int count, channels, area, elements; ivec2 byArea, byChannels; };

READ_TENSOR(1, Input, x);
layout(std430, binding = 0) writeonly restrict buffer Output { vec4 y[]; };

void main()
{
    int i = flatInvocation();
    if (i >= count)
        return;

    vec4 value = vec4(0.0);
    for (int lane = 0; lane < 4 && i * 4 + lane < elements; ++lane)
    {
        int element = i * 4 + lane;
        int plane = quotient(element, byArea);
        int n = quotient(plane, byChannels);
        int channel = plane - n * channels;
        value[lane] = LOAD(x, (n * blocksOf(channels) + (channel >> 2)) * area + element - plane * area)[channel & 3];
    }
    y[i] = value;
}
