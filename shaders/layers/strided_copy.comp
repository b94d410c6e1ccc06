#version 430 core

// Every layer that only moves elements (StridedCopyLayer), forward: an index of y is written as digits, and each digit moves
// along one axis of x.
//
//   y[i] = x[origin + sum over digits d of digit_d(i) * step_d]
//
// Layout    x and y each row-major or channel-blocked by 4. Places in x are counted as a channel and a pixel, the pixels of all
//           batch items numbered through; for row-major x the channel is 0 and pixels are elements.
// Dispatch  flat, one invocation per vec4 of y.
// Twin      StridedCopyKernel, src/RealtimeCnn/Cpu/StridedCopyKernel.cs

#include "include/tensor.glsl"
#include "include/flat.glsl"
#include "include/channels.glsl"

layout(std140, binding = 0) uniform Params
{
    int count, elements, toBlocks, fromBlocks;
    int channels, area, sourceArea, digits;
    int originChannel, originPixel, unused0, unused1;
    // Innermost first: extent, step along channels, step along pixels.
    ivec4 digit[16];
};

READ_TENSOR(1, Input, x);
layout(std430, binding = 0) writeonly restrict buffer Output { vec4 y[]; };

float read(int element)
{
    int channel = originChannel;
    int pixel = originPixel;
    for (int d = 0; d < digits; ++d)
    {
        int turn = element % digit[d].x;
        channel += turn * digit[d].y;
        pixel += turn * digit[d].z;
        element /= digit[d].x;
    }
    int address = fromBlocks != 0 ? ((channel >> 2) * sourceArea + pixel) * 4 + (channel & 3) : pixel;
    return LOAD_SCALAR(x, address);
}

void main()
{
    int i = flatInvocation();
    if (i >= count)
        return;

    vec4 value = vec4(0.0);
    for (int lane = 0; lane < 4; ++lane)
    {
        int element = i * 4 + lane;
        bool exists = element < elements;
        if (toBlocks != 0)
        {
            int channel = i / area % blocksOf(channels) * 4 + lane;
            element = (i / (area * blocksOf(channels)) * channels + channel) * area + i % area;
            exists = channel < channels;
        }
        if (exists)
            value[lane] = read(element);
    }
    y[i] = value;
}
