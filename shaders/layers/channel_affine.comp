#version 430 core

// BatchNorm2d with running statistics and InputNormalization with given constants, forward: a factor and an offset for each channel.
//
//   y[n,c,h,w] = factor[c] * x[n,c,h,w] + offset[c]
//
// Layout    x, y channel-blocked by 4; affine [C/4] vec4s of factors, then [C/4] of offsets, zero behind the last channel.
// Dispatch  flat, one invocation per vec4 of y.
// Twin      ChannelAffineKernel, src/RealtimeCnn/Cpu/ChannelAffineKernel.cs
// Source    Ioffe and Szegedy 2015, "Batch Normalization", arXiv:1502.03167.

#include "include/tensor.glsl"
#include "include/flat.glsl"
#include "include/division.glsl"
#include "include/channels.glsl"

layout(std140, binding = 0) uniform Params { int count, channels; ivec2 byArea, byBlocks; };

READ_TENSOR(1, Input, x);
READ_TENSOR(2, Weights, affine);
layout(std430, binding = 0) writeonly restrict buffer Output { vec4 y[]; };

void main()
{
    int i = flatInvocation();
    if (i >= count)
        return;

    int blocks = blocksOf(channels);
    int block = remainder(quotient(i, byArea), blocks, byBlocks);
    y[i] = LOAD(x, i) * LOAD(affine, block) + LOAD(affine, blocks + block);
}
