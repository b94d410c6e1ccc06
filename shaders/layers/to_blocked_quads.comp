#version 430 core

// ToBlocked of planes of whole vec4s: an invocation turns four pixels of four channels over.
//
//   y[n][c/4][i][c%4] = x[n][c][i], zero behind the last channel
//
// Layout    x [N,C,H,W] row-major, y channel-blocked by 4; area counts the vec4s of a plane of x.
// Dispatch  flat, one invocation per four vec4s of y.
// Twin      to_blocked.comp

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
    mat4 pixels = mat4(0.0);
    for (int lane = 0; lane < 4; ++lane)
    {
        if (first + lane < channels)
            pixels[lane] = LOAD(x, (n * channels + first + lane) * area + i - plane * area);
    }
    pixels = transpose(pixels);
    for (int pixel = 0; pixel < 4; ++pixel)
        y[i * 4 + pixel] = pixels[pixel];
}
