#version 430 core

// Gather, forward: y[o,j,k] = x[o, index[j], k]; NaN where the index lies outside.
//
// Layout    row-major, rounded up to whole vec4s.
// Dispatch  flat, one invocation per vec4 of y.
// Twin      GatherKernel, src/RealtimeCnn/Cpu/GatherKernel.cs

#include "include/tensor.glsl"
#include "include/division.glsl"
#include "include/flat.glsl"
#include "include/numbers.glsl"

layout(std140, binding = 0) uniform Params { int count, elements, extent, inner; ivec2 byInner, byIndices; int indices; };

READ_TENSOR(1, Input, x);
READ_TENSOR(2, Indices, index);
layout(std430, binding = 0) writeonly restrict buffer Output { vec4 y[]; };

float read(int element)
{
    int run = quotient(element, byInner);
    int outer = quotient(run, byIndices);
    float chosen = LOAD_SCALAR(index, run - outer * indices);
    chosen = chosen < 0.0 ? chosen + float(extent) : chosen;
    if (!(chosen >= 0.0 && chosen < float(extent)))
        return NOT_A_NUMBER;
    return LOAD_SCALAR(x, (outer * extent + int(chosen)) * inner + (element - run * inner));
}

void main()
{
    int i = flatInvocation();
    if (i >= count)
        return;

    vec4 value = vec4(0.0);
    for (int lane = 0; lane < 4 && i * 4 + lane < elements; ++lane)
        value[lane] = read(i * 4 + lane);
    y[i] = value;
}
