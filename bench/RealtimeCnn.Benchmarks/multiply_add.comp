#version 430 core

// MultiplyAdds, forward: every element goes TURNS * 64 times through a multiply-add in registers, and is read and written once.
//
//   y = (…((x * factor + summand) * factor + summand)…)
//
// Layout    x and y: vec4s in any order; three of them to an invocation, whose twelve sums do not wait for each other and have place in
//           the sixteen registers of a processor.
// Dispatch  flat, one invocation per three vec4s.
// Twin      none: what is computed is of no use, only how long it takes.

#include "include/tensor.glsl"
#include "include/flat.glsl"

layout(std140, binding = 0) uniform Params { int count, turns; float factor, summand; };

READ_TENSOR(1, Input, x);
layout(std430, binding = 0) writeonly restrict buffer Output { vec4 y[]; };

#define STEP a = a * factor + summand; b = b * factor + summand; c = c * factor + summand;
#define STEPS_4 STEP STEP STEP STEP
#define STEPS_16 STEPS_4 STEPS_4 STEPS_4 STEPS_4

void main()
{
    int i = flatInvocation();
    if (i >= count)
        return;

    vec4 a = LOAD(x, 3 * i), b = LOAD(x, 3 * i + 1), c = LOAD(x, 3 * i + 2);
    for (int turn = 0; turn < turns; ++turn)
    {
        STEPS_16 STEPS_16 STEPS_16 STEPS_16
    }

    y[3 * i] = a;
    y[3 * i + 1] = b;
    y[3 * i + 2] = c;
}
