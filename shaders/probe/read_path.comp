#version 430 core

// The probe of a new device: how fast, and whether, one way of reading tensors works.
//
//   y[i] = sum over k of x[(i * 17 + k * 31) mod COUNT]        k in [0, READS)
//   Small integers, so that the sum is exact in any order.
//
// Layout    x and y: COUNT vec4s.
// Dispatch  one invocation per vec4 of y.
// Defines   COUNT (a power of two), READS.
// Twin      DeviceProbe.Expected, src/RealtimeCnn.OpenGL/Gl/DeviceProbe.cs
// Variants  COUNT 8192, READS 16

#include "include/tensor.glsl"

layout(local_size_x = 64) in;

READ_TENSOR(1, Input, x);
layout(std430, binding = 0) writeonly restrict buffer Output { vec4 y[]; };

void main()
{
    int i = int(gl_GlobalInvocationID.x);
    if (i >= COUNT)
        return;

    vec4 sum = vec4(0.0);
    for (int k = 0; k < READS; ++k)
        sum += LOAD(x, (i * 17 + k * 31) & (COUNT - 1));
    y[i] = sum;
}
