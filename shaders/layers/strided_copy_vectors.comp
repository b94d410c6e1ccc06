#version 430 core

// A layer that only moves elements, forward, where the four of each vec4 of y are a vec4 of x: one read instead of four.
//
//   y[i] = x[origin + sum over digits d of digit_d(i) * step_d], in vec4s
//
// Layout    x and y each row-major or channel-blocked by 4.
// Dispatch  flat, one invocation per vec4 of y.
// Defines   DIGITS, how many there are.
// Twin      strided_copy.comp
// Variants  DIGITS 2
// Variants  DIGITS 5

#include "include/tensor.glsl"
#include "include/flat.glsl"
#include "include/division.glsl"

layout(std140, binding = 0) uniform Params
{
    int count, origin;
    // Innermost first: extent, step, and what divides by the extent.
    ivec4 digit[16];
};

READ_TENSOR(1, Input, x);
layout(std430, binding = 0) writeonly restrict buffer Output { vec4 y[]; };

void main()
{
    int i = flatInvocation();
    if (i >= count)
        return;

    int from = origin;
    int index = i;
    for (int d = 0; d < DIGITS; ++d)
    {
        // The outermost digit is all that is left.
        int rest = d < DIGITS - 1 ? quotient(index, digit[d].zw) : 0;
        from += (index - rest * digit[d].x) * digit[d].y;
        index = rest;
    }
    y[i] = LOAD(x, from);
}
