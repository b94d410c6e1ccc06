#version 430 core

// Conv2d of 1×1, stride 1 and no padding, forward, by work groups: a product of two matrices in tiles of 64 pixels and 8 vec4s of output
// channels, of whose sums each of 128 invocations has 4 pixels. A group reads every value and weight of a slab once, into shared memory.
//
//   y[n,oc,p] = activate(bias[oc] + sum over ic of weight[oc,ic] * x[n,ic,p] + residual[n,oc,p])       p: a pixel of the plane
//
// Layout    as layers/conv2d.comp.
// Dispatch  one group per tile: x walks the pixels of a plane, y the output channels, z the pictures.
// Variants  TILE_GROUP 128, RESIDUAL 0, ACTIVATION 0..2
// Variants  TILE_GROUP 128, RESIDUAL 1, ACTIVATION 1
// Twin      ConvolutionKernel, src/RealtimeCnn/Cpu/ConvolutionKernel.cs
// Source    Lin et al. 2013, "Network In Network", arXiv:1312.4400, section 3.1; ONNX Conv.

#include "include/convolution.glsl"
#include "include/repeat.glsl"

#define GROUP_PIXELS 64
#define GROUP_BLOCKS 8
#define SLAB 4
#define LANES_ALONG_PIXELS (TILE_GROUP / GROUP_BLOCKS)

shared vec4 values[SLAB * GROUP_PIXELS];
shared vec4 weights[SLAB * 4 * GROUP_BLOCKS];

void main()
{
    int area = outHeight * outWidth, inBlocks = blocksOf(inChannels), lastBlock = blocksOf(outChannels) - 1;
    int firstPixel = int(gl_WorkGroupID.x) * GROUP_PIXELS, firstBlock = int(gl_WorkGroupID.y) * GROUP_BLOCKS;
    int n = int(gl_WorkGroupID.z), lane = int(gl_LocalInvocationID.x);
    int column = lane % LANES_ALONG_PIXELS, row = lane / LANES_ALONG_PIXELS;

    int block = min(firstBlock + row, lastBlock);
    vec4 sum[4];
#define BIAS(m) sum[m] = LOAD(bias, block);
    A_4(BIAS)
    for (int k = 0; k < inBlocks; k += SLAB)
    {
        // Zeros behind the last channel; pixels and channels behind the last are computed again.
        for (int i = lane; i < SLAB * GROUP_PIXELS; i += TILE_GROUP)
        {
            int from = k + i / GROUP_PIXELS;
            int at = (n * inBlocks + min(from, inBlocks - 1)) * area + min(firstPixel + i % GROUP_PIXELS, area - 1);
            values[i] = mix(vec4(0.0), LOAD(x, at), bvec4(from < inBlocks));
        }
        for (int i = lane; i < SLAB * 4 * GROUP_BLOCKS; i += TILE_GROUP)
        {
            int from = k * 4 + i % (SLAB * 4);
            int at = min(firstBlock + i / (SLAB * 4), lastBlock) * inBlocks * 4 + min(from, inBlocks * 4 - 1);
            weights[i] = mix(vec4(0.0), LOAD(weight, at), bvec4(from < inBlocks * 4));
        }
        barrier();

        for (int j = 0; j < SLAB; ++j)
        {
            int w = (row * SLAB + j) * 4;
            vec4 w0 = weights[w], w1 = weights[w + 1], w2 = weights[w + 2], w3 = weights[w + 3];
#define ADD(m) \
            { \
                vec4 value = values[j * GROUP_PIXELS + column + m * LANES_ALONG_PIXELS]; \
                sum[m] += value.x * w0; \
                sum[m] += value.y * w1; \
                sum[m] += value.z * w2; \
                sum[m] += value.w * w3; \
            }
            A_4(ADD)
        }
        barrier();
    }

    if (firstBlock + row > lastBlock)
        return;
    int to = (n * (lastBlock + 1) + block) * area + firstPixel + column;
#define STORE(m) \
    if (firstPixel + column + m * LANES_ALONG_PIXELS < area) \
        store(to + m * LANES_ALONG_PIXELS, block, sum[m]);
    A_4(STORE)
}
