// Operands that repeat along axes where they have one element, read for one vec4 of the output.
//
//   LEVELS             0 for channel-blocked outputs: each operand has steps in floats along batch, blocks and pixels, and reads a
//                      vec4 (w = 1) or one float for all lanes (w = 0). Else how many levels loops has, one a row, innermost first:
//                      extent, then each operand's step; and what divides by the extent.
//   READ_A, _B, _C     READ_WHOLE for an operand that is walked in one go together with the output, READ_SAME for a single float,
//                      else READ_STEPS.
//
// Twins: BroadcastOperand, BroadcastLoop, src/RealtimeCnn/Layers/

#ifndef BROADCAST_GLSL
#define BROADCAST_GLSL

#include "include/tensor.glsl"
#include "include/flat.glsl"
#include "include/division.glsl"
#include "include/channels.glsl"

#define READ_STEPS 0
#define READ_SAME 1
#define READ_WHOLE 2

layout(std140, binding = 0) uniform Params
{
    int count, channels, area, elements;
    ivec2 byArea, byBlocks;
    ivec4 steps[3];
    ivec4 loops[8];
    ivec4 byExtents[4];
};

READ_TENSOR(1, FirstOperand, a);
READ_TENSOR(2, SecondOperand, b);

// Batch item, block and pixel of vec4 i of a channel-blocked output.
ivec3 placeOf(int i)
{
    int plane = quotient(i, byArea);
    int n = quotient(plane, byBlocks);
    return ivec3(n, plane - n * blocksOf(channels), i - plane * area);
}

// Where each operand of a row-major output is read for one element, in floats.
ivec3 addressesOf(int element)
{
    ivec3 address = ivec3(0);
    for (int level = 0; level < LEVELS; ++level)
    {
        // The outermost level is all that is left.
        ivec4 by = byExtents[level / 2];
        int rest = level < LEVELS - 1 ? quotient(element, level % 2 == 0 ? by.xy : by.zw) : 0;
        address += (element - rest * loops[level].x) * loops[level].yzw;
        element = rest;
    }
    return address;
}

ivec3 addressesOfLane(int i, int lane)
{
    return addressesOf(min(i * 4 + lane, elements - 1));
}

#if LEVELS == 0
#define AT_STEPS(number, i) (placeOf(i).x * steps[number].x + placeOf(i).y * steps[number].y + placeOf(i).z * steps[number].z)
#define LOAD_STEPS(name, which, number, i) \
    (steps[number].w != 0 ? LOAD(name, AT_STEPS(number, i) >> 2) : vec4(LOAD_SCALAR(name, AT_STEPS(number, i))))
#else
#define LOAD_STEPS(name, which, number, i) vec4( \
    LOAD_SCALAR(name, addressesOfLane(i, 0).which), LOAD_SCALAR(name, addressesOfLane(i, 1).which), \
    LOAD_SCALAR(name, addressesOfLane(i, 2).which), LOAD_SCALAR(name, addressesOfLane(i, 3).which))
#endif

#if READ_A == READ_WHOLE
#define LOAD_A(i) LOAD(a, i)
#elif READ_A == READ_SAME
#define LOAD_A(i) vec4(LOAD_SCALAR(a, 0))
#else
#define LOAD_A(i) LOAD_STEPS(a, x, 0, i)
#endif

#if READ_B == READ_WHOLE
#define LOAD_B(i) LOAD(b, i)
#elif READ_B == READ_SAME
#define LOAD_B(i) vec4(LOAD_SCALAR(b, 0))
#else
#define LOAD_B(i) LOAD_STEPS(b, y, 1, i)
#endif

vec4 finished(vec4 value, int i)
{
#if LEVELS == 0
    return keepChannels(value, placeOf(i).y, channels);
#else
    return value;
#endif
}

#endif
