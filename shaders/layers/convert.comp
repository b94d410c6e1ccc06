#version 430 core

// Widen and Narrow, forward: the same values stored as floats or as halves, each rounded to the nearest; beyond 65504 infinite.
//
//   y[i] = x[i]
//
// Layout    x, y of one layout, in whole vec4s.
// Dispatch  flat, one invocation per vec4.
// Twin      ElementwiseKernel, src/RealtimeCnn/Cpu/ElementwiseKernel.cs
// Variants  HALF_INPUT 1
// Variants  HALF_OUTPUT 1

#include "include/tensor.glsl"
#include "include/flat.glsl"

layout(std140, binding = 0) uniform Params { int count; };

READ_VALUES(1, Input, x);
WRITE_VALUES(Output, y);

void main()
{
    int i = flatInvocation();
    if (i < count)
        y[i] = STORED(LOAD(x, i));
}
