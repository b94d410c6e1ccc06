#version 430 core

// CumSum, forward: y[o,i,k] = sum over j up to i of x[o,j,k].
//
// Layout    row-major.
// Dispatch  flat, one invocation per run along the axis, which writes the elements from `from` to `end` of the run, float by float;
//           a long run takes several dispatches, each of which goes on where the one before ended.
// Twin      CumSumKernel, src/RealtimeCnn/Cpu/CumSumKernel.cs

#include "include/tensor.glsl"
#include "include/division.glsl"
#include "include/flat.glsl"

layout(std140, binding = 0) uniform Params { int count, extent, inner, exclusive; ivec2 byInner; int backwards, from, end; };

READ_TENSOR(1, Input, x);
layout(std430, binding = 0) restrict buffer Output { float y[]; };

float read(int at)
{
    return LOAD_SCALAR(x, at);
}

int placeOf(int start, int i)
{
    return start + (backwards != 0 ? extent - 1 - i : i) * inner;
}

void main()
{
    int run = flatInvocation();
    if (run >= count)
        return;

    int outer = quotient(run, byInner);
    int start = outer * extent * inner + (run - outer * inner);
    float sum = 0.0;
    if (from > 0)
    {
        int at = placeOf(start, from - 1);
        sum = exclusive != 0 ? y[at] + read(at) : y[at];
    }
    for (int i = from; i < end; ++i)
    {
        int at = placeOf(start, i);
        float next = sum + read(at);
        y[at] = (exclusive != 0 ? sum : next);
        sum = next;
    }
}
