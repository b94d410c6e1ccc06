#version 430 core

// Concat, forward, one input, float by float: for runs that end inside a vec4.
//
//   y[k*total + offset + r] = x[k*run + r],  0 <= r < run
//
// Layout    x, y row-major.
// Dispatch  flat, one invocation per float of x.
// Twin      ConcatKernel, src/RealtimeCnn/Cpu/ConcatKernel.cs; concat.comp for runs of whole vec4s.

#include "include/tensor.glsl"
#include "include/flat.glsl"
#include "include/division.glsl"

layout(std140, binding = 0) uniform Params { int count, run, total, offset; ivec2 byRun; };

READ_TENSOR(1, Input, x);
layout(std430, binding = 0) writeonly restrict buffer Output { float y[]; };

void main()
{
    int i = flatInvocation();
    if (i >= count)
        return;

    int k = quotient(i, byRun);
    y[k * total + offset + i - k * run] = LOAD_SCALAR(x, i);
}
