#version 430 core

// Pad, forward: adds elements around the input, or cuts them off.
//
//   y[i...] = x[first + sum over axes of source(i - before) * stride], or value where a source is outside (mode PAD_CONSTANT)
//   An element is a float of a row-major tensor (channels = 0), or a vec4 of a channel-blocked one.
//
// Layout    x and y alike; axes[a] = (extent of y, extent of x after cutting, before, stride in x), slowest first; by[a] divides by the
//           extent of y and by the period in which sources repeat outside.
// Dispatch  flat, one invocation per vec4 of y.
// Twin      PadKernel, src/RealtimeCnn/Cpu/PadKernel.cs
// Source    ONNX Pad-19.

#include "include/tensor.glsl"
#include "include/flat.glsl"
#include "include/division.glsl"
#include "include/channels.glsl"

const int PAD_CONSTANT = 0;
const int PAD_EDGE = 1;
const int PAD_REFLECT = 2;
const int PAD_WRAP = 3;

layout(std140, binding = 0) uniform Params
{
    int count, mode;
    float value;
    int channels;
    ivec4 by[8];
    ivec4 axes[8];
    int rank, first;
};

READ_TENSOR(1, Input, x);
layout(std430, binding = 0) writeonly restrict buffer Output { vec4 y[]; };

int sourceAlong(int index, int extent, ivec2 byPeriod)
{
    if (mode == PAD_WRAP)
        return index >= 0 ? remainder(index, extent, byPeriod) : extent - 1 - remainder(-1 - index, extent, byPeriod);
    if (index >= 0 && index < extent)
        return index;
    if (mode == PAD_EDGE)
        return clamp(index, 0, extent - 1);
    if (mode == PAD_REFLECT)
    {
        int period = max(2 * (extent - 1), 1), folded = remainder(abs(index), period, byPeriod);
        return folded < extent ? folded : period - folded;
    }
    return -1;
}

// Where an element of y comes from, or -1 for the value.
int sourceOf(int element)
{
    int source = first;
    for (int a = rank - 1; a >= 0; --a)
    {
        int outer = quotient(element, by[a].xy);
        int at = sourceAlong(element - outer * axes[a].x - axes[a].z, axes[a].y, by[a].zw);
        if (at < 0)
            return -1;
        source += at * axes[a].w;
        element = outer;
    }
    return source;
}

int blockOf(int element)
{
    for (int a = rank - 1; a > 1; --a)
        element = quotient(element, by[a].xy);
    return remainder(element, axes[1].x, by[1].xy);
}

void main()
{
    int i = flatInvocation();
    if (i >= count)
        return;

    if (channels != 0)
    {
        int source = sourceOf(i);
        y[i] = source >= 0 ? LOAD(x, source) : keepChannels(vec4(value), blockOf(i), channels);
        return;
    }

    vec4 elements;
    for (int lane = 0; lane < 4; ++lane)
    {
        int source = sourceOf(i * 4 + lane);
        elements[lane] = source >= 0 ? LOAD_SCALAR(x, source) : value;
    }
    y[i] = elements;
}
