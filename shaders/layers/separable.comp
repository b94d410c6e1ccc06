#version 430 core

// A depthwise convolution and the pointwise one that reads it, forward, in one dispatch; with EXPANDS an inverted residual: the same
// behind a pointwise convolution. A work group computes the output channels of a tile of pixels. It walks the wide channels
// (those of the depthwise convolution), WIDE vec4s at a time, which exist in its shared memory alone.
//
//   e = activate(biasE + weightE · x)      the wide pixels under the tile, x itself without EXPANDS
//   d = activate(biasD + depthwise(e))     the pixels of the tile
//   y = activate(biasP + weightP · d + residual)
//
// Layout    x, y, residual channel-blocked by 4; parameters of each layer: bias [C/4], weights as its own shader reads them.
// Dispatch  one group per tile: x walks the tiles of a plane, y the output channels, z the pictures.
// Defines   TILE_ROWS, TILE_COLUMNS: output pixels of a group; HALO_ROWS, HALO_COLUMNS: wide pixels under them; SUMS: vec4s of output
//           channels of an invocation; optionally one ACTIVATION.
// Twin      SeparableBlockKernel, src/RealtimeCnn/Cpu/SeparableBlockKernel.cs
// Source    Howard et al. 2017, arXiv:1704.04861, section 3.1; Sandler et al. 2018, arXiv:1801.04381, section 3.
// Variants  EXPANDS 1, HALO_ROWS 6, HALO_COLUMNS 6, TILE_ROWS 4, TILE_COLUMNS 4, WIDE 8, SUMS 1, TILE_GROUP 256, RESIDUAL 1
// Variants  EXPANDS 1, HALO_ROWS 5, HALO_COLUMNS 9, TILE_ROWS 2, TILE_COLUMNS 4, WIDE 8, SUMS 1, TILE_GROUP 256, RESIDUAL 0
// Variants  EXPANDS 1, HALO_ROWS 12, HALO_COLUMNS 12, TILE_ROWS 8, TILE_COLUMNS 8, WIDE 4, SUMS 1, TILE_GROUP 256, RESIDUAL 1
// Variants  EXPANDS 0, TILE_ROWS 2, TILE_COLUMNS 4, WIDE 4, SUMS 4, TILE_GROUP 128, RESIDUAL 0
// Variants  EXPANDS 0, TILE_ROWS 2, TILE_COLUMNS 4, WIDE 8, SUMS 1, TILE_GROUP 128, RESIDUAL 0, ACTIVATION 11
// Variants  EXPANDS 1, HALO_ROWS 6, HALO_COLUMNS 6, TILE_ROWS 4, TILE_COLUMNS 4, WIDE 8, SUMS 1, TILE_GROUP 256, RESIDUAL 1, HALF_WEIGHTS 1, HALF_INPUT 1, HALF_OUTPUT 1

#include "include/tensor.glsl"
#include "include/flat.glsl"
#include "include/channels.glsl"
#include "include/activation.glsl"
#include "include/repeat.glsl"

#define TILE_AREA (TILE_ROWS * TILE_COLUMNS)
#define HALO_AREA (HALO_ROWS * HALO_COLUMNS)
#define LANE_ROWS (TILE_GROUP / TILE_AREA)

#if SUMS == 1
#define EACH_SUM(MACRO) A_1(MACRO)
#elif SUMS == 2
#define EACH_SUM(MACRO) A_2(MACRO)
#elif SUMS == 3
#define EACH_SUM(MACRO) A_3(MACRO)
#elif SUMS == 4
#define EACH_SUM(MACRO) A_4(MACRO)
#elif SUMS == 6
#define EACH_SUM(MACRO) A_6(MACRO)
#else
#define EACH_SUM(MACRO) A_8(MACRO)
#endif

// Twin: SeparableKernel, src/RealtimeCnn.OpenGL/Kernels/SeparableKernel.cs
layout(std140, binding = 0) uniform Params
{
    int inBlocks, inHeight, inWidth, wideChannels;
    int outChannels, outHeight, outWidth, across;
    int kernelHeight, kernelWidth, strideHeight, strideWidth;
    int top, left, dilationHeight, dilationWidth;
    ivec4 parts[3];      // expansion, depthwise, projection: where the bias begins, where the weights do, activation
    vec4 constants[3];   // alpha, beta
};

READ_VALUES(1, Input, x);
READ_WEIGHTS(2, Weights, parameters);
READ_VALUES(3, Residual, residualInput);
WRITE_VALUES(Output, y);

#if EXPANDS
shared vec4 wide[WIDE * HALO_AREA];
#endif
shared vec4 narrow[WIDE * TILE_AREA];

#define EXPANSION 0
#define DEPTHWISE 1
#define PROJECTION 2

vec4 finish(vec4 sum, int part)
{
    return parts[part].z == ACTIVATION_NONE ? sum : activate(sum, parts[part].z, constants[part].x, constants[part].y);
}

bool isInside(int row, int column)
{
    return uint(row) < uint(inHeight) && uint(column) < uint(inWidth);
}

// A vec4 of channels of a pixel that the depthwise convolution reads.
vec4 expanded(int n, int block, int row, int column)
{
    if (!isInside(row, column))
        return vec4(0.0);  // Nobody reads it.
    int area = inHeight * inWidth;
    int at = n * inBlocks * area + row * inWidth + column, w = parts[EXPANSION].y + block * inBlocks * 4;
    vec4 sum = LOAD(parameters, parts[EXPANSION].x + block);
    for (int k = 0; k < inBlocks; ++k)
    {
        vec4 value = LOAD(x, at + k * area);
        sum += value.x * LOAD(parameters, w + k * 4);
        sum += value.y * LOAD(parameters, w + k * 4 + 1);
        sum += value.z * LOAD(parameters, w + k * 4 + 2);
        sum += value.w * LOAD(parameters, w + k * 4 + 3);
    }
    return keepChannels(finish(sum, EXPANSION), block, wideChannels);
}

// A vec4 of channels of a pixel of the tile; slot: the place of its wide pixels in shared memory.
vec4 filtered(int n, int block, int slot, int row, int column, int top0, int left0)
{
    int w = parts[DEPTHWISE].y + block * kernelHeight * kernelWidth;
    vec4 sum = LOAD(parameters, parts[DEPTHWISE].x + block);
    for (int kh = 0; kh < kernelHeight; ++kh)
    {
        int haloRow = row * strideHeight + kh * dilationHeight;
        for (int kw = 0; kw < kernelWidth; ++kw)
        {
            int haloColumn = column * strideWidth + kw * dilationWidth;
#if EXPANDS
#define WIDE_PIXEL wide[slot * HALO_AREA + haloRow * HALO_COLUMNS + haloColumn]
#else
#define WIDE_PIXEL LOAD(x, ((n * inBlocks + block) * inHeight + top0 + haloRow) * inWidth + left0 + haloColumn)
#endif
            // Zeros around the picture are not multiplied: a weight may be infinite.
            if (isInside(top0 + haloRow, left0 + haloColumn))
                sum += WIDE_PIXEL * LOAD(parameters, w + kh * kernelWidth + kw);
        }
    }
    return keepChannels(finish(sum, DEPTHWISE), block, wideChannels);
}

void main()
{
    int tile = int(gl_WorkGroupID.x), n = int(gl_WorkGroupID.z), lane = int(gl_LocalInvocationID.x);
    int firstRow = tile / across * TILE_ROWS, firstColumn = tile % across * TILE_COLUMNS;
    int top0 = firstRow * strideHeight - top, left0 = firstColumn * strideWidth - left;
    int wideBlocks = blocksOf(wideChannels), lastBlock = blocksOf(outChannels) - 1;
    int pixel = lane % TILE_AREA, firstBlock = int(gl_WorkGroupID.y) * LANE_ROWS * SUMS + lane / TILE_AREA;

    // Channels behind the last compute it again.
    int block[SUMS];
    vec4 sum[SUMS];
#define BIAS(m) block[m] = min(firstBlock + m * LANE_ROWS, lastBlock); sum[m] = LOAD(parameters, parts[PROJECTION].x + block[m]);
    EACH_SUM(BIAS)

    for (int first = 0; first < wideBlocks; first += WIDE)
    {
        int blocks = min(WIDE, wideBlocks - first);
#if EXPANDS
        for (int i = lane; i < blocks * HALO_AREA; i += TILE_GROUP)
        {
            int at = i % HALO_AREA;
            wide[i] = expanded(n, first + i / HALO_AREA, top0 + at / HALO_COLUMNS, left0 + at % HALO_COLUMNS);
        }
        barrier();
#endif
        for (int i = lane; i < blocks * TILE_AREA; i += TILE_GROUP)
        {
            int slot = i / TILE_AREA, at = i % TILE_AREA;
            narrow[i] = filtered(n, first + slot, slot, at / TILE_COLUMNS, at % TILE_COLUMNS, top0, left0);
        }
        barrier();

        for (int slot = 0; slot < blocks; ++slot)
        {
            vec4 value = narrow[slot * TILE_AREA + pixel];
#define ADD(m) \
            { \
                int w = parts[PROJECTION].y + (block[m] * wideBlocks + first + slot) * 4; \
                sum[m] += value.x * LOAD(parameters, w); \
                sum[m] += value.y * LOAD(parameters, w + 1); \
                sum[m] += value.z * LOAD(parameters, w + 2); \
                sum[m] += value.w * LOAD(parameters, w + 3); \
            }
            EACH_SUM(ADD)
        }
        barrier();
    }

    int row = firstRow + pixel / TILE_COLUMNS, column = firstColumn + pixel % TILE_COLUMNS;
    if (row >= outHeight || column >= outWidth)
        return;
#if RESIDUAL
#define RESIDUAL_OF(at) + LOAD(residualInput, at)
#else
#define RESIDUAL_OF(at)
#endif
#define STORE(m) \
    if (firstBlock + m * LANE_ROWS <= lastBlock) \
    { \
        int to = ((n * (lastBlock + 1) + block[m]) * outHeight + row) * outWidth + column; \
        y[to] = STORED(keepChannels(finish(sum[m] RESIDUAL_OF(to), PROJECTION), block[m], outChannels)); \
    }
    EACH_SUM(STORE)
}
