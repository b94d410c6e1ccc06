#version 430 core

// Conv2d of 1×1, stride 1 and no padding, and the mean of each channel of it, forward, in one dispatch: an invocation walks all pixels of
// TILE_BLOCKS vec4s of output channels, TILE_PIXELS at a time, and stores nothing but their means. Each tile is summed apart, so that
// long sums keep their precision.
//
//   y[n,oc] = mean over p of activate(bias[oc] + sum over ic of weight[oc,ic] * x[n,ic,p] + residual[n,oc,p])       p: a pixel of the plane
//
// Layout    as layers/pointwise_conv2d_tile.comp ACROSS; outHeight and outWidth are those of the convolution, y [N][OC/4] vec4s.
// Dispatch  x walks the vec4s of output channels, TILE_GROUP apart in a tile; z the pictures.
// Variants  TILE_PIXELS 25, TILE_BLOCKS 1..2, TILE_GROUP 8, ACROSS 1, RESIDUAL 0, ACTIVATION 1
// Variants  TILE_PIXELS 16, TILE_BLOCKS 2, TILE_GROUP 8, ACROSS 1, RESIDUAL 1, ACTIVATION 0
// Variants  TILE_PIXELS 25, TILE_BLOCKS 2, TILE_GROUP 8, ACROSS 1, RESIDUAL 0, ACTIVATION 10, HALF_WEIGHTS 1, HALF_INPUT 1, HALF_OUTPUT 1
// Variants  TILE_PIXELS 4, TILE_BLOCKS 1, TILE_GROUP 64, ACROSS 1, RESIDUAL 0, ACTIVATION 1
// Twin      layers/pointwise_conv2d_tile.comp with average_pool2d.comp
// Source    Lin et al. 2013, "Network In Network", arXiv:1312.4400, sections 3.1 and 3.2; ONNX Conv, GlobalAveragePool.

#include "include/convolution.glsl"
#include "include/tile.glsl"

void main()
{
    int area = outHeight * outWidth, inBlocks = blocksOf(inChannels), row = inBlocks * 4;
    int firstBlock = int(gl_WorkGroupID.x) * TILE_GROUP * TILE_BLOCKS + int(gl_LocalInvocationID.x);
    int n = int(gl_WorkGroupID.z), lastBlock = blocksOf(outChannels) - 1;

    // Channels behind the last compute it again.
    int blockOf[TILE_BLOCKS], w[TILE_BLOCKS];
    vec4 start[TILE_BLOCKS], total[TILE_BLOCKS];
#define BEGIN(b) \
    blockOf[b] = min(firstBlock + b * TILE_GROUP, lastBlock); \
    w[b] = blockOf[b] / TILE_GROUP * row * TILE_GROUP + blockOf[b] % TILE_GROUP; \
    start[b] = LOAD(bias, blockOf[b]); \
    total[b] = vec4(0.0);
    EACH_BLOCK(BEGIN)

    // Loops that ask at their end: where they ask first, llvmpipe walks the last turn too, with all lanes off.
    int firstPixel = 0;
    do
    {
        // Pixels behind the last are computed, and left out of the sum.
        int pixel[TILE_PIXELS];
        vec4 sum[TILE_PIXELS * TILE_BLOCKS];
#define PIXEL(m) pixel[m] = min(firstPixel + m, area - 1);
        EACH_PIXEL(PIXEL)
#define BIAS(b) { const int B = b; EACH_PIXEL(BIAS_OF) }
#define BIAS_OF(m) sum[m * TILE_BLOCKS + B] = start[B];
        EACH_BLOCK(BIAS)

        int plane = n * inBlocks * area, k = 0;
        do
        {
            vec4 value[TILE_PIXELS];
#define VALUE(m) value[m] = LOAD(x, plane + pixel[m]);
            EACH_PIXEL(VALUE)
#define BLOCK(b) \
            { \
                const int B = b; \
                int from = w[b] + k * TILE_GROUP; \
                vec4 w0 = LOAD(weight, from), w1 = LOAD(weight, from + TILE_GROUP); \
                vec4 w2 = LOAD(weight, from + 2 * TILE_GROUP), w3 = LOAD(weight, from + 3 * TILE_GROUP); \
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

#if RESIDUAL
#define PLUS_RESIDUAL + LOAD(residualInput, (n * (lastBlock + 1) + blockOf[B]) * area + pixel[M])
#else
#define PLUS_RESIDUAL
#endif
#define TOTAL(b) \
        { \
            const int B = b; \
            vec4 part = vec4(0.0); \
            EACH_PIXEL(TOTAL_OF) \
            total[B] += part; \
        }
#define TOTAL_OF(m) \
            if (firstPixel + m < area) \
            { \
                const int M = m; \
                part += activate(sum[M * TILE_BLOCKS + B] PLUS_RESIDUAL, activation, alpha, beta); \
            }
        EACH_BLOCK(TOTAL)
        firstPixel += TILE_PIXELS;
    }
    while (firstPixel < area);

#define STORE(b) \
    { \
        int to = n * (lastBlock + 1) + blockOf[b]; \
        y[to] = STORED(keepChannels(total[b] / float(area), blockOf[b], outChannels)); \
    }
    EACH_BLOCK(STORE)
}
