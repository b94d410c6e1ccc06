#version 430 core

// Softmax and LogSoftmax, forward, along the channels of each pixel.
//
//   y[n,c,p] = exp(x[n,c,p] - max) / sum, or x[n,c,p] - max - log(sum), with sum over d of exp(x[n,d,p] - max)
//   Powers are summed apart, four vec4s at a time, so that long sums keep their precision.
//
// Layout    x, y channel-blocked by 4.
// Dispatch  flat, one invocation per pixel of all pictures.
// Twin      softmax.comp
// Source    Bridle 1990; ONNX Softmax-13, LogSoftmax-13.

#include "include/tensor.glsl"
#include "include/flat.glsl"
#include "include/division.glsl"
#include "include/channels.glsl"
#include "include/numbers.glsl"

layout(std140, binding = 0) uniform Params { int count, channels, area, isLogarithm; ivec2 byArea; };

READ_TENSOR(1, Input, x);
layout(std430, binding = 0) writeonly restrict buffer Output { vec4 y[]; };

// A vec4 of channels; those behind the last count for nothing.
vec4 valueAt(int first, int block)
{
    return mix(vec4(NEGATIVE_INFINITY), LOAD(x, first + block * area), lessThan(ivec4(0, 1, 2, 3) + block * 4, ivec4(channels)));
}

void main()
{
    int i = flatInvocation();
    if (i >= count)
        return;

    int n = quotient(i, byArea), blocks = blocksOf(channels), first = n * blocks * area + i - n * area;
    vec4 best = vec4(NEGATIVE_INFINITY);
    for (int block = 0; block < blocks; ++block)
        best = largerOf(best, valueAt(first, block));
    best = largerOf(best, best.zwxy);
    float largest = largerOf(best, best.yxwz).x;

    vec4 sums = vec4(0.0);
    for (int block = 0; block < blocks; block += 4)
    {
        vec4 part = vec4(0.0);
        for (int other = block; other < min(block + 4, blocks); ++other)
            part += exp(valueAt(first, other) - largest);
        sums += part;
    }
    float sum = sums.x + sums.y + (sums.z + sums.w);

    for (int block = 0; block < blocks; ++block)
    {
        vec4 shifted = valueAt(first, block) - largest;
        y[first + block * area] = keepChannels(isLogarithm != 0 ? shifted - log(sum) : exp(shifted) / sum, block, channels);
    }
}
