// What a window of a pooling comes to, folded element by element: AVERAGE 1 for means, 0 for maxima in which a NaN wins.

#ifndef FOLD_GLSL
#define FOLD_GLSL

#include "include/numbers.glsl"

// max() may drop a NaN: the largest bits without a sign remember it.
struct Fold { vec4 value; uvec4 bits; };

#if AVERAGE
#define EMPTY Fold(vec4(0.0), uvec4(0u))
#else
#define EMPTY Fold(vec4(NEGATIVE_INFINITY), uvec4(0u))
#endif

Fold folded(Fold a, Fold b)
{
#if AVERAGE
    return Fold(a.value + b.value, a.bits);
#else
    return Fold(max(a.value, b.value), max(a.bits, b.bits));
#endif
}

Fold foldOf(vec4 value, bool exists)
{
    Fold fold = EMPTY;
    if (exists)
        fold = Fold(value, floatBitsToUint(value) & 0x7FFFFFFFu);
    return fold;
}

// How many of the elements of a window of so many from start on lie inside an axis; with the padding, so many behind it count too.
int elementsOf(int start, int window, int extent, int after, bool withPadding)
{
    return withPadding ? min(start + window, extent + after) - start : min(start + window, extent) - max(start, 0);
}

// The result of a window of so many elements.
vec4 finished(Fold fold, int elements)
{
#if AVERAGE
    return fold.value / float(max(elements, 1));
#else
    return mix(fold.value, vec4(NOT_A_NUMBER), greaterThan(fold.bits, uvec4(0x7F800000u)));
#endif
}

#endif
