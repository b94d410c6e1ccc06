#version 430 core

// Linear, forward: each output is a weighted sum of all inputs of its batch item.
//
//   y[n,o] = activate(bias[o] + sum over i of weight[o,i] * x[n,i])
//   A dispatch computes the output blocks from firstBlock on, as many as its part of the weights has.
//
// Layout    x [N][In/4], y [N][Out/4] vec4s, zero behind the last; weight [blocks of this part][In rounded up to 4] vec4s of o; bias [Out/4].
// Dispatch  flat, one invocation, or one work group of LANES, per vec4 of this part of y.
// Defines   LANES: how many invocations share a sum.
// Twin      LinearKernel, src/RealtimeCnn/Cpu/LinearKernel.cs
// Source    ONNX Gemm with transB = 1.
// Variants  LANES 1
// Variants  LANES 64
// Variants  LANES 128
// Variants  LANES 1024
// Variants  LANES 1, HALF_WEIGHTS 1

#include "include/tensor.glsl"
#include "include/lanes.glsl"
#include "include/division.glsl"
#include "include/channels.glsl"
#include "include/activation.glsl"

layout(std140, binding = 0) uniform Params
{
    int count, inBlocks, outFeatures, firstBlock, blocks, activation;
    float alpha, beta;
    ivec2 byBlocks;
};

READ_VALUES(1, Input, x);
READ_WEIGHTS(2, Weights, weight);
READ_TENSOR(3, Bias, bias);
WRITE_VALUES(Output, y);

void main()
{
    int i = flatOutput();
    if (i >= count)
        return;

    int n = quotient(i, byBlocks), ofPart = i - n * blocks;
    int block = firstBlock + ofPart;
    int w = ofPart * inBlocks * 4;
    vec4 sum = LANE == 0 ? LOAD(bias, block) : vec4(0.0);
    for (int k = LANE; k < inBlocks; k += LANES)
    {
        vec4 value = LOAD(x, n * inBlocks + k);
        sum += value.x * LOAD(weight, w + k * 4);
        sum += value.y * LOAD(weight, w + k * 4 + 1);
        sum += value.z * LOAD(weight, w + k * 4 + 2);
        sum += value.w * LOAD(weight, w + k * 4 + 3);
    }
    sum = sumOfLanes(sum);
    if (LANE == 0)
        y[n * blocksOf(outFeatures) + block] = STORED(keepChannels(activate(sum, activation, alpha, beta), block, outFeatures));
}
