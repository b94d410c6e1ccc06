#version 430 core

// Resize2d, forward: y[n,c,oh,ow] = x at row (oh + shift) * step - shift and the column likewise, the nearest pixel or linearly.
//
// Layout    x, y channel-blocked by 4.
// Dispatch  flat, one invocation per vec4 of y.
// Defines   LINEAR: 1 to interpolate, 0 for the nearest pixel.
// Twin      ResizeKernel, src/RealtimeCnn/Cpu/ResizeKernel.cs
// Source    ONNX Resize.
// Variants  LINEAR 0..1

#include "include/tensor.glsl"
#include "include/flat.glsl"
#include "include/division.glsl"
#include "include/precise.glsl"

layout(std140, binding = 0) uniform Params
{
    int planes, inHeight, inWidth, outHeight;
    int outWidth, mode, rounding;
    float stepHeight, shiftHeight, stepWidth, shiftWidth;
    ivec2 byHeight, byWidth;
};

READ_TENSOR(1, Input, x);
layout(std430, binding = 0) writeonly restrict buffer Output { vec4 y[]; };

// Rounded after each operation, as the CPU does: contracted, a tie between two pixels could fall the other way.
float position(int index, float step, float shift)
{
    PRECISE float sum = float(index) + shift;
    PRECISE float product = sum * step;
    PRECISE float result = product - shift;
    return result;
}

int nearest(float at, int extent)
{
    float chosen = rounding == 0 ? ceil(at - 0.5) : rounding == 1 ? floor(at + 0.5) : rounding == 2 ? floor(at) : ceil(at);
    return clamp(int(chosen), 0, extent - 1);
}

// Not mix(), which may be upper + t * (lower - upper): infinity less itself is no number.
vec4 blend(vec4 a, vec4 b, float t)
{
    PRECISE vec4 first = a * (1.0 - t);
    PRECISE vec4 result = first + b * t;
    return result;
}

void main()
{
    int i = flatInvocation();
    if (i >= planes * outHeight * outWidth)
        return;

    int line = quotient(i, byWidth);
    int number = quotient(line, byHeight);
    float row = position(line - number * outHeight, stepHeight, shiftHeight);
    float column = position(i - line * outWidth, stepWidth, shiftWidth);
    int plane = number * inHeight * inWidth;
#if LINEAR == 0
    y[i] = LOAD(x, plane + nearest(row, inHeight) * inWidth + nearest(column, inWidth));
#else
    int above = plane + clamp(int(floor(row)), 0, inHeight - 1) * inWidth;
    int below = plane + clamp(int(floor(row)) + 1, 0, inHeight - 1) * inWidth;
    int left = clamp(int(floor(column)), 0, inWidth - 1);
    int right = clamp(int(floor(column)) + 1, 0, inWidth - 1);
    vec4 upper = blend(LOAD(x, above + left), LOAD(x, above + right), fract(column));
    vec4 lower = blend(LOAD(x, below + left), LOAD(x, below + right), fract(column));
    y[i] = blend(upper, lower, fract(row));
#endif
}
