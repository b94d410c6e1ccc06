// Numbers that GLSL cannot write down, and choices between numbers that keep a NaN: max(), min() and clamp() may drop one, and so
// may a compiler that makes them of a comparison. Macros, because the bits of a float are no constant expression everywhere.

#ifndef NUMBERS_GLSL
#define NUMBERS_GLSL

#define INFINITY uintBitsToFloat(0x7F800000u)
#define NEGATIVE_INFINITY uintBitsToFloat(0xFF800000u)
#define NOT_A_NUMBER uintBitsToFloat(0x7FC00000u)

// The bits decide: a compiler may take x != x for false.
bvec4 isNaN(vec4 x)
{
    return greaterThan(floatBitsToUint(x) & 0x7FFFFFFFu, uvec4(0x7F800000u));
}

// y, or x where that is a NaN.
vec4 keepNaN(vec4 x, vec4 y)
{
    return mix(y, x, isNaN(x));
}

// The larger one; a NaN wins.
vec4 largerOf(vec4 a, vec4 b)
{
    return keepNaN(a, keepNaN(b, max(a, b)));
}

// The smaller one; a NaN wins.
vec4 smallerOf(vec4 a, vec4 b)
{
    return keepNaN(a, keepNaN(b, min(a, b)));
}

#endif
