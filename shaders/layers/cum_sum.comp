#version 430 core

// CumSum, forward: y[o,i,k] = sum over j up to i of x[o,j,k].
//
// Layout    row-major.
// Dispatch  flat, one invocation per run along the axis, which writes the run float by float.
// Twin      CumSum, src/RealtimeCnn/Layers/CumSum.cs

#include "include/tensor.glsl"
#include "include/flat.glsl"

layout(std140, binding = 0) uniform Params { int count, extent, inner, exclusive, backwards; };

READ_TENSOR(1, Input, x);
layout(std430, binding = 0) writeonly restrict buffer Output { float y[]; };

void main()
{
    int run = flatInvocation();
    if (run >= count)
        return;

    int start = run / inner * extent * inner + run % inner;
    float sum = 0.0;
    for (int i = 0; i < extent; ++i)
    {
        int at = start + (backwards != 0 ? extent - 1 - i : i) * inner;
        float next = sum + LOAD_SCALAR(x, at);
        y[at] = (exclusive != 0 ? sum : next);
        sum = next;
    }
}
