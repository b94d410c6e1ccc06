// Loops as long as a tensor, shared among LANES invocations. A driver may end the loops of an invocation early without a word
// (Mesa's llvmpipe after 65,535 turns in all), and an invocation alone is slow; so plans choose LANES by the length (Lanes.For):
//
//   LANES 1      each invocation computes an output on its own; the functions below return what they are given
//   more         a work group computes an output together, each of its invocations every LANES-th element
//
//   for (int i = LANE; i < length; i += LANES) sum += ...
//   sum = sumOfLanes(sum);                          all lanes have to call, and all get the result
//   if (LANE == 0) y[output] = sum;

#ifndef LANES_GLSL
#define LANES_GLSL

#include "include/flat.glsl"
#include "include/numbers.glsl"

#if LANES == 1

#define LANE 0
#define flatOutput flatInvocation
#define FOLD_LANES(name, combine) vec4 name(vec4 value) { return value; }

#else

#define LANE int(gl_LocalInvocationID.x)
#define flatOutput flatGroup

shared vec4 laneValues[LANES];

#define FOLD_LANES(name, combine) \
    vec4 name(vec4 value) \
    { \
        laneValues[LANE] = value; \
        barrier(); \
        for (int span = LANES / 2; span > 0; span /= 2) \
        { \
            if (LANE < span) \
                laneValues[LANE] = combine(laneValues[LANE], laneValues[LANE + span]); \
            barrier(); \
        } \
        value = laneValues[0]; \
        barrier(); \
        return value; \
    }

#endif

vec4 sumOf(vec4 a, vec4 b)
{
    return a + b;
}

vec4 productOf(vec4 a, vec4 b)
{
    return a * b;
}

FOLD_LANES(sumOfLanes, sumOf)
FOLD_LANES(productOfLanes, productOf)
// A NaN wins.
FOLD_LANES(maxOfLanes, largerOf)
FOLD_LANES(minOfLanes, smallerOf)

#endif
