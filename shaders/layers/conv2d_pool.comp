#version 430 core

// A dense convolution of few operations and a pooling of it whose windows lie side by side, forward, in one dispatch: an
// invocation computes the pixels of a window and folds them.
//
//   y[n,o,ph,pw] = max (a NaN wins) or mean over r,s < POOL of activate(bias[o] + sum over c,kh,kw of weight[o,c,kh,kw] * x[n,c,
//                  (ph*poolStride + r)*strideHeight - top + kh*dilationHeight, columns likewise]); x is zero outside.
//
// Layout    x row-major or channel-blocked by 4, y row-major; weight [O/4][KH][KW][C] vec4s of o, bias [O/4].
// Dispatch  flat, one invocation per pixel of y and vec4 of channels.
// Defines   POOL: rows and columns of the pooling's windows; optionally one ACTIVATION.
// Twin      conv2d.comp with max_pool2d.comp or average_pool2d.comp
// Variants  POOL 2
// Variants  POOL 3
// Variants  POOL 2, ACTIVATION 8

#include "include/tensor.glsl"
#include "include/flat.glsl"
#include "include/division.glsl"
#include "include/channels.glsl"
#include "include/activation.glsl"

layout(std140, binding = 0) uniform Params
{
    int count, inChannels, inHeight, inWidth;
    int outChannels, outHeight, outWidth, isAverage;
    int kernelHeight, kernelWidth, strideHeight, strideWidth;
    int top, left, dilationHeight, dilationWidth;
    int poolStride, fromBlocks;
    ivec2 byArea, byWidth, byBlocks;
    int activation;
    float alpha, beta;
};

READ_TENSOR(1, Input, x);
READ_TENSOR(2, Weights, weight);
READ_TENSOR(3, Bias, bias);
layout(std430, binding = 0) writeonly restrict buffer Output { float y[]; };

// The first element of a channel, of elements that lie 4 apart in blocks, else beside one another.
int channelAt(int n, int channel)
{
    int area = inHeight * inWidth;
    return fromBlocks != 0 ? (n * blocksOf(inChannels) + (channel >> 2)) * area * 4 + (channel & 3) : (n * inChannels + channel) * area;
}

vec4 folded(vec4 sums[POOL * POOL])
{
    vec4 result = activate(sums[0], activation, alpha, beta);
    for (int p = 1; p < POOL * POOL; ++p)
    {
        vec4 next = activate(sums[p], activation, alpha, beta);
        result = isAverage != 0 ? result + next : largerOf(result, next);
    }
    return isAverage != 0 ? result / float(POOL * POOL) : result;
}

void main()
{
    int i = flatInvocation();
    if (i >= count)
        return;

    int area = outHeight * outWidth;
    int plane = quotient(i, byArea);
    int pixel = i - plane * area;
    int row = quotient(pixel, byWidth);
    int n = quotient(plane, byBlocks);
    int block = plane - n * blocksOf(outChannels);
    ivec2 first = ivec2(row * poolStride * strideHeight - top, (pixel - row * outWidth) * poolStride * strideWidth - left);

    vec4 sums[POOL * POOL];
    for (int p = 0; p < POOL * POOL; ++p)
        sums[p] = LOAD(bias, block);
    for (int c = 0; c < inChannels; ++c)
    {
        int channel = channelAt(n, c);
        for (int kh = 0; kh < kernelHeight; ++kh)
        for (int kw = 0; kw < kernelWidth; ++kw)
        {
            vec4 w = LOAD(weight, ((block * kernelHeight + kh) * kernelWidth + kw) * inChannels + c);
            for (int p = 0; p < POOL * POOL; ++p)
            {
                ivec2 at = first + ivec2(p / POOL * strideHeight + kh * dilationHeight, p % POOL * strideWidth + kw * dilationWidth);
                if (at.x >= 0 && at.x < inHeight && at.y >= 0 && at.y < inWidth)
                    sums[p] += LOAD_SCALAR(x, channel + (at.x * inWidth + at.y) * (fromBlocks != 0 ? 4 : 1)) * w;
            }
        }
    }

    vec4 result = folded(sums);
    for (int lane = 0; lane < 4; ++lane)
    {
        if (block * 4 + lane < outChannels)
            y[(n * outChannels + block * 4 + lane) * area + pixel] = result[lane];
    }
}
