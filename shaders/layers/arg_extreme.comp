#version 430 core

// ArgMax (direction 1) and ArgMin (direction -1), forward: y[o,k] = the index i of the extreme x[o,i,k]; NaNs are passed over.
//
// Layout    row-major, rounded up to whole vec4s.
// Dispatch  flat, one invocation, or one work group of LANES, per vec4 of y.
// Defines   LANES: how many invocations share a line.
// Twin      ArgExtremeKernel, src/RealtimeCnn/Cpu/ArgExtremeKernel.cs
// Variants  LANES 1
// Variants  LANES 64
// Variants  LANES 128
// Variants  LANES 1024

#include "include/tensor.glsl"
#include "include/division.glsl"
#include "include/lanes.glsl"

layout(std140, binding = 0) uniform Params { int count, elements, extent, inner; ivec2 byInner; int selectLast; float direction; };

READ_TENSOR(1, Input, x);
layout(std430, binding = 0) writeonly restrict buffer Output { vec4 y[]; };

float find(int run)
{
    int outer = quotient(run, byInner);
    int start = outer * extent * inner + (run - outer * inner);
    float best = NEGATIVE_INFINITY;
    int index = 0;
    for (int i = LANE; i < extent; i += LANES)
    {
        float value = LOAD_SCALAR(x, start + i * inner) * direction;
        if (value > best || (selectLast != 0 && value == best))
        {
            best = value;
            index = i;
        }
    }
    // Of the lanes that found the extreme, the first or last place wins.
    bool wins = best == maxOfLanes(vec4(best)).x;
    return selectLast != 0 ? maxOfLanes(vec4(wins ? float(index) : -1.0)).x : minOfLanes(vec4(wins ? float(index) : INFINITY)).x;
}

void main()
{
    int i = flatOutput();
    if (i >= count)
        return;

    vec4 value = vec4(0.0);
    for (int lane = 0; lane < 4 && i * 4 + lane < elements; ++lane)
        value[lane] = find(i * 4 + lane);
    if (LANE == 0)
        y[i] = value;
}
