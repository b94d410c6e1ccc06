#version 430 core

// Conv2d, forward, as a tile: each invocation computes TILE_PIXELS pixels of TILE_BLOCKS vec4s of output channels, so that every
// value that is read serves TILE_BLOCKS sums, and every weight TILE_PIXELS.
//
//   y[n,oc,oh,ow] = activate(bias[oc] + sum over kh,kw,ic of weight[oc,ic,kh,kw] *
//                            x[n, ic, oh*stride - top + kh*dilation, ow*stride - left + kw*dilation] + residual[n,oc,oh,ow])
//
// Layout    as layers/conv2d.comp.
// Dispatch  one invocation per tile: x walks the pixels of a plane, TILE_GROUP apart in a tile, so that neighbours read neighbours;
//           y the tiles of output channels, z the pictures. PADDED 0 where no window reaches past the input, 1 for zeros
//           there, 2 for other paddings. IN_LANES: channels in a vec4 of the input, fewer than 4 only where it has no more.
// Variants  TILE_PIXELS 4, TILE_BLOCKS 3, TILE_GROUP 8, PADDED 1, IN_LANES 4, RESIDUAL 0, ACTIVATION 0..17
// Variants  TILE_PIXELS 13, TILE_BLOCKS 3, TILE_GROUP 8, PADDED 0, IN_LANES 4, RESIDUAL 0, ACTIVATION 2
// Variants  TILE_PIXELS 11, TILE_BLOCKS 4, TILE_GROUP 8, PADDED 1, IN_LANES 4, RESIDUAL 0, ACTIVATION 0
// Variants  TILE_PIXELS 2, TILE_BLOCKS 1, TILE_GROUP 8, PADDED 0, IN_LANES 2..4, RESIDUAL 0, ACTIVATION 0
// Variants  TILE_PIXELS 14, TILE_BLOCKS 2, TILE_GROUP 8, PADDED 0, IN_LANES 1, RESIDUAL 0, ACTIVATION 0
// Variants  TILE_PIXELS 14, TILE_BLOCKS 4, TILE_GROUP 8, PADDED 1, IN_LANES 3, RESIDUAL 0, ACTIVATION 0
// Variants  TILE_PIXELS 7, TILE_BLOCKS 1, TILE_GROUP 8, PADDED 2, IN_LANES 3, RESIDUAL 0, ACTIVATION 0
// Variants  TILE_PIXELS 7, TILE_BLOCKS 4, TILE_GROUP 8, PADDED 1, IN_LANES 4, RESIDUAL 0..1, ACTIVATION 0
// Variants  TILE_PIXELS 4, TILE_BLOCKS 2, TILE_GROUP 64, PADDED 0, IN_LANES 4, RESIDUAL 0, ACTIVATION 2
// Variants  TILE_PIXELS 14, TILE_BLOCKS 4, TILE_GROUP 8, PADDED 1, IN_LANES 4, RESIDUAL 0, ACTIVATION 1, HALF_WEIGHTS 1, HALF_INPUT 1, HALF_OUTPUT 1
// Twin      ConvolutionKernel, src/RealtimeCnn/Cpu/ConvolutionKernel.cs
// Source    LeCun et al. 1998, "Gradient-Based Learning Applied to Document Recognition", section II; ONNX Conv.

#include "include/convolution.glsl"
#include "include/tile.glsl"

// Element of the plane under a tap, or -1 for a zero.
int sourceOf(Place p, int kh, int kw)
{
#if PADDED == 2
    int row = sourceRow(p, kh);
    int column = sourceColumn(p, kw);
    return row < 0 || column < 0 ? -1 : row * inWidth + column;
#else
    int row = p.row * strideHeight - top + kh * dilationHeight;
    int column = p.column * strideWidth - left + kw * dilationWidth;
    int at = row * inWidth + column;
#if PADDED == 1
    return uint(row) < uint(inHeight) && uint(column) < uint(inWidth) ? at : -1;
#else
    return at;
#endif
#endif
}

void main()
{
    int inBlocks = blocksOf(inChannels), inArea = inHeight * inWidth, area = outHeight * outWidth;
    int firstPixel = int(gl_WorkGroupID.x) * TILE_GROUP * TILE_PIXELS + int(gl_LocalInvocationID.x);
    int firstBlock = int(gl_WorkGroupID.y) * TILE_BLOCKS, lastBlock = blocksOf(outChannels) - 1;
    int n = int(gl_WorkGroupID.z);

    // Pixels and channels behind the last compute it again.
    Place place[TILE_PIXELS];
    vec4 sum[TILE_PIXELS * TILE_BLOCKS];
#define BEGIN(m) place[m] = placeOfPixel(n, firstBlock, min(firstPixel + m * TILE_GROUP, area - 1));
    EACH_PIXEL(BEGIN)
#define BIAS(b) { const int B = b; vec4 value = LOAD(bias, min(firstBlock + b, lastBlock)); EACH_PIXEL(BIAS_OF) }
#define BIAS_OF(m) sum[m * TILE_BLOCKS + B] = value;
    EACH_BLOCK(BIAS)

    int taps = kernelHeight * kernelWidth, row = inBlocks * 4, kh = 0, kw = 0;
    int w[TILE_BLOCKS];
#define ROW(b) w[b] = min(firstBlock + b, lastBlock) * taps * row;
    EACH_BLOCK(ROW)
    int tap = 0;
    do
    {
        int at[TILE_PIXELS], isInside[TILE_PIXELS];
#define SOURCE(m) { int from = sourceOf(place[m], kh, kw); isInside[m] = from < 0 ? 0 : -1; at[m] = max(from, 0); }
        EACH_PIXEL(SOURCE)

        int plane = n * inBlocks * inArea;
#if IN_LANES == 4
        int k = 0;
        do
#else
        const int k = 0;
#endif
        {
            // A zero whatever lies in its place, a NaN too.
            vec4 value[TILE_PIXELS];
#if PADDED != 0
#define VALUE(m) value[m] = intBitsToFloat(floatBitsToInt(LOAD(x, plane + at[m])) & isInside[m]);
#else
#define VALUE(m) value[m] = LOAD(x, plane + at[m]);
#endif
            EACH_PIXEL(VALUE)

            // All products of a sum together: a tile keeps its sums in memory.
            vec4 weights[IN_LANES];
#define BLOCK(b) { const int B = b; EACH_LANE(WEIGHT) EACH_PIXEL(ADD) }
#define WEIGHT(c) weights[c] = LOAD(weight, w[B] + k + c);
#define ADD(m) { const int M = m; EACH_LANE(ADD_LANE) }
#define ADD_LANE(c) sum[M * TILE_BLOCKS + B] += value[M][c] * weights[c];
            EACH_BLOCK(BLOCK)
#if IN_LANES == 4
            k += 4;
            plane += inArea;
        }
        while (k < row);
#else
        }
#endif

#define NEXT_TAP(b) w[b] += row;
        EACH_BLOCK(NEXT_TAP)
        if (++kw == kernelWidth)
        {
            kw = 0;
            ++kh;
        }
    }
    while (++tap < taps);

    // Blocks one after the other, the next moved up: a store written out for each sum would be most of what a driver compiles.
    int count = min(TILE_BLOCKS, lastBlock + 1 - firstBlock);
    int b = 0;
    do
    {
        int block = firstBlock + b, to = (n * (lastBlock + 1) + block) * area + firstPixel;
#define STORE(m) \
        if (firstPixel + m * TILE_GROUP < area) \
            store(to + m * TILE_GROUP, block, sum[m * TILE_BLOCKS]); \
        MOVE_UP(m)
        EACH_PIXEL(STORE)
    }
    while (++b < count);
}
