#version 430 core

// Dropout in training, forward: sets elements to zero at random and scales the others.
//
//   y[i] = hash(i ^ key) >= threshold ? x[i] * scale : 0
//
// Layout    x, y row-major.
// Dispatch  flat, one invocation per vec4 of y.
// Twin      DropoutKernel, src/RealtimeCnn/Cpu/DropoutKernel.cs
// Source    Srivastava et al. 2014; Jarzynski and Olano 2020, "Hash Functions for GPU Rendering" (PCG).

#include "include/tensor.glsl"
#include "include/flat.glsl"

layout(std140, binding = 0) uniform Params { int count; uint key, threshold; float scale; };

READ_TENSOR(1, Input, x);
layout(std430, binding = 0) writeonly restrict buffer Output { vec4 y[]; };

uvec4 hash(uvec4 x)
{
    uvec4 state = x * 747796405u + 2891336453u;
    uvec4 word = ((state >> ((state >> 28u) + 4u)) ^ state) * 277803737u;
    return (word >> 22u) ^ word;
}

void main()
{
    int i = flatInvocation();
    if (i >= count)
        return;

    bvec4 kept = greaterThanEqual(hash((uint(i) * 4u + uvec4(0u, 1u, 2u, 3u)) ^ key), uvec4(threshold));
    y[i] = mix(vec4(0.0), LOAD(x, i) * scale, kept);
}
