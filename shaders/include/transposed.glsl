// Which input element reaches an output element of a transposed convolution. Needs include/convolution.glsl.

#ifndef TRANSPOSED_GLSL
#define TRANSPOSED_GLSL

// The input element at a position of the input spread out by the stride, or -1 between elements and outside.
int reaching(int position, int stride, int extent)
{
    return position >= 0 && position % stride == 0 && position / stride < extent ? position / stride : -1;
}

int reachingRow(Place p, int kernelRow)
{
    return reaching(p.row + top - kernelRow * dilationHeight, strideHeight, inHeight);
}

int reachingColumn(Place p, int kernelColumn)
{
    return reaching(p.column + left - kernelColumn * dilationWidth, strideWidth, inWidth);
}

#endif
