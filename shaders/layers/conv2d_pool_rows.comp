#version 430 core

// A dense convolution and a pooling of it, forward, in one dispatch: an invocation computes the convolution by tiles of a row
// (include/row_tile.glsl), row after row, and folds each into the windows that it is in. Only what is pooled is stored.
//
//   y[n,oc,ph,pw] = max (a NaN wins, minus infinity where a window sees nothing) or mean (0 there) over the window of
//                   activate(bias[oc] + sum over kh,kw,ic of weight[oc,ic,kh,kw] *
//                            x[n, ic, oh*stride - top + kh*dilation, ow*STRIDE - left + kw])
//
// Layout    as layers/conv2d.comp; with FROM_PLAIN x is row-major.
// Dispatch  one invocation for each TILE_OUTPUTS columns of poolRows rows of y: x walks them, row by row, y TILE_BLOCKS vec4s of
//           channels, z the pictures.
// Defines   KERNEL, STRIDE, PADDED, IN_LANES, ACTIVATION: of the convolution. AVERAGE: 1 for means, 0 for maxima; POOL, POOL_STRIDE:
//           of the pooling's windows, along both axes, which share one row at most. NONNEGATIVE: as in include/fold.glsl.
// Twin      layers/conv2d.comp with max_pool2d.comp or average_pool2d.comp
// Variants  TILE_OUTPUTS 7, TILE_BLOCKS 2, TILE_GROUP 8, KERNEL 3, STRIDE 2, PADDED 0, IN_LANES 3, FROM_PLAIN 0, AVERAGE 0, POOL 3, POOL_STRIDE 2, ACTIVATION 1, NONNEGATIVE 1
// Variants  TILE_OUTPUTS 7, TILE_BLOCKS 2, TILE_GROUP 8, KERNEL 3, STRIDE 1, PADDED 1, IN_LANES 4, AVERAGE 0, POOL 2, POOL_STRIDE 1, ACTIVATION 0
// Variants  TILE_OUTPUTS 1, TILE_BLOCKS 1, TILE_GROUP 64, KERNEL 3, STRIDE 2, PADDED 0, IN_LANES 3, FROM_PLAIN 0, AVERAGE 0, POOL 3, POOL_STRIDE 2, ACTIVATION 1, NONNEGATIVE 1
// Variants  TILE_OUTPUTS 1, TILE_BLOCKS 1, TILE_GROUP 64, KERNEL 3, STRIDE 1, PADDED 1, IN_LANES 4, AVERAGE 0, POOL 2, POOL_STRIDE 1, ACTIVATION 0
// Variants  TILE_OUTPUTS 7, TILE_BLOCKS 2, TILE_GROUP 8, KERNEL 3, STRIDE 2, PADDED 0, IN_LANES 3, FROM_PLAIN 0, AVERAGE 0, POOL 3, POOL_STRIDE 2, ACTIVATION 1, NONNEGATIVE 1, HALF_WEIGHTS 1, HALF_OUTPUT 1
// Variants  TILE_OUTPUTS 7, TILE_BLOCKS 2, TILE_GROUP 8, KERNEL 3, STRIDE 1, PADDED 1, IN_LANES 4, AVERAGE 0, POOL 2, POOL_STRIDE 1, ACTIVATION 0, HALF_WEIGHTS 1, HALF_INPUT 1
// Variants  TILE_OUTPUTS 7, TILE_BLOCKS 2, TILE_GROUP 8, KERNEL 7, STRIDE 2, PADDED 1, IN_LANES 3, FROM_PLAIN 3, AVERAGE 0, POOL 3, POOL_STRIDE 2, ACTIVATION 10
// Variants  TILE_OUTPUTS 7, TILE_BLOCKS 2, TILE_GROUP 8, KERNEL 5, STRIDE 1, PADDED 1, IN_LANES 1, AVERAGE 1, POOL 2, POOL_STRIDE 2, ACTIVATION 8
// Variants  TILE_OUTPUTS 7, TILE_BLOCKS 4, TILE_GROUP 8, KERNEL 1, STRIDE 1, PADDED 0, IN_LANES 4, AVERAGE 0, POOL 3, POOL_STRIDE 2, ACTIVATION 1, NONNEGATIVE 1
// Variants  TILE_OUTPUTS 4, TILE_BLOCKS 2, TILE_GROUP 8, KERNEL 3, STRIDE 1, PADDED 0, IN_LANES 2, FROM_PLAIN 0, AVERAGE 1, POOL 3, POOL_STRIDE 3, ACTIVATION 2

// Pixels of the convolution under a tile.
#define TILE_PIXELS ((TILE_OUTPUTS - 1) * POOL_STRIDE + POOL)

#include "include/tensor.glsl"
#include "include/flat.glsl"
#include "include/channels.glsl"
#include "include/activation.glsl"
#include "include/fold.glsl"

// Twin: ConvolutionPoolRowsKernel, src/RealtimeCnn.OpenGL/Kernels/ConvolutionPoolRowsKernel.cs
layout(std140, binding = 0) uniform Params
{
    int inChannels, inHeight, inWidth, outChannels;
    int outHeight, outWidth, kernelHeight, strideHeight;
    int top, left, dilationHeight, activation;
    float alpha, beta;
    int poolHeight, poolWidth;
    int poolTop, poolLeft, poolBottom, poolRight;
    int poolRows, countIncludePad;
};

READ_VALUES(1, Input, x);
READ_WEIGHTS(2, Weights, weight);
READ_TENSOR(3, Bias, bias);
WRITE_VALUES(Output, y);

#include "include/row_tile.glsl"

#if TILE_OUTPUTS == 1
#define EACH_OUTPUT(MACRO) A_1(MACRO)
#elif TILE_OUTPUTS == 4
#define EACH_OUTPUT(MACRO) A_4(MACRO)
#else
#define EACH_OUTPUT(MACRO) A_7(MACRO)
#endif

#define FOLDS(p) folds[(p) * TILE_BLOCKS + B]
#define WINDOW(p) window[(p) * TILE_BLOCKS + B]

void main()
{
    int across = (poolWidth + TILE_OUTPUTS - 1) / TILE_OUTPUTS;
    int strip = int(gl_GlobalInvocationID.x), n = int(gl_WorkGroupID.z), part = quotient(strip, across);
    int firstRow = part * poolRows, firstOutput = (strip - part * across) * TILE_OUTPUTS;
    int firstColumn = firstOutput * POOL_STRIDE - poolLeft;
    int firstBlock = int(gl_WorkGroupID.y) * TILE_BLOCKS, lastBlock = blocksOf(outChannels) - 1;

    ROW_TILE(firstColumn, firstBlock)
    Fold window[TILE_OUTPUTS * TILE_BLOCKS];
#define EMPTY_BLOCK(b) { const int B = b; EACH_OUTPUT(EMPTY_WINDOW) }
#define EMPTY_WINDOW(p) WINDOW(p) = EMPTY;
    EACH_BLOCK(EMPTY_BLOCK)

    int outRow = firstRow, endRow = min(firstRow + poolRows, poolHeight), row = firstRow * POOL_STRIDE - poolTop;
    do
    {
        // To the last row of the window; the first of a part has what it shares with the one above to compute too.
        int end = outRow * POOL_STRIDE - poolTop + POOL;
        Fold folds[TILE_OUTPUTS * TILE_BLOCKS];
        do
        {
            START_SUMS
            ADD_ROWS(row, n)

            // A row folded along its columns, in which a pixel that does not exist changes nothing.
            bool rowExists = uint(row) < uint(outHeight);
#define FOLD_BLOCK(b) \
            { \
                const int B = b; \
                Fold pixel[TILE_PIXELS]; \
                EACH_PIXEL(FOLD_PIXEL) \
                EACH_OUTPUT(FOLD_OUTPUT) \
            }
#define FOLD_PIXEL(m) pixel[m] = foldOf(activate(sum[(m) * TILE_BLOCKS + B], activation, alpha, beta), rowExists && uint(firstColumn + m) < uint(outWidth));
#if POOL == 2
#define FOLDED(p) folded(pixel[(p) * POOL_STRIDE], pixel[(p) * POOL_STRIDE + 1])
#else
#define FOLDED(p) folded(folded(pixel[(p) * POOL_STRIDE], pixel[(p) * POOL_STRIDE + 1]), pixel[(p) * POOL_STRIDE + 2])
#endif
#define FOLD_OUTPUT(p) \
                FOLDS(p) = FOLDED(p); \
                WINDOW(p) = folded(WINDOW(p), FOLDS(p));
            EACH_BLOCK(FOLD_BLOCK)
        }
        while (++row < end);

        int count = min(TILE_BLOCKS, lastBlock + 1 - firstBlock), b = 0;
        bool withPadding = countIncludePad != 0;
        int rows = elementsOf(row - POOL, POOL, outHeight, poolBottom, withPadding);
        do
        {
            const int B = 0;
            int block = firstBlock + b, to = ((n * (lastBlock + 1) + block) * poolHeight + outRow) * poolWidth + firstOutput;
#define STORE(p) \
            if (outRow < poolHeight && firstOutput + p < poolWidth) \
            { \
                int elements = rows * elementsOf(firstColumn + p * POOL_STRIDE, POOL, outWidth, poolRight, withPadding); \
                y[to + p] = STORED(keepChannels(finished(WINDOW(p), elements), block, outChannels)); \
            } \
            NEXT_WINDOW(p)
#define MOVE_WINDOW(p, i) window[(p) * TILE_BLOCKS + i] = window[(p) * TILE_BLOCKS + i + 1];
#if TILE_BLOCKS == 1
#define NEXT_WINDOW(p)
#elif TILE_BLOCKS == 2
#define NEXT_WINDOW(p) MOVE_WINDOW(p, 0)
#else
#define NEXT_WINDOW(p) MOVE_WINDOW(p, 0) MOVE_WINDOW(p, 1) MOVE_WINDOW(p, 2)
#endif
            EACH_OUTPUT(STORE)
        }
        while (++b < count);

        // The next window begins with this row, or with the next.
#define NEXT_BLOCK(b) { const int B = b; EACH_OUTPUT(NEXT_OUTPUT) }
#if POOL > POOL_STRIDE
#define NEXT_OUTPUT(p) WINDOW(p) = FOLDS(p);
#else
#define NEXT_OUTPUT(p) WINDOW(p) = EMPTY;
#endif
        EACH_BLOCK(NEXT_BLOCK)
    }
    while (++outRow < endRow);
}
