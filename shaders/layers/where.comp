#version 430 core

// Where, forward: y[i] = b[i] where a[i] is not 0, else c[i], with broadcasting.
//
// Layout    y row-major or channel-blocked by 4; a, b and c as include/broadcast.glsl walks them.
// Dispatch  flat, one invocation per vec4 of y.
// Twin      BroadcastKernel, src/RealtimeCnn/Cpu/BroadcastKernel.cs

#include "include/broadcast.glsl"

READ_TENSOR(3, ThirdOperand, c);
layout(std430, binding = 0) writeonly restrict buffer Output { vec4 y[]; };

void main()
{
    int i = flatInvocation();
    if (i >= count)
        return;

    vec4 condition = LOAD_OPERAND(a, x, i, 0);
    vec4 yes = LOAD_OPERAND(b, y, i, 1);
    vec4 no = LOAD_OPERAND(c, z, i, 2);
    y[i] = finished(mix(yes, no, equal(condition, vec4(0.0))), i);
}
