// A dense convolution by tiles of a row: TILE_PIXELS neighbours of TILE_BLOCKS vec4s of output channels. The columns of a window are
// written out, so that neighbours share what is read, and a sum, which a tile of this size keeps in memory, is read and written once
// for each of its rows. Padding is zeros.
//
//   ROW_TILE(firstColumn, firstBlock)    declares the sums, and where their columns are read: from an output column, of a block on
//   START_SUMS                           the sums are their biases
//   ADD_ROWS(row, n)                     adds the windows under an output row of picture n
//   sum[m * TILE_BLOCKS + b]             pixel m of block b
//
// Defines   KERNEL, STRIDE: columns of the window, and from one to the next. PADDED 0 where no window reaches past the input.
//           IN_LANES: channels in a vec4 of the input, fewer than 4 only where it has no more. FROM_PLAIN where the input is row-major,
//           of up to 4 channels and rows of whole vec4s: the place within one of a tile's first column.

#ifndef ROW_TILE_GLSL
#define ROW_TILE_GLSL

#include "include/tensor.glsl"
#include "include/tile.glsl"

#if KERNEL == 1
#define EACH_TAP(MACRO) C_1(MACRO)
#elif KERNEL == 3
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

// Columns under the tile, each for the first window that it is in.
#define ROW_TILE(firstColumn, firstBlock) \
    vec4 sum[TILE_PIXELS * TILE_BLOCKS]; \
    int column[COLUMNS], columnInside[COLUMNS], blockOf[TILE_BLOCKS]; \
    int firstOfTile = (firstColumn) * STRIDE - left, firstBlockOfTile = firstBlock; \
    EACH_PIXEL(COLUMN) \
    EACH_BLOCK(BLOCK_OF)
#define COLUMN(m) { const int M = m; EACH_TAP(COLUMN_OF) }
#define COLUMN_OF(kw) \
    if (M == 0 || kw >= KERNEL - STRIDE) \
    { \
        int at = firstOfTile + M * STRIDE + kw; \
        column[M * STRIDE + kw] = clamp(at, 0, inWidth - 1); \
        columnInside[M * STRIDE + kw] = isInside(at, inWidth); \
    }
#define BLOCK_OF(b) blockOf[b] = min(firstBlockOfTile + b, blocksOf(outChannels) - 1);

#define START_SUMS EACH_BLOCK(BIAS)
#define BIAS(b) { const int B = b; vec4 start = LOAD(bias, blockOf[b]); EACH_PIXEL(BIAS_OF) }
#define BIAS_OF(m) sum[m * TILE_BLOCKS + B] = start;

#if IN_LANES == 4
#define FIRST_TURN int k = 0; do
#define NEXT_TURN k += 4; plane += inArea;
#define WHILE_TURNS while (k < turn);
#else
#define FIRST_TURN const int k = 0;
#define NEXT_TURN
#define WHILE_TURNS
#endif

#define ADD_ROWS(row, n) \
    { \
        int turn = blocksOf(inChannels) * 4, inArea = inHeight * inWidth; \
        int kh = 0; \
        do \
        { \
            int from = (row) * strideHeight - top + kh * dilationHeight; \
            int rowInside = isInside(from, inHeight); \
            int plane = (n) * PLANES * inArea + clamp(from, 0, inHeight - 1) * inWidth; \
            int w[TILE_BLOCKS]; \
            EACH_BLOCK(ROW) \
            FIRST_TURN \
            { \
                vec4 value[COLUMNS]; \
                QUADS \
                EACH_PIXEL(READ_COLUMN) \
                EACH_BLOCK(BLOCK) \
                NEXT_TURN \
            } \
            WHILE_TURNS \
        } \
        while (++kh < kernelHeight); \
    }
#define ROW(b) w[b] = (blockOf[b] * kernelHeight + kh) * KERNEL * turn;
#define READ_COLUMN(m) { const int M = m; EACH_TAP(READ) }
#define READ(kw) \
    if (M == 0 || kw >= KERNEL - STRIDE) \
    { \
        const int I = M * STRIDE + kw; \
        READ_PIXEL \
        INSIDE \
    }
#ifdef FROM_PLAIN
// Four neighbours of a channel are read at once.
#define QUAD ((I + FROM_PLAIN) / 4)
#define READ_PIXEL if (I == 0 || (I + FROM_PLAIN) % 4 == 0) { EACH_LANE(READ_QUAD) } EACH_LANE(TAKE)
#define READ_QUAD(c) quads[QUAD * IN_LANES + c] = LOAD(x, (plane + c * inArea >> 2) + clamp((firstOfTile - FROM_PLAIN >> 2) + QUAD, 0, (inWidth >> 2) - 1));
#define TAKE(c) value[I][c] = quads[QUAD * IN_LANES + c][(I + FROM_PLAIN) % 4];
#define QUADS vec4 quads[(COLUMNS + FROM_PLAIN + 3) / 4 * IN_LANES];
#define PLANES inChannels
#else
#define READ_PIXEL value[I] = LOAD(x, plane + column[I]);
#define QUADS
#define PLANES blocksOf(inChannels)
#endif
#if PADDED == 0
#define INSIDE
#else
#define INSIDE value[I] = intBitsToFloat(floatBitsToInt(value[I]) & (rowInside & columnInside[I]));
#endif
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

#endif
