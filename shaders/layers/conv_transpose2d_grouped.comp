#version 430 core

// ConvTranspose2d, forward, in groups that may end inside a vec4: each of the four output channels finds its own input channels.
//
//   y[n,oc,oh,ow] = activate(bias[oc] + sum over ic,kh,kw of weight[ic,oc,kh,kw] *
//                            x[n, ic, (oh + top - kh*dilation) / stride, (ow + left - kw*dilation) / stride])
//   over the ic of the group of oc and the terms whose divisions leave no remainder and whose element exists.
//
// Layout    x, y channel-blocked by 4; weight [OC/4][KH][KW][IC/groups] vec4s of oc; bias [OC/4].
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
    int inArea = inHeight * inWidth;
    int channels = inChannels / groups;
    ivec4 outChannel = min(ivec4(0, 1, 2, 3) + p.block * 4, ivec4(outChannels - 1));
    ivec4 firstOfGroup = outChannel / (outChannels / groups) * channels;
    vec4 sum = begin(i, p.block);
    for (int kh = firstRow; kh < endRow; ++kh)
    {
        int row = reachingRow(p, kh);
        for (int kw = firstColumn; kw < endColumn; ++kw)
        {
            int column = reachingColumn(p, kw);
            if (row < 0 || column < 0)
                continue;
            int w = ((p.block * kernelHeight + kh) * kernelWidth + kw) * channels;
            int at = p.n * blocksOf(inChannels) * inArea + row * inWidth + column;
            for (int c = firstChannel; c < endChannel; ++c)
            {
                vec4 value;
                for (int lane = 0; lane < 4; ++lane)
                {
                    int channel = firstOfGroup[lane] + c;
                    value[lane] = LOAD(x, at + channel / 4 * inArea)[channel % 4];
                }
                sum += value * LOAD(weight, w + c);
            }
        }
    }
    store(i, p.block, sum);
}
