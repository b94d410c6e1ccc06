#version 430 core

// Concat, forward, one input: copies its runs of whole vec4s to their places between those of the other inputs.
//
//   y[k*total + offset + r] = x[k*run + r],  0 <= r < run
//
// Layout    x, y alike: row-major with whole vec4s a run, or channel-blocked by 4.
// Dispatch  flat, one invocation per vec4 of x.
// Twin      ConcatKernel, src/RealtimeCnn/Cpu/ConcatKernel.cs; concat_scalar.comp for runs that end inside a vec4.

#include "include/tensor.glsl"
#include "include/flat.glsl"
#include "include/division.glsl"

layout(std140, binding = 0) uniform Params { int count, run, total, offset; ivec2 byRun; };

READ_TENSOR(1, Input, x);
layout(std430, binding = 0) writeonly restrict buffer Output { vec4 y[]; };

void main()
{
    int i = flatInvocation();
    if (i >= count)
        return;

    int k = quotient(i, byRun);
    y[k * total + offset + i - k * run] = LOAD(x, i);
}
