// What all pooling layers with a sliding window share: their parameters, and where a window lies.

#ifndef POOLING_GLSL
#define POOLING_GLSL

#include "include/tensor.glsl"
#include "include/flat.glsl"
#include "include/channels.glsl"

// Twin: PoolingParams, src/RealtimeCnn.OpenGL/Kernels/PoolingParams.cs
layout(std140, binding = 0) uniform Params
{
    int channels, inHeight, inWidth, outHeight;
    int outWidth, kernelHeight, kernelWidth, strideHeight;
    int strideWidth, top, left, bottom;
    int right, dilationHeight, dilationWidth, count;
};

READ_TENSOR(1, Input, x);
layout(std430, binding = 0) writeonly restrict buffer Output { vec4 y[]; };

// The first element of the window of output element i, and of its plane in x. May lie outside the input.
struct Corner { int plane, block, row, column; };

Corner cornerOf(int i)
{
    int planeIndex = i / (outWidth * outHeight);
    Corner corner;
    corner.plane = planeIndex * inHeight * inWidth;
    corner.block = planeIndex % blocksOf(channels);
    corner.row = i / outWidth % outHeight * strideHeight - top;
    corner.column = i % outWidth * strideWidth - left;
    return corner;
}

bool inside(int row, int column)
{
    return row >= 0 && row < inHeight && column >= 0 && column < inWidth;
}

#endif
