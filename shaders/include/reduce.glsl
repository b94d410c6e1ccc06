// Sums and maxima over the invocations of a work group of REDUCE_WIDTH. All of them have to call, and all get the result.

#ifndef REDUCE_GLSL
#define REDUCE_GLSL

#include "include/flat.glsl"

const int REDUCE_WIDTH = 64;

shared vec4 reduced[REDUCE_WIDTH];

// The number of this work group, whatever the dispatch looks like. The last rows of a long one reach past the end.
int flatGroup()
{
    return int(gl_WorkGroupID.y * gl_NumWorkGroups.x + gl_WorkGroupID.x);
}

vec4 reduceSum(vec4 value)
{
    int lane = int(gl_LocalInvocationID.x);
    reduced[lane] = value;
    barrier();
    for (int span = REDUCE_WIDTH / 2; span > 0; span /= 2)
    {
        if (lane < span)
            reduced[lane] += reduced[lane + span];
        barrier();
    }
    value = reduced[0];
    barrier();
    return value;
}

vec4 reduceMax(vec4 value)
{
    int lane = int(gl_LocalInvocationID.x);
    reduced[lane] = value;
    barrier();
    for (int span = REDUCE_WIDTH / 2; span > 0; span /= 2)
    {
        if (lane < span)
            reduced[lane] = max(reduced[lane], reduced[lane + span]);
        barrier();
    }
    value = reduced[0];
    barrier();
    return value;
}

#endif
