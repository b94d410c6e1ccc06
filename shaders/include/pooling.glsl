// What all pooling layers share: their parameters, and which elements of the input a window sees. Windows either slide
// (fixed extent, stride, padding, dilation) or share out the whole input (adaptive; with one output pixel global pooling).

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
    int isAdaptive, countIncludePad;
    float constant;
};

READ_TENSOR(1, Input, x);
layout(std430, binding = 0) writeonly restrict buffer Output { vec4 y[]; };

const vec4 NEGATIVE_INFINITY = vec4(uintBitsToFloat(0xFF800000u));

// The rows or columns of a window inside the input: first, first + step, ..., below end; tap is the index of the first
// one in the window, count how many there are, paddedCount how many lie inside the padded input.
struct Range { int first, end, step, tap, count, paddedCount; };

// The elements that vec4 i of the output sees, and the plane of x in which they lie.
struct Window { int plane, block; Range rows, columns; };

Range shareOf(int index, int length, int parts)
{
    int first = index * length / parts;
    int end = ((index + 1) * length + parts - 1) / parts;
    return Range(first, end, 1, 0, end - first, end - first);
}

Range clipped(int start, int kernel, int dilation, int length, int after)
{
    int skipped = start >= 0 ? 0 : min((-start + dilation - 1) / dilation, kernel);
    int kept = clamp((length - start + dilation - 1) / dilation, skipped, kernel);
    int padded = clamp((length + after - start + dilation - 1) / dilation, 0, kernel);
    return Range(start + skipped * dilation, start + kept * dilation, dilation, skipped, kept - skipped, padded);
}

Window windowOf(int i)
{
    int planeIndex = i / (outWidth * outHeight);
    int row = i / outWidth % outHeight;
    int column = i % outWidth;
    Window window;
    window.plane = planeIndex * inHeight * inWidth;
    window.block = planeIndex % blocksOf(channels);
    if (isAdaptive != 0)
    {
        window.rows = shareOf(row, inHeight, outHeight);
        window.columns = shareOf(column, inWidth, outWidth);
    }
    else
    {
        window.rows = clipped(row * strideHeight - top, kernelHeight, dilationHeight, inHeight, bottom);
        window.columns = clipped(column * strideWidth - left, kernelWidth, dilationWidth, inWidth, right);
    }
    return window;
}

// For h, w over the elements of a window.
#define FOR_ROWS(window) for (int h = window.rows.first; h < window.rows.end; h += window.rows.step)
#define FOR_COLUMNS(window) for (int w = window.columns.first; w < window.columns.end; w += window.columns.step)

#endif
