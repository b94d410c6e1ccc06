// Channel-blocked tensors: [N][ceil(C/4)][H*W] vec4s, the channels behind C in the last vec4 being zero.

#ifndef CHANNELS_GLSL
#define CHANNELS_GLSL

// How many vec4s hold so many channels.
int blocksOf(int channels)
{
    return (channels + 3) / 4;
}

// Zeroes the channels behind the last one, so that tails stay zero whatever was computed there (even a NaN).
vec4 keepChannels(vec4 value, int block, int channels)
{
    return mix(vec4(0.0), value, lessThan(ivec4(0, 1, 2, 3) + block * 4, ivec4(channels)));
}

#endif
