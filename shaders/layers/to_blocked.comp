#version 430 core

// ToBlocked: rearranges a row-major tensor into blocks of four channels.
//
//   y[n][c/4][i][c%4] = x[n][c][i], zero behind the last channel
//
// Layout    x [N,C,H,W] row-major, y channel-blocked by 4.
// Dispatch  flat, one invocation per vec4 of y.
// Twin      LayoutConversionKernel, src/RealtimeCnn/Cpu/LayoutConversionKernel.cs; to_blocked_quads.comp for planes of whole vec4s.

#include "include/tensor.glsl"
#include "include/flat.glsl"
#include "include/division.glsl"
#include "include/channels.glsl"

layout(std140, binding = 0) uniform Params { int count, channels, area, elements; ivec2 byArea, byBlocks; };

READ_TENSOR(1, Input, x);
layout(std430, binding = 0) writeonly restrict buffer Output { vec4 y[]; };

void main()
{
    int i = flatInvocation();
    if (i >= count)
        return;

    int plane = quotient(i, byArea);
    int n = quotient(plane, byBlocks);
    int first = (plane - n * blocksOf(channels)) * 4;
    vec4 value = vec4(0.0);
    for (int lane = 0; lane < 4 && first + lane < channels; ++lane)
        value[lane] = LOAD_SCALAR(x, (n * channels + first + lane) * area + i - plane * area);
    y[i] = value;
}
