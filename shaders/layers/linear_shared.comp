#version 430 core

// Linear, forward, by work groups; of an input that is averaged first, where there are pixels: a global average pooling and the
// classifier behind it. A group computes 4 vec4s of outputs, each of whose sums 16 invocations share. It reads its inputs once,
// into shared memory.
//
//   y[n,o] = activate(bias[o] + sum over i of weight[o,i] * mean over the pixels of x[n,i])
//   Rows are summed apart, so that long sums keep their precision.
//
// Layout    x [N][In/4][height][width] vec4s, y [N][Out/4], zero behind the last; weight [Out/4][In rounded up to 4] vec4s of o; bias [Out/4].
// Dispatch  one group per tile: x walks the outputs, y the batch.
// Twin      linear.comp, behind average_pool2d.comp; LinearKernel, src/RealtimeCnn/Cpu/LinearKernel.cs
// Variants  TILE_GROUP 64
// Variants  TILE_GROUP 64, HALF_WEIGHTS 1, HALF_INPUT 1, HALF_OUTPUT 1

#include "include/tensor.glsl"
#include "include/flat.glsl"
#include "include/channels.glsl"
#include "include/activation.glsl"

#define SLAB 512
#define PARTS 16
#define GROUP_BLOCKS (TILE_GROUP / PARTS)

layout(std140, binding = 0) uniform Params
{
    int inBlocks, outFeatures, height, width;
    int activation;
    float alpha, beta;
};

READ_VALUES(1, Input, x);
READ_WEIGHTS(2, Weights, weight);
READ_TENSOR(3, Bias, bias);
WRITE_VALUES(Output, y);

shared vec4 values[SLAB];
shared vec4 sums[TILE_GROUP];

vec4 meanOf(int plane)
{
    vec4 total = vec4(0.0);
    for (int row = 0; row < height; ++row)
    {
        vec4 rowSum = vec4(0.0);
        for (int column = 0; column < width; ++column)
            rowSum += LOAD(x, (plane * height + row) * width + column);
        total += rowSum;
    }
    return total / float(height * width);
}

void main()
{
    int n = int(gl_WorkGroupID.y), lane = int(gl_LocalInvocationID.x), part = lane % PARTS;
    int firstBlock = int(gl_WorkGroupID.x) * GROUP_BLOCKS + lane / PARTS, lastBlock = blocksOf(outFeatures) - 1;

    // Outputs behind the last compute it again.
    int block = min(firstBlock, lastBlock);
    vec4 sum = vec4(0.0);
    for (int first = 0; first < inBlocks; first += SLAB)
    {
        int count = min(SLAB, inBlocks - first);
        for (int i = lane; i < count; i += TILE_GROUP)
            values[i] = meanOf(n * inBlocks + first + i);
        barrier();
        for (int k = part; k < count; k += PARTS)
        {
            int w = (block * inBlocks + first + k) * 4;
            sum += values[k].x * LOAD(weight, w);
            sum += values[k].y * LOAD(weight, w + 1);
            sum += values[k].z * LOAD(weight, w + 2);
            sum += values[k].w * LOAD(weight, w + 3);
        }
        barrier();
    }

    sums[lane] = sum;
    barrier();
    if (part > 0 || firstBlock > lastBlock)
        return;
    sum = LOAD(bias, block);
    for (int p = 0; p < PARTS; ++p)
        sum += sums[lane + p];
    y[n * (lastBlock + 1) + block] = STORED(keepChannels(activate(sum, activation, alpha, beta), block, outFeatures));
}
