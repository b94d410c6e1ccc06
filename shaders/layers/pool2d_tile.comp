#version 430 core

// MaxPool2d and AveragePool2d, forward, of small windows: an invocation computes some outputs beside one another, whose windows
// share columns of x. A column is folded first, then those of each window.
//
//   y[n,c,oh,ow] = max (a NaN wins, minus infinity where a window sees nothing) or mean (0 there) of the window inside x
//
// Layout    x, y channel-blocked by 4.
// Dispatch  flat, one invocation per TILE_COLUMNS vec4s of a row of y.
// Defines   AVERAGE: 1 for means, 0 for maxima; KERNEL, STRIDE: of both axes; TILE_COLUMNS.
// Twin      max_pool2d.comp, average_pool2d.comp
// Variants  AVERAGE 0, KERNEL 3, STRIDE 2, TILE_COLUMNS 4
// Variants  AVERAGE 0, KERNEL 3, STRIDE 2, TILE_COLUMNS 1
// Variants  AVERAGE 1, KERNEL 2, STRIDE 2, TILE_COLUMNS 4
// Variants  AVERAGE 1, KERNEL 2, STRIDE 2, TILE_COLUMNS 1
// Variants  AVERAGE 0, KERNEL 3, STRIDE 2, TILE_COLUMNS 4, HALF_INPUT 1, HALF_OUTPUT 1

#include "include/tensor.glsl"
#include "include/flat.glsl"
#include "include/division.glsl"
#include "include/channels.glsl"
#include "include/numbers.glsl"

layout(std140, binding = 0) uniform Params
{
    int count, across, channels, blocks;
    int inHeight, inWidth, outHeight, outWidth;
    int top, left, bottom, right;
    ivec2 byAcross, byHeight;
    ivec2 byBlocks;
    int countIncludePad;
};

READ_VALUES(1, Input, x);
WRITE_VALUES(Output, y);

// What a column, or a window, comes to. max() may drop a NaN: the largest bits without a sign remember it.
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

// How many elements of a window that begins at start lie inside x, or inside the padded x.
int elementsOf(int start, int extent, int after)
{
    return countIncludePad != 0 ? min(start + KERNEL, extent + after) - start : min(start + KERNEL, extent) - max(start, 0);
}

vec4 finished(Fold fold, int row, int column)
{
#if AVERAGE
    return fold.value / float(max(elementsOf(row, inHeight, bottom) * elementsOf(column, inWidth, right), 1));
#else
    return mix(fold.value, vec4(NOT_A_NUMBER), greaterThan(fold.bits, uvec4(0x7F800000u)));
#endif
}

void main()
{
    int i = flatInvocation();
    if (i >= count)
        return;

    int outRow = quotient(i, byAcross);
    int plane = quotient(outRow, byHeight);
    int outColumn = (i - outRow * across) * TILE_COLUMNS;
    int row = (outRow - plane * outHeight) * STRIDE - top;
    int column = outColumn * STRIDE - left;

    Fold window[TILE_COLUMNS];
    for (int t = 0; t < TILE_COLUMNS; ++t)
        window[t] = EMPTY;
    for (int w = 0; w < (TILE_COLUMNS - 1) * STRIDE + KERNEL; ++w)
    {
        Fold seen = EMPTY;
        int at = clamp(column + w, 0, inWidth - 1);
        for (int h = 0; h < KERNEL; ++h)
        {
            int line = clamp(row + h, 0, inHeight - 1);
            bool exists = row + h == line && column + w == at;
            seen = folded(seen, foldOf(LOAD(x, (plane * inHeight + line) * inWidth + at), exists));
        }
        for (int t = 0; t < TILE_COLUMNS; ++t)
        {
            if (w >= t * STRIDE && w < t * STRIDE + KERNEL)
                window[t] = folded(window[t], seen);
        }
    }

    int block = plane - quotient(plane, byBlocks) * blocks;
    for (int t = 0; t < TILE_COLUMNS; ++t)
    {
        if (outColumn + t < outWidth)
            y[outRow * outWidth + outColumn + t] = STORED(keepChannels(finished(window[t], row, column + t * STRIDE), block, channels));
    }
}
