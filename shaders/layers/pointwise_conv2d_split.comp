#version 430 core

// Conv2d of 1×1, stride 1 and no padding over few pixels, forward, by work groups: a product of two matrices in tiles of 32 pixels and 8
// vec4s of output channels. SPLIT parts of a group each add a share of the channels, and the first one adds the parts.
//
//   y[n,oc,p] = activate(bias[oc] + sum over ic of weight[oc,ic] * x[n,ic,p] + residual[n,oc,p])       p: a pixel of the plane
//
// Layout    as layers/conv2d.comp.
// Dispatch  one group per tile: x walks the pixels of a plane, y the output channels, z the pictures.
// Defines   SPLIT: 2 or 4.
// Variants  TILE_GROUP 128, SPLIT 2, RESIDUAL 0, ACTIVATION 0..2
// Variants  TILE_GROUP 128, SPLIT 2, RESIDUAL 1, ACTIVATION 1
// Variants  TILE_GROUP 128, SPLIT 4, RESIDUAL 0, ACTIVATION 0
// Variants  TILE_GROUP 128, SPLIT 4, RESIDUAL 1, ACTIVATION 1
// Twin      ConvolutionKernel, src/RealtimeCnn/Cpu/ConvolutionKernel.cs
// Source    Lin et al. 2013, "Network In Network", arXiv:1312.4400, section 3.1; ONNX Conv.

#include "include/convolution.glsl"
#include "include/repeat.glsl"

#define GROUP_PIXELS 32
#define GROUP_BLOCKS 8
#define LANES_OF_PART (TILE_GROUP / SPLIT)
#define LANES_ALONG_PIXELS (LANES_OF_PART / GROUP_BLOCKS)
// Pixels of an invocation.
#if SPLIT == 2
#define PIXELS 4
#define EACH_PIXEL(MACRO) A_4(MACRO)
#else
#define PIXELS 8
#define EACH_PIXEL(MACRO) A_8(MACRO)
#endif
// Vec4s of input channels at once, all parts together.
#define SLAB 8

// Where values and weights of a slab lie, and in the end the sums of all parts but the first.
#define WEIGHTS (SLAB * GROUP_PIXELS)
#define SUMS_OF_PART (GROUP_PIXELS * GROUP_BLOCKS)
#if SPLIT == 2
shared vec4 memory[WEIGHTS + SLAB * 4 * GROUP_BLOCKS];
#else
shared vec4 memory[(SPLIT - 1) * SUMS_OF_PART];
#endif

void main()
{
    int area = outHeight * outWidth, inBlocks = blocksOf(inChannels), lastBlock = blocksOf(outChannels) - 1;
    int firstPixel = int(gl_WorkGroupID.x) * GROUP_PIXELS, firstBlock = int(gl_WorkGroupID.y) * GROUP_BLOCKS;
    int n = int(gl_WorkGroupID.z), lane = int(gl_LocalInvocationID.x);
    int part = lane / LANES_OF_PART, ofPart = lane % LANES_OF_PART;
    int column = ofPart % LANES_ALONG_PIXELS, row = ofPart / LANES_ALONG_PIXELS;

    int block = min(firstBlock + row, lastBlock);
    vec4 first = part == 0 ? LOAD(bias, block) : vec4(0.0);
    vec4 sum[PIXELS];
#define BEGIN(m) sum[m] = first;
    EACH_PIXEL(BEGIN)
    for (int k = 0; k < inBlocks; k += SLAB)
    {
        // Zeros behind the last channel; pixels and channels behind the last are computed again.
        for (int i = lane; i < SLAB * GROUP_PIXELS; i += TILE_GROUP)
        {
            int from = k + i / GROUP_PIXELS;
            int at = (n * inBlocks + min(from, inBlocks - 1)) * area + min(firstPixel + i % GROUP_PIXELS, area - 1);
            memory[i] = mix(vec4(0.0), LOAD(x, at), bvec4(from < inBlocks));
        }
        for (int i = lane; i < SLAB * 4 * GROUP_BLOCKS; i += TILE_GROUP)
        {
            int from = k * 4 + i % (SLAB * 4);
            int at = min(firstBlock + i / (SLAB * 4), lastBlock) * inBlocks * 4 + min(from, inBlocks * 4 - 1);
            memory[WEIGHTS + i] = mix(vec4(0.0), LOAD(weight, at), bvec4(from < inBlocks * 4));
        }
        barrier();

        for (int j = part * (SLAB / SPLIT); j < (part + 1) * (SLAB / SPLIT); ++j)
        {
            int w = WEIGHTS + (row * SLAB + j) * 4;
            vec4 w0 = memory[w], w1 = memory[w + 1], w2 = memory[w + 2], w3 = memory[w + 3];
#define ADD(m) \
            { \
                vec4 value = memory[j * GROUP_PIXELS + column + m * LANES_ALONG_PIXELS]; \
                sum[m] += value.x * w0; \
                sum[m] += value.y * w1; \
                sum[m] += value.z * w2; \
                sum[m] += value.w * w3; \
            }
            EACH_PIXEL(ADD)
        }
        barrier();
    }

    if (part > 0)
    {
        int to = (part - 1) * SUMS_OF_PART + ofPart;
#define KEEP(m) memory[to + m * LANES_OF_PART] = sum[m];
        EACH_PIXEL(KEEP)
    }
    barrier();
    if (part > 0 || firstBlock + row > lastBlock)
        return;
    for (int other = 0; other < SPLIT - 1; ++other)
    {
        int from = other * SUMS_OF_PART + ofPart;
#define JOIN(m) sum[m] += memory[from + m * LANES_OF_PART];
        EACH_PIXEL(JOIN)
    }
    int to = (n * (lastBlock + 1) + block) * area + firstPixel + column;
#define STORE(m) \
    if (firstPixel + column + m * LANES_ALONG_PIXELS < area) \
        store(to + m * LANES_ALONG_PIXELS, block, sum[m]);
    EACH_PIXEL(STORE)
}
