#version 430 core

// ConvTranspose2d, forward: a dense transposed convolution; every output gathers what reaches it.
//
//   y[n,oc,oh,ow] = activate(bias[oc] + sum over ic,kh,kw of weight[ic,oc,kh,kw] *
//                            x[n, ic, (oh + top - kh*dilation) / stride, (ow + left - kw*dilation) / stride])
//   over the terms whose divisions leave no remainder and whose element exists.
//
// Layout    x, y channel-blocked by 4; weight [OC/4][KH][KW][IC rounded up to 4] vec4s of oc; bias [OC/4].
// Dispatch  flat, one invocation per vec4 of y.
// Twin      ConvTransposeKernel, src/RealtimeCnn/Cpu/ConvTransposeKernel.cs
// Source    Dumoulin and Visin 2016, arXiv:1603.07285, chapter 4; ONNX ConvTranspose.

#include "include/convolution.glsl"
#include "include/transposed.glsl"

void main()
{
    int i = flatInvocation();
    if (i >= count)
        return;

    Place p = placeOf(i);
    int inBlocks = blocksOf(inChannels);
    int inArea = inHeight * inWidth;
    vec4 sum = begin(i, p.block);
    for (int kh = firstRow; kh < endRow; ++kh)
    {
        int row = reachingRow(p, kh);
        for (int kw = firstColumn; kw < endColumn; ++kw)
        {
            int column = reachingColumn(p, kw);
            if (row < 0 || column < 0)
                continue;
            int w = ((p.block * kernelHeight + kh) * kernelWidth + kw) * inBlocks * 4;
            int at = p.n * inBlocks * inArea + row * inWidth + column;
            for (int block = firstChannel; block < endChannel; ++block)
            {
                vec4 value = LOAD(x, at + block * inArea);
                sum += value.x * LOAD(weight, w + block * 4);
                sum += value.y * LOAD(weight, w + block * 4 + 1);
                sum += value.z * LOAD(weight, w + block * 4 + 2);
                sum += value.w * LOAD(weight, w + block * 4 + 3);
            }
        }
    }
    store(i, p.block, sum);
}
