#version 430 core

// ToPlain of planes of whole vec4s: an invocation turns four pixels of four channels over.
//
//   y[n][c][i] = x[n][c/4][i][c%4]
//
// Layout    x channel-blocked by 4, y [N,C,H,W] row-major; area counts the vec4s of a plane of y.
// Dispatch  flat, one invocation per four vec4s of x.
// Twin      to_plain.comp

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
    mat4 channelsOfPixels;
    for (int pixel = 0; pixel < 4; ++pixel)
        channelsOfPixels[pixel] = LOAD(x, i * 4 + pixel);
    channelsOfPixels = transpose(channelsOfPixels);
    for (int lane = 0; lane < 4; ++lane)
    {
        if (first + lane < channels)
            y[(n * channels + first + lane) * area + i - plane * area] = channelsOfPixels[lane];
    }
}
