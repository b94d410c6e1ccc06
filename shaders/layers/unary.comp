#version 430 core

// UnaryLayer, forward: y[i] = f(x[i]), any shape.
//
// Layout    x and y alike: row-major (channels = 0), or channel-blocked by 4.
// Dispatch  flat, one invocation per vec4 of y.
// Defines   FUNCTION, the number of a UnaryFunction.
// Twin      UnaryOfVector, src/RealtimeCnn/Cpu/UnaryOfVector.cs
// Variants  FUNCTION 0..25

#include "include/tensor.glsl"
#include "include/flat.glsl"
#include "include/division.glsl"
#include "include/channels.glsl"
#include "include/math.glsl"

layout(std140, binding = 0) uniform Params { int count, channels; ivec2 byArea, byBlocks; };

READ_TENSOR(1, Input, x);
layout(std430, binding = 0) writeonly restrict buffer Output { vec4 y[]; };

// NaN where a number lies outside the function's domain, which GLSL leaves undefined.
vec4 within(bvec4 domain, vec4 value)
{
    return mix(vec4(NOT_A_NUMBER), value, domain);
}

// sinh without the cancellation of e^x - e^-x near 0.
vec4 accurateSinh(vec4 x)
{
    vec4 z = x * x;
    vec4 near = x * (1.0 + z * (1.0 / 6.0 + z * (1.0 / 120.0 + z * (1.0 / 5040.0 + z / 362880.0))));
    vec4 far = 0.5 * (exp(x) - exp(-x));
    return mix(far, near, lessThan(abs(x), vec4(1.0)));
}

// arcsin by arctan of two arguments, which is accurate everywhere; the built-in one need not be.
vec4 accurateAsin(vec4 x)
{
    return atan(x, sqrt((1.0 - x) * (1.0 + x)));
}

// ln(1 + t) for t from 0 on, without the cancellation near 0.
vec4 logOfOnePlus(vec4 t)
{
    vec4 s = t / (t + 2.0);
    vec4 z = s * s;
    vec4 near = 2.0 * s * (1.0 + z * (1.0 / 3.0 + z * (1.0 / 5.0 + z * (1.0 / 7.0 + z * (1.0 / 9.0 + z * (1.0 / 11.0 + z / 13.0))))));
    return mix(log(1.0 + t), near, lessThan(t, vec4(1.0)));
}

vec4 accurateAsinh(vec4 x)
{
    vec4 a = abs(x);
    // ln(2a) where a^2 might overflow.
    vec4 far = log(a) + 0.69314718;
    return sign(x) * mix(logOfOnePlus(a + a * a / (1.0 + sqrt(1.0 + a * a))), far, greaterThan(a, vec4(1e9)));
}

bvec4 isInfinite(vec4 x)
{
    return equal(floatBitsToUint(x) & 0x7FFFFFFFu, uvec4(0x7F800000u));
}

vec4 oneWhere(bvec4 condition)
{
    return mix(vec4(0.0), vec4(1.0), condition);
}

// From here on functions ask about a number; a NaN is no answer.
const int FIRST_QUESTION = 23;

vec4 compute(vec4 x)
{
    switch (FUNCTION)
    {
        case 0: return exp(x);
        case 1: return within(greaterThanEqual(x, vec4(0.0)), mix(log(x), vec4(NEGATIVE_INFINITY), equal(x, vec4(0.0))));
        case 2: return within(greaterThanEqual(x, vec4(0.0)), sqrt(x));
        case 3: return x * x;
        case 4: return abs(x);
        case 5: return -x;
        case 6: return 1.0 / x;
        case 7: return floor(x);
        case 8: return ceil(x);
        case 9: return roundEven(x);
        case 10: return sign(x);
        case 11: return erf(x);
        case 12: return sin(x);
        case 13: return cos(x);
        case 14: return sin(x) / cos(x);
        case 15: return within(lessThanEqual(abs(x), vec4(1.0)), accurateAsin(x));
        case 16: return within(lessThanEqual(abs(x), vec4(1.0)), atan(sqrt((1.0 - x) * (1.0 + x)), x));
        case 17: return atan(x);
        case 18: return accurateSinh(x);
        case 19: return 0.5 * (exp(x) + exp(-x));
        case 20: return accurateAsinh(x);
        case 21: return within(greaterThanEqual(x, vec4(1.0)), logOfOnePlus((x - 1.0) + sqrt((x - 1.0) * (x + 1.0))));
        case 22: return within(lessThanEqual(abs(x), vec4(1.0)), 0.5 * sign(x) * logOfOnePlus(2.0 * abs(x) / (1.0 - abs(x))));
        case 23: return oneWhere(equal(x, vec4(0.0)));
        case 24: return oneWhere(isNaN(x));
        case 25: return oneWhere(isInfinite(x));
        default: return x;
    }
}

void main()
{
    int i = flatInvocation();
    if (i >= count)
        return;

    vec4 argument = LOAD(x, i);
    vec4 value = compute(argument);
    if (FUNCTION < FIRST_QUESTION)
        value = keepNaN(argument, value);
    y[i] = channels == 0 ? value : keepChannels(value, remainder(quotient(i, byArea), blocksOf(channels), byBlocks), channels);
}
