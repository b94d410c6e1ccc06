#version 430 core

// ArgMax (direction 1) and ArgMin (direction -1), forward: y[o,k] = the index i of the extreme x[o,i,k]; NaNs are passed over.
//
// Layout    row-major, rounded up to whole vec4s.
// Dispatch  flat, one invocation per vec4 of y.
// Twin      ArgExtremeLayer, src/RealtimeCnn/Layers/ArgMax.cs

#include "include/tensor.glsl"
#include "include/flat.glsl"

layout(std140, binding = 0) uniform Params { int count, elements, extent, inner, selectLast; float direction; };

READ_TENSOR(1, Input, x);
layout(std430, binding = 0) writeonly restrict buffer Output { vec4 y[]; };

float find(int run)
{
    int start = run / inner * extent * inner + run % inner;
    float best = uintBitsToFloat(0xFF800000u);
    int index = 0;
    for (int i = 0; i < extent; ++i)
    {
        float value = LOAD_SCALAR(x, start + i * inner) * direction;
        if (value > best || (selectLast != 0 && value == best))
        {
            best = value;
            index = i;
        }
    }
    return float(index);
}

void main()
{
    int i = flatInvocation();
    if (i >= count)
        return;

    vec4 value = vec4(0.0);
    for (int lane = 0; lane < 4 && i * 4 + lane < elements; ++lane)
        value[lane] = find(i * 4 + lane);
    y[i] = value;
}
