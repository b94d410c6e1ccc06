// Operands that repeat along axes where they have one element, read for one vec4 of the output.
//
// Channel-blocked outputs: each operand has steps in floats along batch, blocks and pixels, and reads a vec4 (w = 1) or one
// float for all lanes (w = 0). Row-major outputs: loops holds one level a row, outermost first: extent, then each operand's step.
// Twins: BroadcastOperand, BroadcastLoop, src/RealtimeCnn/Layers/

#ifndef BROADCAST_GLSL
#define BROADCAST_GLSL

#include "include/tensor.glsl"
#include "include/flat.glsl"
#include "include/channels.glsl"

layout(std140, binding = 0) uniform Params
{
    int count, channels, area, levels;
    int elements, function, unused0, unused1;
    ivec4 steps[3];
    ivec4 loops[8];
};

READ_TENSOR(1, FirstOperand, a);
READ_TENSOR(2, SecondOperand, b);

bool isBlocked()
{
    return channels != 0;
}

// Where an operand of a channel-blocked output is read, in floats.
int blockedAddress(int i, ivec4 step)
{
    int blocks = blocksOf(channels);
    return i / (area * blocks) * step.x + i / area % blocks * step.y + i % area * step.z;
}

// Where each operand of a row-major output is read for one element, in floats.
ivec3 plainAddress(int element)
{
    ivec3 address = ivec3(0);
    for (int level = levels - 1; level >= 0; --level)
    {
        address += element % loops[level].x * loops[level].yzw;
        element /= loops[level].x;
    }
    return address;
}

// Four floats of one operand of a row-major output; they may lie anywhere.
#define GATHER(name, which, i) vec4( \
    LOAD_SCALAR(name, plainAddress(min((i) * 4, elements - 1)).which), LOAD_SCALAR(name, plainAddress(min((i) * 4 + 1, elements - 1)).which), \
    LOAD_SCALAR(name, plainAddress(min((i) * 4 + 2, elements - 1)).which), LOAD_SCALAR(name, plainAddress(min((i) * 4 + 3, elements - 1)).which))

#define LOAD_BLOCKED(name, i, step) ((step).w != 0 ? LOAD(name, blockedAddress(i, step) >> 2) : vec4(LOAD_SCALAR(name, blockedAddress(i, step))))

// An operand that is walked in one go together with the output is read whole.
#define LOAD_OPERAND(name, which, i, number) (isBlocked() ? LOAD_BLOCKED(name, i, steps[number]) \
    : levels == 1 && loops[0].x == elements && loops[0][(number) + 1] == 1 ? LOAD(name, i) : GATHER(name, which, i))

vec4 finished(vec4 value, int i)
{
    return isBlocked() ? keepChannels(value, i / area % blocksOf(channels), channels) : value;
}

#endif
