#version 430 core

// Conv2d by Winograd's F(4, 3), the last of two dispatches, for few input channels: products and outputs of TILE_PIXELS tiles at once, so
// that what 36 matrices come to is not stored. The points of a row are multiplied, summed across, and added down as that row counts in
// each row of outputs. A tile that is not finite is computed directly after all (include/winograd.glsl).
//
//   y[n,oc,oh,ow] = activate(bias[oc] + (At (weight x points) A)[oh,ow] + residual[n,oc,oh,ow])
//
// Layout    points [36][C/4][tiles] vec4s of c; pointWeight as weight of layers/pointwise_conv2d_tile.comp with MATRICES 36; weight,
//           for what is computed directly, as layers/conv2d.comp, and all others as there.
// Dispatch  one invocation for TILE_PIXELS tiles of one vec4 of output channels: x walks the tiles, TILE_GROUP apart in an invocation,
//           y the channels. ACROSS: neighbours are vec4s of output channels instead: x walks the channels and y the tiles.
// Variants  TILE_PIXELS 11, TILE_BLOCKS 1, TILE_GROUP 8, ACROSS 1, RESIDUAL 0..1, ACTIVATION 0..1
// Variants  TILE_PIXELS 11, TILE_BLOCKS 1, TILE_GROUP 8, RESIDUAL 0, ACTIVATION 0
// Variants  TILE_PIXELS 11, TILE_BLOCKS 1, TILE_GROUP 8, RESIDUAL 1, ACTIVATION 1
// Variants  TILE_PIXELS 11, TILE_BLOCKS 1, TILE_GROUP 8, ACROSS 1, RESIDUAL 1, ACTIVATION 0, HALF_WEIGHTS 1, HALF_INPUT 1, HALF_OUTPUT 1
// Twin      WinogradKernel, src/RealtimeCnn/Cpu/WinogradKernel.cs
// Source    Lavin and Gray 2016, "Fast Algorithms for Convolutional Neural Networks", arXiv:1509.09308.

#include "include/convolution.glsl"
#include "include/tile.glsl"
#include "include/winograd.glsl"

READ_TENSOR(5, Points, points);
READ_WEIGHTS(6, PointWeights, pointWeight);

// How a row of points counts in each of four rows of outputs: a column of At.
vec4 downOf(int row)
{
    float sign = (row & 1) != 0 ? 1.0 : -1.0;
    vec4 inner = vec4(1.0, sign * ROOT_HALF, 0.5, sign * 0.5 * ROOT_HALF), outer = vec4(1.0, sign * ROOT2, 2.0, sign * 2.0 * ROOT2);
    return row == 0 ? vec4(1.0, 0.0, 0.0, 0.0) : row < 3 ? inner : row < 5 ? outer : vec4(0.0, 0.0, 0.0, 1.0);
}

void main()
{
    int inBlocks = blocksOf(inChannels), lastBlock = blocksOf(outChannels) - 1;
    int tiles = batch * tilesOf(outHeight) * tilesOf(outWidth);
#ifdef ACROSS
#define TILE_STEP 1
#define WEIGHT_STEP TILE_GROUP
    int firstTile = int(gl_WorkGroupID.y) * TILE_PIXELS, block = int(gl_WorkGroupID.x) * TILE_GROUP + int(gl_LocalInvocationID.x);
#else
#define TILE_STEP TILE_GROUP
#define WEIGHT_STEP 1
    int firstTile = int(gl_WorkGroupID.x) * TILE_GROUP * TILE_PIXELS + int(gl_LocalInvocationID.x), block = int(gl_WorkGroupID.y);
#endif
    // Tiles and channels behind the last compute it again.
    int readBlock = min(block, lastBlock), tile[TILE_PIXELS];
#define TILE(m) tile[m] = min(firstTile + m * TILE_STEP, tiles - 1);
    EACH_PIXEL(TILE)

    vec4 sum[TILE_PIXELS * 16], start = LOAD(bias, readBlock);
#define BEGIN(m) { const int M = m; C_16(BEGIN_SUM) }
#define BEGIN_SUM(i) sum[M * 16 + i] = start;
    EACH_PIXEL(BEGIN)

    int matrix = inBlocks * 4 * WEIGHT_STEP, w = readBlock / WEIGHT_STEP * WINOGRAD_POINTS * matrix + readBlock % WEIGHT_STEP, from = 0;
    // Loops that ask at their end: where they ask first, llvmpipe walks the last turn too, with all lanes off.
    int row = 0;
    do
    {
        vec4 across[TILE_PIXELS * 6];
#define POINT(c) \
        { \
            const int C = c; \
            vec4 product[TILE_PIXELS]; \
            EACH_PIXEL(ZERO) \
            int k = 0; \
            do \
            { \
                vec4 w0 = LOAD(pointWeight, w), w1 = LOAD(pointWeight, w + WEIGHT_STEP); \
                vec4 w2 = LOAD(pointWeight, w + 2 * WEIGHT_STEP), w3 = LOAD(pointWeight, w + 3 * WEIGHT_STEP); \
                EACH_PIXEL(ADD) \
                w += 4 * WEIGHT_STEP; \
                from += tiles; \
            } \
            while (++k < inBlocks); \
            EACH_PIXEL(KEEP) \
        }
#define ZERO(m) product[m] = vec4(0.0);
#define ADD(m) \
                { \
                    vec4 value = LOAD(points, from + tile[m]); \
                    product[m] += value.x * w0; \
                    product[m] += value.y * w1; \
                    product[m] += value.z * w2; \
                    product[m] += value.w * w3; \
                }
#define KEEP(m) across[m * 6 + C] = product[m];
        C_6(POINT)

        vec4 down = downOf(row);
#define DOWN(m) \
        { \
            const int M = m; \
            vec4 outputs[4]; \
            WINOGRAD_OUTPUT(across[m * 6], across[m * 6 + 1], across[m * 6 + 2], across[m * 6 + 3], across[m * 6 + 4], across[m * 6 + 5], outputs[0], outputs[1], outputs[2], outputs[3]) \
            C_16(DOWN_SUM) \
        }
#define DOWN_SUM(i) sum[M * 16 + i] += down[i / 4] * outputs[i % 4];
        EACH_PIXEL(DOWN)
    }
    while (++row < 6);

    // Row by row, the sums of each row in the place of the one before: written out for all rows, stores are most of the program.
    int broken = 0;
    row = 0;
    do
    {
#define STORE(m) \
        { \
            const int M = m; \
            Place p = placeOfTile(readBlock, firstTile + m * TILE_STEP); \
            int first = indexOf(p, row, 0); \
            bool exists = firstTile + m * TILE_STEP < tiles && block <= lastBlock && p.row + row < outHeight; \
            ivec4 largest = ivec4(0); \
            C_4(LARGEST) \
            broken |= any(equal(largest, ivec4(EXPONENT))) ? 1 << m : 0; \
            C_4(STORE_SUM) \
            C_12(NEXT) \
        }
#define LARGEST(i) largest = max(largest, floatBitsToInt(sum[M * 16 + i]) & EXPONENT);
#define STORE_SUM(i) if (exists && p.column + i < outWidth) store(first + i, block, sum[M * 16 + i]);
#define NEXT(i) sum[M * 16 + i] = sum[M * 16 + i + 4];
        EACH_PIXEL(STORE)
    }
    while (++row < 4);

    for (int i = 0; broken != 0 && i < TILE_PIXELS * 16; ++i)
    {
        int m = i / 16, column = i % 4;
        row = i / 4 % 4;
        Place p = placeOfTile(readBlock, firstTile + m * TILE_STEP);
        bool exists = firstTile + m * TILE_STEP < tiles && block <= lastBlock && p.row + row < outHeight && p.column + column < outWidth;
        if (exists && (broken >> m & 1) != 0)
            store(indexOf(p, row, column), block, directSum(Place(p.n, block, p.row + row, p.column + column)));
    }
}
