#version 430 core

// Constant: copies a parameter into the activations, once for each plan.
//
// Layout    row-major, rounded up to whole vec4s.
// Dispatch  flat, one invocation per vec4 of y.
// Twin      ConstantKernel, src/RealtimeCnn/Cpu/ConstantKernel.cs

#include "include/tensor.glsl"
#include "include/flat.glsl"

layout(std140, binding = 0) uniform Params { int count; };

READ_TENSOR(1, Value, x);
layout(std430, binding = 0) writeonly restrict buffer Output { vec4 y[]; };

void main()
{
    int i = flatInvocation();
    if (i >= count)
        return;

    y[i] = LOAD(x, i);
}
