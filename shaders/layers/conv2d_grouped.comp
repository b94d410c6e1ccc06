#version 430 core

// Conv2d, forward, in groups that may end inside a vec4: each of the four output channels finds its own input channels.
//
//   y[n,oc,oh,ow] = activate(bias[oc] + sum over kh,kw,ic of weight[oc,ic,kh,kw] *
//                            x[n, group(oc)*IC/groups + ic, oh*stride - top + kh*dilation, ow*stride - left + kw*dilation]
//                            + residual[n,oc,oh,ow])
//
// Layout    x, y, residual channel-blocked by 4; weight [OC/4][KH][KW][IC/groups] vec4s of oc; bias [OC/4].
// Dispatch  flat, one invocation per vec4 of y.
// Twin      ConvolutionKernel, src/RealtimeCnn/Cpu/ConvolutionKernel.cs
// Source    Krizhevsky et al. 2012, "ImageNet Classification with Deep Convolutional Neural Networks", section 3.5; ONNX Conv.

#include "include/convolution.glsl"

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
        int row = sourceRow(p, kh);
        for (int kw = firstColumn; kw < endColumn; ++kw)
        {
            int column = sourceColumn(p, kw);
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
