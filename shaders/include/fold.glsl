// What a window of a pooling comes to, folded element by element: AVERAGE 1 for means, 0 for maxima in which a NaN wins.
//
// max() may drop a NaN, and looking for one takes longer than the maximum; so maxima are those of whole numbers in the order of the
// floats whose bits they are, in which every NaN stands behind infinity. NONNEGATIVE where no element is below zero: a sign is that of
// a zero or a NaN then, and says nothing.

#ifndef FOLD_GLSL
#define FOLD_GLSL

#include "include/numbers.glsl"

#if AVERAGE
#define Fold vec4
#define EMPTY vec4(0.0)
#else
#define Fold ivec4
#define EMPTY ordered(ivec4(0xFF800000))
#endif

// Bits of floats below zero have the opposite order of these; twice is what it was.
ivec4 ordered(ivec4 bits)
{
    return bits ^ ((bits >> 31) & 0x7FFFFFFF);
}

Fold foldOf(vec4 value)
{
#if AVERAGE
    return value;
#elif defined(NONNEGATIVE)
    return floatBitsToInt(value) & 0x7FFFFFFF;
#else
    return ordered(floatBitsToInt(mix(value, vec4(NOT_A_NUMBER), isNaN(value))));
#endif
}

Fold foldOf(vec4 value, bool exists)
{
    return exists ? foldOf(value) : EMPTY;
}

Fold folded(Fold a, Fold b)
{
#if AVERAGE
    return a + b;
#else
    return max(a, b);
#endif
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
    return fold / float(max(elements, 1));
#else
    return intBitsToFloat(ordered(fold));
#endif
}

#endif
