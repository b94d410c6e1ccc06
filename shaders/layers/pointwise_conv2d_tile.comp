#version 430 core

// Conv2d of 1×1, stride 1 and no padding, forward, as a tile: a product of two matrices, of which each invocation computes TILE_PIXELS
// pixels of TILE_BLOCKS vec4s of output channels, so that every value that is read serves TILE_BLOCKS sums, and every weight TILE_PIXELS.
//
//   y[n,oc,p] = activate(bias[oc] + sum over ic of weight[oc,ic] * x[n,ic,p] + residual[n,oc,p])       p: a pixel of the plane
//
// Layout    as layers/conv2d.comp.
// Dispatch  one invocation per tile: x walks the pixels of a plane, TILE_GROUP apart in a tile, so that neighbours read neighbours;
//           y the tiles of output channels, z the pictures; with MATRICES so many matrices, each with weights of its own
//           ([OC/4][MATRICES][IC rounded up to 4]) and no bias. ACROSS: neighbours are vec4s of output channels instead, where there
//           are few pixels: x walks the channels and y the pixels, and what neighbours read lies side by side too
//           ([OC/(4*TILE_GROUP)][MATRICES][IC rounded up to 4][TILE_GROUP]).
// Variants  TILE_PIXELS 13, TILE_BLOCKS 3, TILE_GROUP 8, RESIDUAL 0, ACTIVATION 2
// Variants  TILE_PIXELS 14, TILE_BLOCKS 2, TILE_GROUP 8, RESIDUAL 0, ACTIVATION 2
// Variants  TILE_PIXELS 14, TILE_BLOCKS 4, TILE_GROUP 8, RESIDUAL 1, ACTIVATION 0
// Variants  TILE_PIXELS 4, TILE_BLOCKS 1..4, TILE_GROUP 8, RESIDUAL 0, ACTIVATION 0
// Variants  TILE_PIXELS 2, TILE_BLOCKS 1..4, TILE_GROUP 8, MATRICES 36, RESIDUAL 0, ACTIVATION 0
// Variants  TILE_PIXELS 4, TILE_BLOCKS 1..2, TILE_GROUP 64, RESIDUAL 0, ACTIVATION 2
// Variants  TILE_PIXELS 4, TILE_BLOCKS 2, TILE_GROUP 64, RESIDUAL 0, ACTIVATION 2, HALF_WEIGHTS 1, HALF_INPUT 1, HALF_OUTPUT 1
// Variants  TILE_PIXELS 4, TILE_BLOCKS 4, TILE_GROUP 8, ACROSS 1, MATRICES 36, RESIDUAL 0, ACTIVATION 0
// Variants  TILE_PIXELS 16, TILE_BLOCKS 2, TILE_GROUP 8, ACROSS 1, MATRICES 36, RESIDUAL 0, ACTIVATION 0
// Variants  TILE_PIXELS 25, TILE_BLOCKS 1..2, TILE_GROUP 8, ACROSS 1, RESIDUAL 0..1, ACTIVATION 1
// Twin      ConvolutionKernel, src/RealtimeCnn/Cpu/ConvolutionKernel.cs
// Source    Lin et al. 2013, "Network In Network", arXiv:1312.4400, section 3.1; ONNX Conv.

#include "include/convolution.glsl"
#include "include/tile.glsl"

void main()
{
    int area = outHeight * outWidth, inBlocks = blocksOf(inChannels);
#ifdef ACROSS
#define PIXEL_STEP 1
#define BLOCK_STEP TILE_GROUP
    int firstPixel = int(gl_WorkGroupID.y) * TILE_PIXELS;
    int firstBlock = int(gl_WorkGroupID.x) * TILE_GROUP * TILE_BLOCKS + int(gl_LocalInvocationID.x);
#else
#define PIXEL_STEP TILE_GROUP
#define BLOCK_STEP 1
    int firstPixel = int(gl_WorkGroupID.x) * TILE_GROUP * TILE_PIXELS + int(gl_LocalInvocationID.x);
    int firstBlock = int(gl_WorkGroupID.y) * TILE_BLOCKS;
#endif
    int n = int(gl_WorkGroupID.z), lastBlock = blocksOf(outChannels) - 1;

    // Pixels and channels behind the last compute it again.
    int pixel[TILE_PIXELS];
    vec4 sum[TILE_PIXELS * TILE_BLOCKS];
#define PIXEL(m) pixel[m] = min(firstPixel + m * PIXEL_STEP, area - 1);
    EACH_PIXEL(PIXEL)
#ifdef MATRICES
#define BIAS(b) { const int B = b; vec4 value = vec4(0.0); EACH_PIXEL(BIAS_OF) }
#define MATRIX(group) ((group) * MATRICES + n)
#else
#define BIAS(b) { const int B = b; vec4 value = LOAD(bias, min(firstBlock + b * BLOCK_STEP, lastBlock)); EACH_PIXEL(BIAS_OF) }
#define MATRIX(group) (group)
#endif
#define BIAS_OF(m) sum[m * TILE_BLOCKS + B] = value;
    EACH_BLOCK(BIAS)

    int plane = n * inBlocks * area;
    int row = inBlocks * 4;
    int w[TILE_BLOCKS];
#ifdef ACROSS
#define WEIGHT_STEP TILE_GROUP
#define ROW(b) { int block = min(firstBlock + b * BLOCK_STEP, lastBlock); w[b] = MATRIX(block / TILE_GROUP) * row * TILE_GROUP + block % TILE_GROUP; }
#else
#define WEIGHT_STEP 1
#define ROW(b) w[b] = MATRIX(min(firstBlock + b * BLOCK_STEP, lastBlock)) * row;
#endif
    EACH_BLOCK(ROW)
    // A loop that asks at its end: where it asks first, llvmpipe walks the last turn too, with all lanes off.
    int k = 0;
    do
    {
        vec4 value[TILE_PIXELS];
#define VALUE(m) value[m] = LOAD(x, plane + pixel[m]);
        EACH_PIXEL(VALUE)
#define BLOCK(b) \
        { \
            const int B = b; \
            int from = w[b] + k * WEIGHT_STEP; \
            vec4 w0 = LOAD(weight, from), w1 = LOAD(weight, from + WEIGHT_STEP); \
            vec4 w2 = LOAD(weight, from + 2 * WEIGHT_STEP), w3 = LOAD(weight, from + 3 * WEIGHT_STEP); \
            EACH_PIXEL(ADD) \
        }
#define ADD(m) \
        sum[m * TILE_BLOCKS + B] += value[m].x * w0; \
        sum[m * TILE_BLOCKS + B] += value[m].y * w1; \
        sum[m * TILE_BLOCKS + B] += value[m].z * w2; \
        sum[m * TILE_BLOCKS + B] += value[m].w * w3;
        EACH_BLOCK(BLOCK)
        k += 4;
        plane += area;
    }
    while (k < row);

    int first = n * (lastBlock + 1);
#define STORE(m) if (firstPixel + m * PIXEL_STEP < area) { const int M = m; EACH_BLOCK(STORE_BLOCK) }
#define STORE_BLOCK(b) \
        { \
            int block = min(firstBlock + b * BLOCK_STEP, lastBlock); \
            store((first + block) * area + firstPixel + M * PIXEL_STEP, block, sum[M * TILE_BLOCKS + b]); \
        }
    EACH_PIXEL(STORE)
}
