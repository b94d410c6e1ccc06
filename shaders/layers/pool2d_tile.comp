#version 430 core

// MaxPool2d and AveragePool2d, forward, of small windows: an invocation computes some outputs beside one another, whose windows
// share columns of x. A column is folded first, then those of each window.
//
//   y[n,c,oh,ow] = max (a NaN wins, minus infinity where a window sees nothing) or mean (0 there) of the window inside x
//
// Layout    x, y channel-blocked by 4.
// Dispatch  flat, one invocation per TILE_COLUMNS vec4s of a row of y.
// Defines   AVERAGE: 1 for means, 0 for maxima; KERNEL, STRIDE: of both axes; TILE_COLUMNS; NONNEGATIVE: as in include/fold.glsl.
// Twin      max_pool2d.comp, average_pool2d.comp
// Variants  AVERAGE 0, KERNEL 3, STRIDE 2, TILE_COLUMNS 4
// Variants  AVERAGE 0, KERNEL 3, STRIDE 2, TILE_COLUMNS 1
// Variants  AVERAGE 1, KERNEL 2, STRIDE 2, TILE_COLUMNS 4
// Variants  AVERAGE 1, KERNEL 2, STRIDE 2, TILE_COLUMNS 1
// Variants  AVERAGE 0, KERNEL 3, STRIDE 2, TILE_COLUMNS 4, NONNEGATIVE 1
// Variants  AVERAGE 0, KERNEL 3, STRIDE 2, TILE_COLUMNS 4, NONNEGATIVE 1, HALF_INPUT 1, HALF_OUTPUT 1

#include "include/tensor.glsl"
#include "include/flat.glsl"
#include "include/division.glsl"
#include "include/channels.glsl"
#include "include/fold.glsl"
#include "include/repeat.glsl"

#if KERNEL == 1
#define EACH_TAP(MACRO) C_1(MACRO)
#define EACH_ROW(MACRO) D_1(MACRO)
#elif KERNEL == 2
#define EACH_TAP(MACRO) C_2(MACRO)
#define EACH_ROW(MACRO) D_2(MACRO)
#elif KERNEL == 3
#define EACH_TAP(MACRO) C_3(MACRO)
#define EACH_ROW(MACRO) D_3(MACRO)
#elif KERNEL == 4
#define EACH_TAP(MACRO) C_4(MACRO)
#define EACH_ROW(MACRO) D_4(MACRO)
#else
#define EACH_TAP(MACRO) C_5(MACRO)
#define EACH_ROW(MACRO) D_5(MACRO)
#endif

#if TILE_COLUMNS == 1
#define EACH_OUTPUT(MACRO) A_1(MACRO)
#else
#define EACH_OUTPUT(MACRO) A_4(MACRO)
#endif

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

    // Each column for the first window that it is in.
    Fold folds[(TILE_COLUMNS - 1) * STRIDE + KERNEL];
#define COLUMN(m) { const int M = m; EACH_TAP(COLUMN_OF) }
#define COLUMN_OF(kw) \
    if (M == 0 || kw >= KERNEL - STRIDE) \
    { \
        const int W = M * STRIDE + kw; \
        int at = clamp(column + W, 0, inWidth - 1); \
        bool isColumn = column + W == at; \
        folds[W] = EMPTY; \
        EACH_ROW(FOLD_ELEMENT) \
    }
#define FOLD_ELEMENT(kh) \
    { \
        int line = clamp(row + kh, 0, inHeight - 1); \
        folds[W] = folded(folds[W], foldOf(LOAD(x, (plane * inHeight + line) * inWidth + at), isColumn && row + kh == line)); \
    }
    EACH_OUTPUT(COLUMN)

    int block = plane - quotient(plane, byBlocks) * blocks;
    bool withPadding = countIncludePad != 0;
    int rows = elementsOf(row, KERNEL, inHeight, bottom, withPadding);
#define STORE(m) \
    if (outColumn + m < outWidth) \
    { \
        const int M = m; \
        Fold window = EMPTY; \
        EACH_TAP(FOLD_COLUMN) \
        int elements = rows * elementsOf(column + m * STRIDE, KERNEL, inWidth, right, withPadding); \
        y[outRow * outWidth + outColumn + m] = STORED(keepChannels(finished(window, elements), block, channels)); \
    }
#define FOLD_COLUMN(kw) window = folded(window, folds[M * STRIDE + kw]);
    EACH_OUTPUT(STORE)
}
