#version 430 core

// OneHot, forward: y[o,d,k] = on where d is the index x[o,k], else off.
//
// Layout    row-major, rounded up to whole vec4s.
// Dispatch  flat, one invocation per vec4 of y.
// Twin      OneHotKernel, src/RealtimeCnn/Cpu/OneHotKernel.cs

#include "include/tensor.glsl"
#include "include/division.glsl"
#include "include/flat.glsl"

layout(std140, binding = 0) uniform Params { int count, elements, depth, inner; ivec2 byInner, byDepth; float off, on; };

READ_TENSOR(1, Input, x);
layout(std430, binding = 0) writeonly restrict buffer Output { vec4 y[]; };

void main()
{
    int i = flatInvocation();
    if (i >= count)
        return;

    vec4 value = vec4(0.0);
    for (int lane = 0; lane < 4 && i * 4 + lane < elements; ++lane)
    {
        int element = i * 4 + lane;
        int run = quotient(element, byInner);
        int outer = quotient(run, byDepth);
        float index = LOAD_SCALAR(x, outer * inner + (element - run * inner));
        index = index < 0.0 ? index + float(depth) : index;
        value[lane] = index == float(run - outer * depth) ? on : off;
    }
    y[i] = value;
}
