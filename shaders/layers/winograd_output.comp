#version 430 core

// Conv2d by Winograd's F(4, 3), the last of three dispatches: 4×4 outputs of the 36 points of each tile. A tile that is not finite is
// computed directly after all: points mix the elements of a tile and overflow before the sums do, so that NaN and infinity would spread.
//
//   y[n,oc,oh,ow] = activate(bias[oc] + (At points A)[oh,ow] + residual[n,oc,oh,ow])
//
// Layout    points [36][OC/4][tiles] vec4s of oc; directWeight as weight of layers/conv2d.comp, and all others as there.
// Dispatch  flat, one invocation per vec4 of output channels and tile.
// Twin      WinogradKernel, src/RealtimeCnn/Cpu/WinogradKernel.cs
// Source    Lavin and Gray 2016, "Fast Algorithms for Convolutional Neural Networks", arXiv:1509.09308.
// Variants  TILE_GROUP 8, RESIDUAL 0..1, ACTIVATION 0..2
// Variants  TILE_GROUP 8, RESIDUAL 1, ACTIVATION 0, HALF_WEIGHTS 1, HALF_INPUT 1, HALF_OUTPUT 1

#include "include/convolution.glsl"
#include "include/repeat.glsl"
#include "include/winograd.glsl"

READ_TENSOR(5, Points, points);

void main()
{
    int tiles = batch * tilesOf(outHeight) * tilesOf(outWidth), outBlocks = blocksOf(outChannels);
    int i = flatInvocation();
    if (i >= outBlocks * tiles)
        return;

    int block = quotient(i, tiles);
    Place p = placeOfTile(block, i - block * tiles);
    int first = indexOf(p, 0, 0);

    int step = outBlocks * tiles;
    vec4 value[6], down[24];
    ivec4 largest = ivec4(0);
#define COLUMN(c) \
    { \
        const int C = c; \
        B_6(READ) \
        WINOGRAD_OUTPUT(value[0], value[1], value[2], value[3], value[4], value[5], down[C], down[6 + C], down[12 + C], down[18 + C]) \
    }
#define READ(r) value[r] = LOAD(points, (r * 6 + C) * step + i); largest = max(largest, floatBitsToInt(value[r]) & EXPONENT);
    A_6(COLUMN)

    vec4 start = LOAD(bias, block), sum[4];
#define ROW(r) \
    if (p.row + r < outHeight) \
    { \
        const int R = r; \
        WINOGRAD_OUTPUT(down[6 * R], down[6 * R + 1], down[6 * R + 2], down[6 * R + 3], down[6 * R + 4], down[6 * R + 5], sum[0], sum[1], sum[2], sum[3]) \
        B_4(PIXEL) \
    }
#define PIXEL(c) \
        largest = max(largest, floatBitsToInt(sum[c]) & EXPONENT); \
        if (p.column + c < outWidth) \
            store(first + R * outWidth + c, block, start + sum[c]);
    A_4(ROW)

    bool isBroken = any(equal(largest, ivec4(EXPONENT)));
    for (int pixel = 0; isBroken && pixel < 16; ++pixel)
    {
        Place here = Place(p.n, block, p.row + pixel / 4, p.column + pixel % 4);
        if (here.row < outHeight && here.column < outWidth)
            store(first + pixel / 4 * outWidth + pixel % 4, block, directSum(here));
    }
}
