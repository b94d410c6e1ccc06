#version 430 core

// DepthwiseConv2d, forward, as tiles: each invocation computes TILE_ROWS rows of TILE_COLUMNS pixels of one vec4 of channels, so that a
// value is read once for all windows that it is in. Padding is zeros, which are not multiplied: where a weight that is not finite meets
// them, the tile is computed again without them.
//
//   y[n,c,oh,ow] = activate(bias[c] + sum over kh,kw of weight[c,kh,kw] * x[n, c, oh*STRIDE - top + kh, ow*STRIDE - left + kw] + residual[n,c,oh,ow])
//
// Layout    as layers/depthwise_conv2d.comp.
// Dispatch  flat, one invocation per tile; side and stride of the window are compiled in.
// Variants  KERNEL 3, STRIDE 1, TILE_ROWS 4, TILE_COLUMNS 4, TILE_GROUP 8, RESIDUAL 0, ACTIVATION 2
// Variants  KERNEL 3, STRIDE 1..2, TILE_ROWS 7, TILE_COLUMNS 2, TILE_GROUP 8, RESIDUAL 0, ACTIVATION 2
// Variants  KERNEL 5, STRIDE 1, TILE_ROWS 4, TILE_COLUMNS 4, TILE_GROUP 8, RESIDUAL 0, ACTIVATION 2
// Variants  KERNEL 5, STRIDE 1..2, TILE_ROWS 7, TILE_COLUMNS 2, TILE_GROUP 8, RESIDUAL 0, ACTIVATION 2
// Variants  KERNEL 3, STRIDE 1, TILE_ROWS 4, TILE_COLUMNS 4, TILE_GROUP 8, RESIDUAL 1, ACTIVATION 0
// Variants  KERNEL 3, STRIDE 1..2, TILE_ROWS 4, TILE_COLUMNS 1, TILE_GROUP 64, RESIDUAL 0, ACTIVATION 2
// Variants  KERNEL 5, STRIDE 1..2, TILE_ROWS 4, TILE_COLUMNS 1, TILE_GROUP 64, RESIDUAL 0, ACTIVATION 2
// Variants  KERNEL 3, STRIDE 1, TILE_ROWS 4, TILE_COLUMNS 4, TILE_GROUP 8, RESIDUAL 0, ACTIVATION 0, HALF_WEIGHTS 1, HALF_INPUT 1, HALF_OUTPUT 1
// Twin      DepthwiseKernel, src/RealtimeCnn/Cpu/DepthwiseKernel.cs
// Source    Howard et al. 2017, "MobileNets", arXiv:1704.04861, section 3.1.

#include "include/convolution.glsl"
#include "include/repeat.glsl"

#if TILE_ROWS == 4
#define EACH_ROW(MACRO) A_4(MACRO)
#else
#define EACH_ROW(MACRO) A_7(MACRO)
#endif

#if TILE_COLUMNS == 1
#define EACH_COLUMN(MACRO) B_1(MACRO)
#elif TILE_COLUMNS == 2
#define EACH_COLUMN(MACRO) B_2(MACRO)
#else
#define EACH_COLUMN(MACRO) B_4(MACRO)
#endif

#if KERNEL == 3
#define EACH_TAP_ROW(MACRO) C_3(MACRO)
#define EACH_TAP(MACRO) D_3(MACRO)
#else
#define EACH_TAP_ROW(MACRO) C_5(MACRO)
#define EACH_TAP(MACRO) D_5(MACRO)
#endif

// Columns of the input under a tile.
#define COLUMNS ((TILE_COLUMNS - 1) * STRIDE + KERNEL)

// Lanes of -1 where a position is in the input, of 0 where zeros lie.
int isInside(int position, int length)
{
    return uint(position) < uint(length) ? -1 : 0;
}

// A number whose exponent is all ones is an infinity or a NaN.
const int EXPONENT = 0x7F800000;

void main()
{
    int across = (outWidth + TILE_COLUMNS - 1) / TILE_COLUMNS;
    int down = (outHeight + TILE_ROWS - 1) / TILE_ROWS;
    int tile = flatInvocation();
    int plane = quotient(tile, across * down);
    int blocks = blocksOf(outChannels);
    if (plane >= batch * blocks)
        return;

    int block = plane - quotient(plane, blocks) * blocks;
    tile -= plane * across * down;
    int tileRow = quotient(tile, across);
    int firstRow = tileRow * TILE_ROWS, firstColumn = (tile - tileRow * across) * TILE_COLUMNS;
    int top0 = firstRow * STRIDE - top, left0 = firstColumn * STRIDE - left;

    vec4 weights[KERNEL * KERNEL];
#define WEIGHTS(kh) { const int KH = kh; EACH_TAP(WEIGHT) }
#define WEIGHT(kw) weights[KH * KERNEL + kw] = LOAD(weight, (block * KERNEL + KH) * KERNEL + kw);
    EACH_TAP_ROW(WEIGHTS)
    vec4 start = LOAD(bias, block);

    // Columns under the tile, each for the first window that it is in.
    int column[COLUMNS], columnInside[COLUMNS];
#define COLUMN(i) { const int I = i; EACH_TAP(COLUMN_OF) }
#define COLUMN_OF(kw) \
    if (I == 0 || kw >= KERNEL - STRIDE) \
    { \
        int at = left0 + I * STRIDE + kw; \
        column[I * STRIDE + kw] = clamp(at, 0, inWidth - 1); \
        columnInside[I * STRIDE + kw] = isInside(at, inWidth); \
    }
    EACH_COLUMN(COLUMN)

    ivec4 largest = ivec4(0);

    // Rows under the tile; those that a window shares with the one above are there when the walk down comes to it.
    vec4 value[((TILE_ROWS - 1) * STRIDE + KERNEL) * COLUMNS];
#define ROW(j) \
    { \
        const int J = j; \
        EACH_TAP_ROW(READ_ROW) \
        if (firstRow + J < outHeight) \
        { \
            int to = (plane * outHeight + firstRow + J) * outWidth + firstColumn; \
            EACH_COLUMN(PIXEL) \
        } \
    }
#define READ_ROW(kh) \
    if (J == 0 || kh >= KERNEL - STRIDE) \
    { \
        const int R = J * STRIDE + kh; \
        int rowInside = isInside(top0 + R, inHeight); \
        int from = (plane * inHeight + clamp(top0 + R, 0, inHeight - 1)) * inWidth; \
        EACH_COLUMN(READ_COLUMN) \
    }
#define READ_COLUMN(i) { const int I = i; EACH_TAP(READ) }
#define READ(kw) \
    if (I == 0 || kw >= KERNEL - STRIDE) \
    { \
        const int S = I * STRIDE + kw; \
        value[R * COLUMNS + S] = intBitsToFloat(floatBitsToInt(LOAD(x, from + column[S])) & (rowInside & columnInside[S])); \
    }
#define PIXEL(i) \
            { \
                const int I = i; \
                vec4 sum = start; \
                EACH_TAP_ROW(ADD_ROW) \
                largest = max(largest, floatBitsToInt(sum) & EXPONENT); \
                if (firstColumn + I < outWidth) \
                    store(to + I, block, sum); \
            }
#define ADD_ROW(kh) { const int KH = kh; EACH_TAP(ADD) }
#define ADD(kw) sum += value[(J * STRIDE + KH) * COLUMNS + I * STRIDE + kw] * weights[KH * KERNEL + kw];
    EACH_ROW(ROW)

    bool isBroken = any(equal(largest, ivec4(EXPONENT)));
    for (int pixel = 0; isBroken && pixel < TILE_ROWS * TILE_COLUMNS; ++pixel)
    {
        int row = firstRow + pixel / TILE_COLUMNS, column = firstColumn + pixel % TILE_COLUMNS;
        vec4 sum = start;
        for (int tap = 0; tap < KERNEL * KERNEL; ++tap)
        {
            int y0 = row * STRIDE - top + tap / KERNEL, x0 = column * STRIDE - left + tap % KERNEL;
            if (isInside(y0, inHeight) != 0 && isInside(x0, inWidth) != 0)
                sum += LOAD(x, (plane * inHeight + y0) * inWidth + x0) * LOAD(weight, block * KERNEL * KERNEL + tap);
        }

        if (row < outHeight && column < outWidth)
            store((plane * outHeight + row) * outWidth + column, block, sum);
    }
}
