// What all pooling layers share: their parameters, and which elements of the input a window sees. Windows either slide
// (fixed extent, stride, padding, dilation) or share out the whole input (adaptive; with one output pixel global pooling).

#ifndef POOLING_GLSL
#define POOLING_GLSL

#include "include/tensor.glsl"
#include "include/lanes.glsl"
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
    // Of the lanes that share a window, how many lie beside one another along its columns.
    int laneColumns;
};

READ_VALUES(1, Input, x);
WRITE_VALUES(Output, y);

// The rows or columns of a window inside the input: first, first + step, ..., count of them; tap is the index of the first
// one in the window, paddedCount how many lie inside the padded input.
struct Range { int first, step, tap, count, paddedCount; };

// The elements that vec4 i of the output sees, and the plane of x in which they lie.
struct Window { int plane, block; Range rows, columns; };

// index * length / parts, rounded up where asked, without leaving 32 bits for parts below 2^16.
int partBorder(int index, int length, int parts, bool roundUp)
{
    uint rest = uint(index) * uint(length % parts) + (roundUp ? uint(parts - 1) : 0u);
    return index * (length / parts) + int(rest / uint(parts));
}

Range shareOf(int index, int length, int parts)
{
    int first = partBorder(index, length, parts, false);
    int count = partBorder(index + 1, length, parts, true) - first;
    return Range(first, 1, 0, count, count);
}

// How many of the places 0, dilation, 2 * dilation, ... lie before a distance.
int tapsBefore(int distance, int dilation)
{
    return distance > 0 ? (distance - 1) / dilation + 1 : 0;
}

Range clipped(int start, int kernel, int dilation, int length, int after)
{
    int skipped = min(tapsBefore(-start, dilation), kernel);
    int kept = clamp(tapsBefore(length - start, dilation), skipped, kernel);
    int padded = clamp(tapsBefore(length + after - start, dilation), 0, kernel);
    return Range(start + skipped * dilation, dilation, skipped, kept - skipped, padded);
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

// For the rows and columns of a window, kh and kw from 0 on, that are this lane's.
#if LANES == 1
#define FOR_ROWS(window) for (int kh = 0; kh < window.rows.count; ++kh)
#define FOR_COLUMNS(window) for (int kw = 0; kw < window.columns.count; ++kw)
#else
#define FOR_ROWS(window) for (int kh = LANE / laneColumns; kh < window.rows.count; kh += LANES / laneColumns)
#define FOR_COLUMNS(window) for (int kw = LANE % laneColumns; kw < window.columns.count; kw += laneColumns)
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
