#version 430 core

// DepthwiseConv2d, forward: every channel is convolved with its own filter.
//
//   y[n,c,oh,ow] = activate(bias[c] + sum over kh,kw of weight[c,kh,kw] *
//                           x[n, c, oh*stride - top + kh*dilation, ow*stride - left + kw*dilation] + residual[n,c,oh,ow])
//
// Layout    x, y, residual channel-blocked by 4; weight [C/4][KH][KW] vec4s of c; bias [C/4].
// Dispatch  flat, one invocation per vec4 of y.
// Twin      DepthwiseKernel, src/RealtimeCnn/Cpu/DepthwiseKernel.cs
// Source    Howard et al. 2017, "MobileNets", arXiv:1704.04861, section 3.1.

#include "include/convolution.glsl"

void main()
{
    int i = flatInvocation();
    if (i >= count)
        return;

    Place p = placeOf(i);
    int plane = (p.n * blocksOf(outChannels) + p.block) * inHeight * inWidth;
    vec4 sum = begin(i, p.block);
    for (int kh = firstRow; kh < endRow; ++kh)
    {
        int row = sourceRow(p, kh);
        for (int kw = firstColumn; kw < endColumn; ++kw)
        {
            int column = sourceColumn(p, kw);
            if (row >= 0 && column >= 0)
                sum += LOAD(x, plane + row * inWidth + column) * LOAD(weight, (p.block * kernelHeight + kh) * kernelWidth + kw);
        }
    }
    store(i, p.block, sum);
}
