#version 430 core

// Where, forward: y[i] = b[i] where a[i] is not 0, else c[i], with broadcasting.
//
// Layout    y row-major or channel-blocked by 4; a, b and c as include/broadcast.glsl walks them.
// Dispatch  flat, one invocation per vec4 of y.
// Defines   LEVELS, READ_A, READ_B, READ_C: how the operands are walked.
// Twin      BroadcastKernel, src/RealtimeCnn/Cpu/BroadcastKernel.cs
// Variants  LEVELS 1, READ_A 2, READ_B 2, READ_C 2
// Variants  LEVELS 3, READ_A 0, READ_B 0, READ_C 0
// Variants  LEVELS 2, READ_A 0, READ_B 0, READ_C 1

#include "include/broadcast.glsl"

READ_TENSOR(3, ThirdOperand, c);
#if READ_C == READ_WHOLE
#define LOAD_C(i) LOAD(c, i)
#elif READ_C == READ_SAME
#define LOAD_C(i) vec4(LOAD_SCALAR(c, 0))
#else
#define LOAD_C(i) LOAD_STEPS(c, z, 2, i)
#endif

layout(std430, binding = 0) writeonly restrict buffer Output { vec4 y[]; };

void main()
{
    int i = flatInvocation();
    if (i >= count)
        return;

    y[i] = finished(mix(LOAD_B(i), LOAD_C(i), equal(LOAD_A(i), vec4(0.0))), i);
}
