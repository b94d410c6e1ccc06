#version 430 core

// Conv2d by Winograd's F(4, 3), the first of three dispatches: 36 points of each 6×6 tile of the input.
//
//   y[point,c,tile] = (Bt x B)[point]        x: the tile's inputs of channel c, what the layer's padding says beyond the edge
//
// Layout    x as layers/conv2d.comp; y [36][C/4][tiles] vec4s of c, tiles of all pictures.
// Dispatch  flat, one invocation per vec4 of channels and tile.
// Twin      WinogradKernel, src/RealtimeCnn/Cpu/WinogradKernel.cs
// Source    Lavin and Gray 2016, "Fast Algorithms for Convolutional Neural Networks", arXiv:1509.09308.
// Variants  TILE_GROUP 8, RESIDUAL 0, ACTIVATION 0
// Variants  TILE_GROUP 8, RESIDUAL 0, ACTIVATION 0, HALF_INPUT 1

#include "include/convolution.glsl"
#include "include/repeat.glsl"
#include "include/winograd.glsl"

void main()
{
    int tiles = batch * tilesOf(outHeight) * tilesOf(outWidth), inBlocks = blocksOf(inChannels);
    int i = flatInvocation();
    if (i >= inBlocks * tiles)
        return;

    int block = quotient(i, tiles);
    Place p = placeOfTile(block, i - block * tiles);
    int plane = (p.n * inBlocks + block) * inHeight * inWidth;

    // Zeros where no window looks.
    int column[6];
#define COLUMN(c) column[c] = p.column + c < outWidth + 2 ? sourceIndex(p.column - left + c, inWidth, paddingMode) : -1;
    A_6(COLUMN)
    vec4 value[6], across[36];
#define ROW(r) \
    { \
        const int R = r; \
        int row = p.row + R < outHeight + 2 ? sourceIndex(p.row - top + R, inHeight, paddingMode) : -1; \
        int from = plane + max(row, 0) * inWidth; \
        B_6(READ) \
        WINOGRAD_INPUT(value[0], value[1], value[2], value[3], value[4], value[5], across[R], across[6 + R], across[12 + R], across[18 + R], across[24 + R], across[30 + R]) \
    }
#define READ(c) value[c] = intBitsToFloat(floatBitsToInt(LOAD(x, from + max(column[c], 0))) & (row < 0 || column[c] < 0 ? 0 : -1));
    A_6(ROW)

    vec4 point[6];
#define POINTS(c) \
    { \
        const int C = c; \
        WINOGRAD_INPUT(across[6 * C], across[6 * C + 1], across[6 * C + 2], across[6 * C + 3], across[6 * C + 4], across[6 * C + 5], point[0], point[1], point[2], point[3], point[4], point[5]) \
        B_6(STORE) \
    }
#define STORE(r) y[(r * 6 + C) * inBlocks * tiles + i] = STORED(point[r]);
    A_6(POINTS)
}
