#version 430 core

// A dense convolution and the depthwise one that reads it, forward, in one dispatch: an invocation computes the first by tiles of a row
// (include/row_tile.glsl), row after row, and adds each to the windows of the second that it is in. Only the second's sums are stored.
//
//   e[n,c,h,w]   = activate(bias[c] + sum over kh,kw,ic of weight[c,ic,kh,kw] * x[n, ic, h*stride - top + kh*dilation, w*STRIDE - left + kw])
//   y[n,c,oh,ow] = activate(filterBias[c] + sum over kh,kw of filter[c,kh,kw] * e[n, c, oh*FILTER_STRIDE - filterTop + kh, ow*FILTER_STRIDE - filterLeft + kw])
//   A position outside e counts as zero, which is not multiplied.
//
// Layout    as layers/conv2d.comp; with FROM_PLAIN x is row-major. Behind bias [C/4] lie filterBias [C/4] and filter [C/4][FILTER][FILTER].
// Dispatch  one invocation for each TILE_OUTPUTS columns of filterRows rows of TILE_BLOCKS vec4s of channels: x walks them, tiles of a row first,
//           then parts of a plane, then channels; y the pictures.
// Defines   KERNEL, STRIDE, PADDED, IN_LANES: of the dense convolution. FILTER, FILTER_STRIDE: of the depthwise windows, along both axes.
//           ACTIVATION: of both, or of one; ACTIVATES: 1 for the first, 2 for the second, 3 for both.
//           BEFORE, BEHIND: pixels at the beginning and at the end of a tile that may lie outside e.
// Twin      layers/conv2d.comp with layers/depthwise_conv2d.comp
// Source    Howard et al. 2017, arXiv:1704.04861, section 3.1; Sandler et al. 2018, arXiv:1801.04381, section 3.
// Variants  TILE_OUTPUTS 8, TILE_BLOCKS 2, TILE_GROUP 8, KERNEL 3, STRIDE 2, PADDED 1, IN_LANES 3, FROM_PLAIN 1, FILTER 3, FILTER_STRIDE 1, BEFORE 1, BEHIND 10, ACTIVATION 2, ACTIVATES 3
// Variants  TILE_OUTPUTS 7, TILE_BLOCKS 2, TILE_GROUP 8, KERNEL 1, STRIDE 1, PADDED 0, IN_LANES 4, FILTER 3, FILTER_STRIDE 2, BEFORE 1, BEHIND 0, ACTIVATION 2, ACTIVATES 3
// Variants  TILE_OUTPUTS 7, TILE_BLOCKS 2, TILE_GROUP 8, KERNEL 1, STRIDE 1, PADDED 0, IN_LANES 4, FILTER 5, FILTER_STRIDE 1, BEFORE 2, BEHIND 2, ACTIVATION 0, ACTIVATES 0
// Variants  TILE_OUTPUTS 7, TILE_BLOCKS 2, TILE_GROUP 8, KERNEL 1, STRIDE 1, PADDED 0, IN_LANES 4, FILTER 3, FILTER_STRIDE 1, BEFORE 1, BEHIND 1, ACTIVATION 1, ACTIVATES 1
// Variants  TILE_OUTPUTS 4, TILE_BLOCKS 2, TILE_GROUP 8, KERNEL 1, STRIDE 1, PADDED 0, IN_LANES 4, FILTER 5, FILTER_STRIDE 2, BEFORE 2, BEHIND 11, ACTIVATION 11, ACTIVATES 2
// Variants  TILE_OUTPUTS 1, TILE_BLOCKS 1, TILE_GROUP 64, KERNEL 3, STRIDE 2, PADDED 1, IN_LANES 3, FILTER 3, FILTER_STRIDE 1, BEFORE 1, BEHIND 1, ACTIVATION 2, ACTIVATES 3
// Variants  TILE_OUTPUTS 1, TILE_BLOCKS 1, TILE_GROUP 64, KERNEL 1, STRIDE 1, PADDED 0, IN_LANES 4, FILTER 5, FILTER_STRIDE 2, BEFORE 2, BEHIND 1, ACTIVATION 8, ACTIVATES 2
// Variants  TILE_OUTPUTS 8, TILE_BLOCKS 2, TILE_GROUP 8, KERNEL 3, STRIDE 2, PADDED 1, IN_LANES 3, FROM_PLAIN 1, FILTER 3, FILTER_STRIDE 1, BEFORE 1, BEHIND 10, ACTIVATION 2, ACTIVATES 3, HALF_WEIGHTS 1, HALF_OUTPUT 1
// Variants  TILE_OUTPUTS 7, TILE_BLOCKS 2, TILE_GROUP 8, KERNEL 1, STRIDE 1, PADDED 0, IN_LANES 4, FILTER 3, FILTER_STRIDE 2, BEFORE 1, BEHIND 0, ACTIVATION 2, ACTIVATES 3, HALF_WEIGHTS 1, HALF_INPUT 1, HALF_OUTPUT 1

// Pixels of e under a tile.
#define TILE_PIXELS ((TILE_OUTPUTS - 1) * FILTER_STRIDE + FILTER)

#include "include/tensor.glsl"
#include "include/flat.glsl"
#include "include/channels.glsl"
#include "include/activation.glsl"

// Twin: ConvolutionDepthwiseRowsKernel, src/RealtimeCnn.OpenGL/Kernels/ConvolutionDepthwiseRowsKernel.cs
layout(std140, binding = 0) uniform Params
{
    int inChannels, inHeight, inWidth, outChannels;
    int outHeight, outWidth, kernelHeight, strideHeight;
    int top, left, dilationHeight, activation;
    float alpha, beta, filterAlpha, filterBeta;
    int filterHeight, filterWidth, filterTop, filterLeft;
    int filterRows, filterParts, biasBegin, filterBegin;
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
#elif TILE_OUTPUTS == 7
#define EACH_OUTPUT(MACRO) A_7(MACRO)
#elif TILE_OUTPUTS == 8
#define EACH_OUTPUT(MACRO) A_8(MACRO)
#else
#define EACH_OUTPUT(MACRO) A_14(MACRO)
#endif

// Windows that are open when rows come that complete the first of them.
#define OPEN ((FILTER - 1) / FILTER_STRIDE)

#if FILTER == 3
#define EACH_FILTER_TAP(MACRO) C_3(MACRO)
#else
#define EACH_FILTER_TAP(MACRO) C_5(MACRO)
#endif

#if OPEN == 1
#define EACH_OPEN(MACRO) E_1(MACRO)
#elif OPEN == 2
#define EACH_OPEN(MACRO) E_2(MACRO)
#else
#define EACH_OPEN(MACRO) E_4(MACRO)
#endif

#define SUM(m) sum[(m) * TILE_BLOCKS + B]
#define WINDOW(p, i) window[((p) * OPEN + (i)) * TILE_BLOCKS + B]
#define FILTER_AT(kh, kw) LOAD(bias, filterBegin + (blockOf[B] * FILTER + kh) * FILTER + kw)
#define PRODUCT(m, tap) ((m) < BEFORE || (m) >= TILE_PIXELS - BEHIND ? masked(SUM(m) * tap, isThere[m]) : SUM(m) * tap)

vec4 masked(vec4 value, int mask)
{
    return intBitsToFloat(floatBitsToInt(value) & mask);
}

void main()
{
    int across = (filterWidth + TILE_OUTPUTS - 1) / TILE_OUTPUTS, strips = across * filterParts;
    int invocation = int(gl_GlobalInvocationID.x), n = int(gl_WorkGroupID.y);
    int group = quotient(invocation, strips), strip = invocation - group * strips, part = quotient(strip, across);
    int firstRow = part * filterRows, firstOutput = (strip - part * across) * TILE_OUTPUTS;
    int firstColumn = firstOutput * FILTER_STRIDE - filterLeft;
    int firstBlock = group * TILE_BLOCKS, lastBlock = blocksOf(outChannels) - 1;

    ROW_TILE(firstColumn, firstBlock)
    vec4 window[TILE_OUTPUTS * OPEN * TILE_BLOCKS], begun[TILE_BLOCKS], taps[FILTER];
    int isThere[TILE_PIXELS];
#define IS_THERE(m) isThere[m] = isInside(firstColumn + m, outWidth);
    EACH_PIXEL(IS_THERE)
#define EMPTY_BLOCK(b) \
    { \
        const int B = b; \
        begun[B] = LOAD(bias, biasBegin + blockOf[B]); \
        EACH_OUTPUT(EMPTY_WINDOWS) \
    }
#define EMPTY_WINDOWS(p) { const int P = p; EACH_OPEN(EMPTY_WINDOW) }
#define EMPTY_WINDOW(i) WINDOW(P, i) = vec4(0.0);
    EACH_BLOCK(EMPTY_BLOCK)

    // The windows above the first are not complete, and are not stored.
    int outRow = firstRow - OPEN, endRow = min(firstRow + filterRows, filterHeight);
    do
    {
        int h = 0, rowInside;
        do
        {
            int row = outRow * FILTER_STRIDE - filterTop + FILTER - FILTER_STRIDE + h;
            rowInside = isInside(row, outHeight);
            START_SUMS
            ADD_ROWS(row, n)
#if ACTIVATES == 2
#define FINISHED(value) value
#else
#define FINISHED(value) activate(value, activation, alpha, beta)
#endif
#define ADD_BLOCK(b) { const int B = b; EACH_PIXEL(FINISH) EACH_OPEN(ADD_OPEN) }
#define FINISH(m) SUM(m) = masked(FINISHED(SUM(m)), rowInside);
#define ADD_OPEN(i) { const int I = i; EACH_FILTER_TAP(TAKE_TAP) EACH_OUTPUT(ADD_OUTPUT) }
#define TAKE_TAP(kw) taps[kw] = masked(FILTER_AT(FILTER - FILTER_STRIDE * (I + 1) + h, kw), rowInside);
#define ADD_OUTPUT(p) { const int P = p; EACH_FILTER_TAP(ADD_TAP_OF) }
#define ADD_TAP_OF(kw) WINDOW(P, I) += PRODUCT(P * FILTER_STRIDE + kw, taps[kw]);
            EACH_BLOCK(ADD_BLOCK)
        }
        while (++h < FILTER_STRIDE);

        // The window above is complete, and takes the place of a pixel that no other window begins with; the next begins with the last row.
#define NEXT_BLOCK(b) { const int B = b; EACH_FILTER_TAP(FIRST_TAP) EACH_OUTPUT(NEXT_OUTPUT) }
#define FIRST_TAP(kw) taps[kw] = masked(FILTER_AT(0, kw), rowInside);
#define NEXT_OUTPUT(p) \
        { \
            const int P = p; \
            vec4 complete = WINDOW(P, 0), next = begun[B]; \
            EACH_FILTER_TAP(ADD_FIRST) \
            SHIFT \
            WINDOW(P, OPEN - 1) = next; \
            SUM(P) = complete; \
        }
#define ADD_FIRST(kw) next += PRODUCT(P * FILTER_STRIDE + kw, taps[kw]);
#if OPEN == 1
#define SHIFT
#elif OPEN == 2
#define SHIFT WINDOW(P, 0) = WINDOW(P, 1);
#else
#define SHIFT WINDOW(P, 0) = WINDOW(P, 1); WINDOW(P, 1) = WINDOW(P, 2); WINDOW(P, 2) = WINDOW(P, 3);
#endif
        EACH_BLOCK(NEXT_BLOCK)

        int count = outRow < firstRow ? 0 : min(TILE_BLOCKS, lastBlock + 1 - firstBlock), b = 0;
        do
        {
            int block = firstBlock + b, to = ((n * (lastBlock + 1) + block) * filterHeight + outRow) * filterWidth + firstOutput;
#if ACTIVATES == 1
#define STORED_OF(value) value
#else
#define STORED_OF(value) activate(value, activation, filterAlpha, filterBeta)
#endif
#define STORE(p) \
            if (b < count && firstOutput + p < filterWidth) \
                y[to + p] = STORED(keepChannels(STORED_OF(sum[p * TILE_BLOCKS]), block, outChannels)); \
            MOVE_UP(p)
            EACH_OUTPUT(STORE)
        }
        while (++b < count);
    }
    while (++outRow < endRow);
}
