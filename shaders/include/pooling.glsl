// What all pooling layers share: their parameters, and which elements of the input a window sees. Windows either slide
// (fixed extent, stride, padding, dilation) or share out the whole input (adaptive; with one output pixel global pooling).

#ifndef POOLING_GLSL
#define POOLING_GLSL

#include "include/tensor.glsl"
#include "include/lanes.glsl"
#include "include/division.glsl"
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
    // Of the lanes that share a window, how many lie beside one another along its columns, as a power of two.
    int laneShift;
    // By the pixels of a plane of y, its columns and rows, the blocks of an item, and dilations.
    ivec2 byPlane, byWidth, byHeight, byBlocks, byDilationHeight, byDilationWidth;
    // Shares: whole rows of one, and how many are left of all; the same of columns.
    ivec4 shares;
};

READ_VALUES(1, Input, x);
WRITE_VALUES(Output, y);

// The rows or columns of a window inside the input: first, first + step, ..., count of them; tap is the index of the first
// one in the window, paddedCount how many lie inside the padded input.
struct Range { int first, step, tap, count, paddedCount; };

// The elements that vec4 i of the output sees, and the plane of x in which they lie.
struct Window { int n, plane, block; Range rows, columns; };

// Part `index` of so many, from index * length / parts on to (index + 1) * length / parts, rounded up; share: whole elements of a
// part, and how many are left of all. 32 bits are enough for as many parts as PoolingKernel allows.
Range shareOf(int index, int parts, ivec2 share, ivec2 byParts)
{
    int first = index * share.x + quotient(index * share.y, byParts);
    int count = (index + 1) * share.x + quotient((index + 1) * share.y + parts - 1, byParts) - first;
    return Range(first, 1, 0, count, count);
}

// How many of the places 0, dilation, 2 * dilation, ... lie before a distance.
int tapsBefore(int distance, ivec2 byDilation)
{
    return distance > 0 ? quotient(distance - 1, byDilation) + 1 : 0;
}

Range clipped(int start, int kernel, int dilation, ivec2 byDilation, int length, int after)
{
    int skipped = min(tapsBefore(-start, byDilation), kernel);
    int kept = clamp(tapsBefore(length - start, byDilation), skipped, kernel);
    int padded = clamp(tapsBefore(length + after - start, byDilation), 0, kernel);
    return Range(start + skipped * dilation, dilation, skipped, kept - skipped, padded);
}

Window windowOf(int i)
{
    int planeIndex = quotient(i, byPlane), pixel = i - planeIndex * outWidth * outHeight;
    int row = quotient(pixel, byWidth), column = pixel - row * outWidth;
    Window window;
    window.n = quotient(planeIndex, byBlocks);
    window.plane = planeIndex * inHeight * inWidth;
    window.block = planeIndex - window.n * blocksOf(channels);
    if (isAdaptive != 0)
    {
        window.rows = shareOf(row, outHeight, shares.xy, byHeight);
        window.columns = shareOf(column, outWidth, shares.zw, byWidth);
    }
    else
    {
        window.rows = clipped(row * strideHeight - top, kernelHeight, dilationHeight, byDilationHeight, inHeight, bottom);
        window.columns = clipped(column * strideWidth - left, kernelWidth, dilationWidth, byDilationWidth, inWidth, right);
    }
    return window;
}

// For the rows and columns of a window, kh and kw from 0 on, that are this lane's.
#if LANES == 1
#define FOR_ROWS(window) for (int kh = 0; kh < window.rows.count; ++kh)
#define FOR_COLUMNS(window) for (int kw = 0; kw < window.columns.count; ++kw)
#else
#define FOR_ROWS(window) for (int kh = LANE >> laneShift; kh < window.rows.count; kh += LANES >> laneShift)
#define FOR_COLUMNS(window) for (int kw = LANE & ((1 << laneShift) - 1); kw < window.columns.count; kw += 1 << laneShift)
#endif

// Where an element of a window lies in its plane.
int pixelOf(Window window, int kh, int kw)
{
    return (window.rows.first + kh * window.rows.step) * inWidth + window.columns.first + kw * window.columns.step;
}

int elementsOf(Window window)
{
    return window.rows.count * window.columns.count;
}

#endif
