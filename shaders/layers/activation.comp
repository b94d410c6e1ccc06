#version 430 core

// ActivationLayer, forward: y[i] = f(x[i]), any shape.
//
// Layout    x and y alike: row-major (channels = 0), or channel-blocked by 4.
// Dispatch  flat, one invocation per vec4 of y.
// Twin      ElementwiseKernel, src/RealtimeCnn/Cpu/ElementwiseKernel.cs

#include "include/tensor.glsl"
#include "include/flat.glsl"
#include "include/division.glsl"
#include "include/channels.glsl"
#include "include/activation.glsl"

layout(std140, binding = 0) uniform Params
{
    int count, channels, activation;
    float alpha;
    ivec2 byArea, byBlocks;
    float beta;
};

READ_TENSOR(1, Input, x);
layout(std430, binding = 0) writeonly restrict buffer Output { vec4 y[]; };

void main()
{
    int i = flatInvocation();
    if (i >= count)
        return;

    vec4 value = activate(LOAD(x, i), activation, alpha, beta);
    y[i] = channels == 0 ? value : keepChannels(value, remainder(quotient(i, byArea), blocksOf(channels), byBlocks), channels);
}
