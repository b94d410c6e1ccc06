// What all convolutions share: their parameters, where an output element lies, and how a sum becomes one.

#ifndef CONVOLUTION_GLSL
#define CONVOLUTION_GLSL

#include "include/tensor.glsl"
#include "include/flat.glsl"
#include "include/channels.glsl"
#include "include/window.glsl"
#include "include/activation.glsl"

// Twin: ConvolutionParams, src/RealtimeCnn.OpenGL/Kernels/ConvolutionParams.cs
layout(std140, binding = 0) uniform Params
{
    int batch, inChannels, inHeight, inWidth;
    int outChannels, outHeight, outWidth, residual;
    int kernelHeight, kernelWidth, strideHeight, strideWidth;
    int top, left, dilationHeight, dilationWidth;
    int paddingMode, activation;
    float alpha, beta;
    int groups, count;
    // The part of each sum that this dispatch adds. A driver may end long loops early without a word (include/lanes.glsl), so a
    // long sum takes several dispatches, each of which goes on with what lies in y. Channels are vec4s where a group has whole ones.
    int firstRow, endRow, firstColumn, endColumn, firstChannel, endChannel, isFirst, isLast;
};

READ_VALUES(1, Input, x);
READ_WEIGHTS(2, Weights, weight);
READ_TENSOR(3, Bias, bias);
READ_VALUES(4, Residual, residualInput);
WRITE_VALUES(Output, y);

// Coordinates of one vec4 of the output.
struct Place { int n, block, row, column; };

Place placeOf(int i)
{
    int blocks = blocksOf(outChannels);
    Place p;
    p.column = i % outWidth;
    p.row = i / outWidth % outHeight;
    p.block = i / (outWidth * outHeight) % blocks;
    p.n = i / (outWidth * outHeight * blocks);
    return p;
}

// Coordinates of a pixel of a plane of up to 2^24 pixels in 2^20 rows.
Place placeOfPixel(int n, int block, int pixel)
{
    int row = quotient(pixel, outWidth);
    return Place(n, block, row, pixel - row * outWidth);
}

// The input row under a row of the window, or -1 for zeros.
int sourceRow(Place p, int kernelRow)
{
    return sourceIndex(p.row * strideHeight - top + kernelRow * dilationHeight, inHeight, paddingMode);
}

// The input column under a column of the window, or -1 for zeros.
int sourceColumn(Place p, int kernelColumn)
{
    return sourceIndex(p.column * strideWidth - left + kernelColumn * dilationWidth, inWidth, paddingMode);
}

// What an output's sum is before this dispatch; the bias to begin with.
vec4 begin(int i, int biasOfOutput)
{
    return isFirst != 0 ? LOAD(bias, biasOfOutput) : loaded(y[i]);
}

// Stores; a complete sum with the residual added and activated. Tiles have RESIDUAL and ACTIVATION compiled in: a software driver
// would compute both sides of each choice, for each sum of a tile.
void store(int i, int block, vec4 sum)
{
#ifdef RESIDUAL
    if (RESIDUAL != 0)
        sum += LOAD(residualInput, i);
#else
    if (isLast == 0)
    {
        y[i] = STORED(sum);
        return;
    }
    if (residual != 0)
        sum += LOAD(residualInput, i);
#endif
    y[i] = STORED(keepChannels(activate(sum, activation, alpha, beta), block, outChannels));
}

#endif
