#version 430 core

// Conv2d, forward, as tiles of a row: each invocation computes TILE_PIXELS neighbours in a row of TILE_BLOCKS vec4s of output channels.
// A turn of its loop is a row of the window: neighbours share what it reads, and a sum, which a tile of this size keeps in memory, is
// read and written once a turn. Padding is zeros.
//
//   y[n,oc,oh,ow] = activate(bias[oc] + sum over kh,kw,ic of weight[oc,ic,kh,kw] *
//                            x[n, ic, oh*stride - top + kh*dilation, ow*STRIDE - left + kw] + residual[n,oc,oh,ow])
//
// Layout    as layers/conv2d.comp.
// Dispatch  one invocation per tile: x walks the tiles of a plane, row by row, y the tiles of output channels, z the pictures. KERNEL,
//           STRIDE: columns of the window, and from one to the next. PADDED 0 where no window reaches past the input. IN_LANES:
//           channels in a vec4 of the input, fewer than 4 only where it has no more.
// Variants  TILE_PIXELS 7, TILE_BLOCKS 4, TILE_GROUP 8, KERNEL 3, STRIDE 1, PADDED 1, IN_LANES 4, RESIDUAL 0, ACTIVATION 0..17
// Variants  TILE_PIXELS 7, TILE_BLOCKS 4, TILE_GROUP 8, KERNEL 3, STRIDE 1, PADDED 1, IN_LANES 4, RESIDUAL 1, ACTIVATION 0
// Variants  TILE_PIXELS 14, TILE_BLOCKS 2, TILE_GROUP 8, KERNEL 3, STRIDE 1, PADDED 0, IN_LANES 1, RESIDUAL 0, ACTIVATION 0
// Variants  TILE_PIXELS 14, TILE_BLOCKS 2, TILE_GROUP 8, KERNEL 3, STRIDE 1, PADDED 1, IN_LANES 2..4, RESIDUAL 0, ACTIVATION 0
// Variants  TILE_PIXELS 14, TILE_BLOCKS 2, TILE_GROUP 8, KERNEL 3, STRIDE 2, PADDED 1, IN_LANES 4, RESIDUAL 0, ACTIVATION 0
// Variants  TILE_PIXELS 14, TILE_BLOCKS 2, TILE_GROUP 8, KERNEL 5, STRIDE 1, PADDED 0, IN_LANES 2, RESIDUAL 0, ACTIVATION 0
// Variants  TILE_PIXELS 14, TILE_BLOCKS 2, TILE_GROUP 8, KERNEL 7, STRIDE 2, PADDED 1, IN_LANES 4, RESIDUAL 0, ACTIVATION 10
// Variants  TILE_PIXELS 7, TILE_BLOCKS 4, TILE_GROUP 8, KERNEL 3, STRIDE 1, PADDED 1, IN_LANES 3, RESIDUAL 0, ACTIVATION 1, HALF_WEIGHTS 1, HALF_OUTPUT 1
// Variants  TILE_PIXELS 4, TILE_BLOCKS 1..2, TILE_GROUP 64, KERNEL 3, STRIDE 1, PADDED 1, IN_LANES 4, RESIDUAL 0, ACTIVATION 0
// Twin      ConvolutionKernel, src/RealtimeCnn/Cpu/ConvolutionKernel.cs
// Source    LeCun et al. 1998, "Gradient-Based Learning Applied to Document Recognition", section II; ONNX Conv.

#include "include/convolution.glsl"
#include "include/tile.glsl"

#if KERNEL == 3
#define EACH_TAP(MACRO) C_3(MACRO)
#elif KERNEL == 5
#define EACH_TAP(MACRO) C_5(MACRO)
#else
#define EACH_TAP(MACRO) C_7(MACRO)
#endif

// Columns of the input under a tile.
#define COLUMNS ((TILE_PIXELS - 1) * STRIDE + KERNEL)

// Lanes of -1 where a position is in the input, of 0 where zeros lie.
int isInside(int position, int length)
{
    return uint(position) < uint(length) ? -1 : 0;
}

void main()
{
    int inBlocks = blocksOf(inChannels), inArea = inHeight * inWidth, across = (outWidth + TILE_PIXELS - 1) / TILE_PIXELS;
    int tile = int(gl_GlobalInvocationID.x), n = int(gl_WorkGroupID.z);
    int row = quotient(tile, across), firstColumn = (tile - row * across) * TILE_PIXELS;
    int firstBlock = int(gl_WorkGroupID.y) * TILE_BLOCKS, lastBlock = blocksOf(outChannels) - 1;

    vec4 sum[TILE_PIXELS * TILE_BLOCKS];
#define BIAS(b) { const int B = b; vec4 start = LOAD(bias, min(firstBlock + b, lastBlock)); EACH_PIXEL(BIAS_OF) }
#define BIAS_OF(m) sum[m * TILE_BLOCKS + B] = start;
    EACH_BLOCK(BIAS)

    // Columns under the tile, each for the first window that it is in.
    int column[COLUMNS], columnInside[COLUMNS];
#define COLUMN(m) { const int M = m; EACH_TAP(COLUMN_OF) }
#define COLUMN_OF(kw) \
    if (M == 0 || kw >= KERNEL - STRIDE) \
    { \
        int at = firstColumn * STRIDE - left + M * STRIDE + kw; \
        column[M * STRIDE + kw] = clamp(at, 0, inWidth - 1); \
        columnInside[M * STRIDE + kw] = isInside(at, inWidth); \
    }
    EACH_PIXEL(COLUMN)

    int turn = inBlocks * 4;
    for (int kh = 0; kh < kernelHeight; ++kh)
    {
        int from = row * strideHeight - top + kh * dilationHeight;
        int rowInside = isInside(from, inHeight);
        int plane = n * inBlocks * inArea + clamp(from, 0, inHeight - 1) * inWidth;
        int w[TILE_BLOCKS];
#define ROW(b) w[b] = (min(firstBlock + b, lastBlock) * kernelHeight + kh) * KERNEL * turn;
        EACH_BLOCK(ROW)
#if IN_LANES == 4
        for (int k = 0; k < turn; k += 4, plane += inArea)
#else
        const int k = 0;
#endif
        {
            vec4 value[COLUMNS];
#define READ_COLUMN(m) { const int M = m; EACH_TAP(READ) }
#if PADDED == 0
#define READ(kw) if (M == 0 || kw >= KERNEL - STRIDE) value[M * STRIDE + kw] = LOAD(x, plane + column[M * STRIDE + kw]);
#else
#define READ(kw) if (M == 0 || kw >= KERNEL - STRIDE) value[M * STRIDE + kw] = intBitsToFloat(floatBitsToInt(LOAD(x, plane + column[M * STRIDE + kw])) & (rowInside & columnInside[M * STRIDE + kw]));
#endif
            EACH_PIXEL(READ_COLUMN)
#define BLOCK(b) \
            { \
                const int B = b; \
                vec4 weights[KERNEL * IN_LANES]; \
                EACH_TAP(WEIGHTS) \
                EACH_PIXEL(ADD) \
            }
#define WEIGHTS(kw) { const int KW = kw; EACH_LANE(WEIGHT) }
#define WEIGHT(c) weights[KW * IN_LANES + c] = LOAD(weight, w[B] + KW * turn + k + c);
#define ADD(m) { const int M = m; EACH_TAP(ADD_TAP) }
#define ADD_TAP(kw) { const int KW = kw; EACH_LANE(ADD_LANE) }
#define ADD_LANE(c) sum[M * TILE_BLOCKS + B] += value[M * STRIDE + KW][c] * weights[KW * IN_LANES + c];
            EACH_BLOCK(BLOCK)
        }
    }

    // Blocks one after the other, the next moved up: a store written out for each sum would be most of what a driver compiles.
    int count = row < outHeight ? min(TILE_BLOCKS, lastBlock + 1 - firstBlock) : 0;
    for (int b = 0; b < count; ++b)
    {
        int block = firstBlock + b, to = ((n * (lastBlock + 1) + block) * outHeight + row) * outWidth + firstColumn;
#define STORE(m) \
        if (firstColumn + m < outWidth) \
            store(to + m, block, sum[m * TILE_BLOCKS]); \
        MOVE_UP(m)
        EACH_PIXEL(STORE)
    }
}
