#version 430 core

// BinaryLayer and PRelu, forward: y[i] = f(a[i], b[i]), with broadcasting. Truth is 1, falsehood 0.
//
// Layout    y row-major or channel-blocked by 4; a and b as include/broadcast.glsl walks them.
// Dispatch  flat, one invocation per vec4 of y.
// Defines   FUNCTION, the number of a BinaryFunction, 17 for PRelu; LEVELS, READ_A, READ_B: how the operands are walked.
// Twin      BroadcastKernel, src/RealtimeCnn/Cpu/BroadcastKernel.cs
// Variants  FUNCTION 0..16, LEVELS 2, READ_A 0, READ_B 0
// Variants  FUNCTION 3, LEVELS 1, READ_A 2, READ_B 2
// Variants  FUNCTION 3, LEVELS 1, READ_A 1..2, READ_B 1
// Variants  FUNCTION 17, LEVELS 3, READ_A 0, READ_B 0
// Variants  FUNCTION 17, LEVELS 1, READ_A 2, READ_B 1

#include "include/broadcast.glsl"
#include "include/numbers.glsl"

layout(std430, binding = 0) writeonly restrict buffer Output { vec4 y[]; };

vec4 oneWhere(bvec4 condition)
{
    return mix(vec4(0.0), vec4(1.0), condition);
}

// GLSL's pow is undefined below 0: a negative base needs a whole exponent, whose parity gives the sign.
vec4 power(vec4 base, vec4 exponent)
{
    vec4 magnitude = exp2(exponent * log2(abs(base)));
    bvec4 odd = equal(abs(exponent - 2.0 * trunc(exponent * 0.5)), vec4(1.0));
    bvec4 whole = equal(exponent, trunc(exponent));
    vec4 withSign = mix(magnitude, -magnitude, odd);
    // An infinite base has a power for every exponent.
    vec4 ofNegative = mix(mix(vec4(NOT_A_NUMBER), withSign, whole), withSign, equal(base, vec4(NEGATIVE_INFINITY)));
    vec4 result = mix(magnitude, ofNegative, lessThan(base, vec4(0.0)));
    vec4 ofZero = mix(vec4(0.0), vec4(INFINITY), lessThan(exponent, vec4(0.0)));
    result = mix(result, ofZero, equal(base, vec4(0.0)));
    // Drivers may drop a NaN in exp2 and log2.
    result = keepNaN(base, keepNaN(exponent, result));
    return mix(result, vec4(1.0), equal(exponent, vec4(0.0)));
}

vec4 compute(vec4 p, vec4 q)
{
    switch (FUNCTION)
    {
        case 0: return p + q;
        case 1: return p - q;
        case 2: return p * q;
        case 3: return p / q;
        case 4: return power(p, q);
        case 5: return smallerOf(p, q);
        case 6: return largerOf(p, q);
        case 7: return p - q * floor(p / q);
        case 8: return p - q * trunc(p / q);
        case 9: return oneWhere(equal(p, q));
        case 10: return oneWhere(greaterThan(p, q));
        case 11: return oneWhere(greaterThanEqual(p, q));
        case 12: return oneWhere(lessThan(p, q));
        case 13: return oneWhere(lessThanEqual(p, q));
        case 14: return oneWhere(notEqual(p, vec4(0.0))) * oneWhere(notEqual(q, vec4(0.0)));
        case 15: return 1.0 - oneWhere(equal(p, vec4(0.0))) * oneWhere(equal(q, vec4(0.0)));
        case 16: return abs(oneWhere(notEqual(p, vec4(0.0))) - oneWhere(notEqual(q, vec4(0.0))));
        case 17: return keepNaN(p, mix(p, p * q, lessThan(p, vec4(0.0))));
        default: return p;
    }
}

void main()
{
    int i = flatInvocation();
    if (i >= count)
        return;

    y[i] = finished(compute(LOAD_A(i), LOAD_B(i)), i);
}
