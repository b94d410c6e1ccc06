#version 430 core

// Every layer that only moves elements (StridedCopyLayer), forward: an index of y is written as digits, and each digit moves
// along one axis of x.
//
//   y[i] = x[origin + sum over digits d of digit_d(i) * step_d]
//
// Layout    x and y each row-major or channel-blocked by 4. Places in x are counted as a channel and a pixel, the pixels of all
//           batch items numbered through; for row-major x the channel is 0 and pixels are elements.
// Dispatch  flat, one invocation per vec4 of y.
// Defines   DIGITS, how many there are.
// Twin      StridedCopyKernel, src/RealtimeCnn/Cpu/StridedCopyKernel.cs; strided_copy_vectors.comp where vec4s stay together.
// Variants  DIGITS 0..6

#include "include/tensor.glsl"
#include "include/flat.glsl"
#include "include/division.glsl"
#include "include/channels.glsl"

layout(std140, binding = 0) uniform Params
{
    int count, elements, toBlocks, fromBlocks;
    int channels, area, sourceArea, unused;
    int originChannel, originPixel;
    ivec2 byArea, byBlocks;
    // Innermost first, two rows a digit: extent, step along channels, step along pixels; then what divides by the extent.
    ivec4 digit[32];
};

READ_TENSOR(1, Input, x);
layout(std430, binding = 0) writeonly restrict buffer Output { vec4 y[]; };

float read(int element)
{
    int channel = originChannel;
    int pixel = originPixel;
    for (int d = 0; d < DIGITS; ++d)
    {
        // The outermost digit is all that is left.
        int rest = d < DIGITS - 1 ? quotient(element, digit[2 * d + 1].xy) : 0;
        int turn = element - rest * digit[2 * d].x;
        channel += turn * digit[2 * d].y;
        pixel += turn * digit[2 * d].z;
        element = rest;
    }
    int address = fromBlocks != 0 ? ((channel >> 2) * sourceArea + pixel) * 4 + (channel & 3) : pixel;
    return LOAD_SCALAR(x, address);
}

void main()
{
    int i = flatInvocation();
    if (i >= count)
        return;

    int plane = quotient(i, byArea);
    int n = quotient(plane, byBlocks);
    int firstChannel = (plane - n * blocksOf(channels)) * 4;
    vec4 value = vec4(0.0);
    for (int lane = 0; lane < 4; ++lane)
    {
        int element = toBlocks != 0 ? (n * channels + firstChannel + lane) * area + i - plane * area : i * 4 + lane;
        bool exists = toBlocks != 0 ? firstChannel + lane < channels : element < elements;
        if (exists)
            value[lane] = read(element);
    }
    y[i] = value;
}
