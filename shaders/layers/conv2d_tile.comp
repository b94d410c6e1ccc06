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
//           there, 2 for other paddings.
// Variants  TILE_PIXELS 7, TILE_BLOCKS 1..4, TILE_GROUP 8, PADDED 0, RESIDUAL 0, ACTIVATION 2
// Variants  TILE_PIXELS 7, TILE_BLOCKS 1..4, TILE_GROUP 8, PADDED 1, RESIDUAL 0, ACTIVATION 1
// Variants  TILE_PIXELS 7, TILE_BLOCKS 2, TILE_GROUP 8, PADDED 2, RESIDUAL 0, ACTIVATION 0
// Variants  TILE_PIXELS 7, TILE_BLOCKS 3, TILE_GROUP 8, PADDED 1, RESIDUAL 1, ACTIVATION 2
// Variants  TILE_PIXELS 4, TILE_BLOCKS 1..4, TILE_GROUP 8, PADDED 0, RESIDUAL 0, ACTIVATION 0
// Variants  TILE_PIXELS 4, TILE_BLOCKS 1..2, TILE_GROUP 64, PADDED 0, RESIDUAL 0, ACTIVATION 2
// Twin      ConvolutionKernel, src/RealtimeCnn/Cpu/ConvolutionKernel.cs
// Source    LeCun et al. 1998, "Gradient-Based Learning Applied to Document Recognition", section II; ONNX Conv.

#include "include/convolution.glsl"

// Text written out for each pixel and each block of a tile: an array that a loop indexes lies in memory on some drivers, and costs
// them seconds to compile; one that only constants index lies in registers.
#if TILE_PIXELS == 4
#define EACH_PIXEL(MACRO) MACRO(0) MACRO(1) MACRO(2) MACRO(3)
#else
#define EACH_PIXEL(MACRO) MACRO(0) MACRO(1) MACRO(2) MACRO(3) MACRO(4) MACRO(5) MACRO(6)
#endif

#if TILE_BLOCKS == 1
#define EACH_BLOCK(MACRO) MACRO(0)
#elif TILE_BLOCKS == 2
#define EACH_BLOCK(MACRO) MACRO(0) MACRO(1)
#elif TILE_BLOCKS == 3
#define EACH_BLOCK(MACRO) MACRO(0) MACRO(1) MACRO(2)
#else
#define EACH_BLOCK(MACRO) MACRO(0) MACRO(1) MACRO(2) MACRO(3)
#endif

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

vec4 valueAt(int plane, int at)
{
#if PADDED != 0
    return mix(vec4(0.0), LOAD(x, plane + max(at, 0)), bvec4(at >= 0));
#else
    return LOAD(x, plane + at);
#endif
}

// Pixels behind the last one compute it again, and are not stored.
Place placeOf(int pixel, int n, int block)
{
    pixel = min(pixel, outHeight * outWidth - 1);
    return Place(n, block, pixel / outWidth, pixel % outWidth);
}

void main()
{
    int inBlocks = blocksOf(inChannels);
    int firstPixel = int(gl_WorkGroupID.x) * TILE_GROUP * TILE_PIXELS + int(gl_LocalInvocationID.x);
    int firstBlock = int(gl_WorkGroupID.y) * TILE_BLOCKS;
    int n = int(gl_WorkGroupID.z);

    Place place[TILE_PIXELS];
    vec4 sum[TILE_PIXELS * TILE_BLOCKS];
#define BEGIN(m) place[m] = placeOf(firstPixel + m * TILE_GROUP, n, firstBlock);
    EACH_PIXEL(BEGIN)
#define BIAS(b) { const int B = b; vec4 value = LOAD(bias, firstBlock + b); EACH_PIXEL(BIAS_OF) }
#define BIAS_OF(m) sum[m * TILE_BLOCKS + B] = value;
    EACH_BLOCK(BIAS)

    int taps = kernelHeight * kernelWidth;
    for (int tap = 0; tap < taps; ++tap)
    {
        int kh = tap / kernelWidth;
        int kw = tap - kh * kernelWidth;
        int at[TILE_PIXELS];
#define SOURCE(m) at[m] = sourceOf(place[m], kh, kw);
        EACH_PIXEL(SOURCE)

        int plane = n * inBlocks * inHeight * inWidth;
        int w = (firstBlock * taps + tap) * inBlocks * 4;
        for (int block = 0; block < inBlocks; ++block, plane += inHeight * inWidth, w += 4)
        {
            vec4 value[TILE_PIXELS];
#define VALUE(m) value[m] = valueAt(plane, at[m]);
            EACH_PIXEL(VALUE)
#define BLOCK(b) \
            { \
                const int B = b; \
                int from = w + b * taps * inBlocks * 4; \
                vec4 w0 = LOAD(weight, from), w1 = LOAD(weight, from + 1), w2 = LOAD(weight, from + 2), w3 = LOAD(weight, from + 3); \
                EACH_PIXEL(ADD) \
            }
#define ADD(m) \
            sum[m * TILE_BLOCKS + B] += value[m].x * w0; \
            sum[m * TILE_BLOCKS + B] += value[m].y * w1; \
            sum[m * TILE_BLOCKS + B] += value[m].z * w2; \
            sum[m * TILE_BLOCKS + B] += value[m].w * w3;
            EACH_BLOCK(BLOCK)
        }
    }

    int blocks = blocksOf(outChannels), area = outHeight * outWidth;
#define STORE(b) \
    { \
        const int B = b; \
        EACH_PIXEL(STORE_PIXEL) \
    }
#define STORE_PIXEL(m) \
        if (firstPixel + m * TILE_GROUP < area) \
        { \
            Place p = place[m]; \
            p.block += B; \
            store((n * blocks + p.block) * area + p.row * outWidth + p.column, p, sum[m * TILE_BLOCKS + B]); \
        }
    EACH_BLOCK(STORE)
}
