#version 430 core

// DepthwiseConv2d, forward, as strips: each invocation walks TILE_ROWS rows of TILE_COLUMNS pixels of one vec4 of channels downwards
// and keeps the rows under its window, so that a value is read once for all windows that it is in. Padding is zeros.
//
//   y[n,c,oh,ow] = activate(bias[c] + sum over kh,kw of weight[c,kh,kw] * x[n, c, oh*STRIDE - top + kh, ow*STRIDE - left + kw] + residual[n,c,oh,ow])
//
// Layout    as layers/depthwise_conv2d.comp.
// Dispatch  flat, one invocation per strip; side and stride of the window are compiled in.
// Variants  KERNEL 3, STRIDE 1..2, TILE_ROWS 8, TILE_COLUMNS 4, TILE_GROUP 8, RESIDUAL 0, ACTIVATION 2
// Variants  KERNEL 3, STRIDE 1..2, TILE_ROWS 8, TILE_COLUMNS 7, TILE_GROUP 8, RESIDUAL 0, ACTIVATION 2
// Variants  KERNEL 5, STRIDE 1..2, TILE_ROWS 8, TILE_COLUMNS 4, TILE_GROUP 8, RESIDUAL 0, ACTIVATION 2
// Variants  KERNEL 5, STRIDE 1..2, TILE_ROWS 8, TILE_COLUMNS 7, TILE_GROUP 8, RESIDUAL 0, ACTIVATION 2
// Variants  KERNEL 3, STRIDE 1, TILE_ROWS 8, TILE_COLUMNS 4, TILE_GROUP 8, RESIDUAL 1, ACTIVATION 0
// Variants  KERNEL 3, STRIDE 1..2, TILE_ROWS 4, TILE_COLUMNS 1, TILE_GROUP 64, RESIDUAL 0, ACTIVATION 2
// Variants  KERNEL 5, STRIDE 1..2, TILE_ROWS 4, TILE_COLUMNS 1, TILE_GROUP 64, RESIDUAL 0, ACTIVATION 2
// Twin      DepthwiseKernel, src/RealtimeCnn/Cpu/DepthwiseKernel.cs
// Source    Howard et al. 2017, "MobileNets", arXiv:1704.04861, section 3.1.

#include "include/convolution.glsl"

// Text written out for each row and column of the window and of the strip: an array that a loop indexes lies in memory on some
// drivers, and costs them seconds to compile; one that only constants index lies in registers.
#if TILE_COLUMNS == 1
#define EACH_COLUMN(MACRO) MACRO(0)
#elif TILE_COLUMNS == 4
#define EACH_COLUMN(MACRO) MACRO(0) MACRO(1) MACRO(2) MACRO(3)
#else
#define EACH_COLUMN(MACRO) MACRO(0) MACRO(1) MACRO(2) MACRO(3) MACRO(4) MACRO(5) MACRO(6)
#endif

#if KERNEL == 3
#define EACH_ROW(MACRO) MACRO(0) MACRO(1) MACRO(2)
#define EACH_TAP(MACRO) MACRO(0) MACRO(1) MACRO(2)
#else
#define EACH_ROW(MACRO) MACRO(0) MACRO(1) MACRO(2) MACRO(3) MACRO(4)
#define EACH_TAP(MACRO) MACRO(0) MACRO(1) MACRO(2) MACRO(3) MACRO(4)
#endif

// Columns of the input under a strip.
#define COLUMNS ((TILE_COLUMNS - 1) * STRIDE + KERNEL)

#if COLUMNS == 3
#define EACH_SOURCE(MACRO) MACRO(0) MACRO(1) MACRO(2)
#elif COLUMNS == 5
#define EACH_SOURCE(MACRO) MACRO(0) MACRO(1) MACRO(2) MACRO(3) MACRO(4)
#elif COLUMNS == 6
#define EACH_SOURCE(MACRO) MACRO(0) MACRO(1) MACRO(2) MACRO(3) MACRO(4) MACRO(5)
#elif COLUMNS == 8
#define EACH_SOURCE(MACRO) MACRO(0) MACRO(1) MACRO(2) MACRO(3) MACRO(4) MACRO(5) MACRO(6) MACRO(7)
#elif COLUMNS == 9
#define EACH_SOURCE(MACRO) MACRO(0) MACRO(1) MACRO(2) MACRO(3) MACRO(4) MACRO(5) MACRO(6) MACRO(7) MACRO(8)
#elif COLUMNS == 11
#define EACH_SOURCE(MACRO) MACRO(0) MACRO(1) MACRO(2) MACRO(3) MACRO(4) MACRO(5) MACRO(6) MACRO(7) MACRO(8) MACRO(9) MACRO(10)
#elif COLUMNS == 15
#define EACH_SOURCE(MACRO) MACRO(0) MACRO(1) MACRO(2) MACRO(3) MACRO(4) MACRO(5) MACRO(6) MACRO(7) MACRO(8) MACRO(9) MACRO(10) MACRO(11) MACRO(12) MACRO(13) MACRO(14)
#else
#define EACH_SOURCE(MACRO) MACRO(0) MACRO(1) MACRO(2) MACRO(3) MACRO(4) MACRO(5) MACRO(6) MACRO(7) MACRO(8) MACRO(9) MACRO(10) MACRO(11) MACRO(12) MACRO(13) MACRO(14) MACRO(15) MACRO(16)
#endif

vec4 valueAt(int plane, int row, int column)
{
    bool inside = row >= 0 && row < inHeight && column >= 0 && column < inWidth;
    int at = (plane * inHeight + clamp(row, 0, inHeight - 1)) * inWidth + clamp(column, 0, inWidth - 1);
    return mix(vec4(0.0), LOAD(x, at), bvec4(inside));
}

void main()
{
    int across = (outWidth + TILE_COLUMNS - 1) / TILE_COLUMNS;
    int down = (outHeight + TILE_ROWS - 1) / TILE_ROWS;
    int strip = flatInvocation();
    int plane = strip / (across * down);
    if (plane >= batch * blocksOf(outChannels))
        return;

    Place first;
    first.n = plane / blocksOf(outChannels);
    first.block = plane % blocksOf(outChannels);
    first.row = strip / across % down * TILE_ROWS;
    first.column = strip % across * TILE_COLUMNS;
    int top0 = first.row * STRIDE - top;
    int left0 = first.column * STRIDE - left;

    vec4 weights[KERNEL * KERNEL];
#define WEIGHTS(kh) { const int KH = kh; EACH_TAP(WEIGHT) }
#define WEIGHT(kw) weights[KH * KERNEL + kw] = LOAD(weight, (first.block * KERNEL + KH) * KERNEL + kw);
    EACH_ROW(WEIGHTS)
    vec4 start = LOAD(bias, first.block);

    // Rows of the input under the window; the first turn moves those that are read here up.
    vec4 value[KERNEL * COLUMNS];
#define FIRST_ROW(kh) { const int KH = kh; if (KH >= STRIDE) { EACH_SOURCE(FIRST_VALUE) } }
#define FIRST_VALUE(c) value[KH * COLUMNS + c] = valueAt(plane, top0 + KH - STRIDE, left0 + c);
    EACH_ROW(FIRST_ROW)

    for (int j = 0; j < TILE_ROWS; ++j)
    {
        if (first.row + j >= outHeight)
            break;
#define NEXT_ROW(kh) { const int KH = kh; EACH_SOURCE(NEXT_VALUE) }
#define NEXT_VALUE(c) value[KH * COLUMNS + c] = KH < KERNEL - STRIDE ? value[min(KH + STRIDE, KERNEL - 1) * COLUMNS + c] : valueAt(plane, top0 + j * STRIDE + KH, left0 + c);
        EACH_ROW(NEXT_ROW)

#define PIXEL(i) \
        if (first.column + i < outWidth) \
        { \
            const int I = i; \
            vec4 sum = start; \
            EACH_ROW(ADD_ROW) \
            Place p = Place(first.n, first.block, first.row + j, first.column + i); \
            store((plane * outHeight + p.row) * outWidth + p.column, p, sum); \
        }
#define ADD_ROW(kh) { const int KH = kh; EACH_TAP(ADD) }
#define ADD(kw) sum += value[KH * COLUMNS + I * STRIDE + kw] * weights[KH * KERNEL + kw];
        EACH_COLUMN(PIXEL)
    }
}
