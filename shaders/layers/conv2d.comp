#version 430 core

// Conv2d, forward: a dense convolution.
//
//   y[n,oc,oh,ow] = activate(bias[oc] + sum over kh,kw,ic of weight[oc,ic,kh,kw] *
//                            x[n, ic, oh*stride - top + kh*dilation, ow*stride - left + kw*dilation] + residual[n,oc,oh,ow])
//
// Layout    x, y, residual channel-blocked by 4; weight [OC/4][KH][KW][IC rounded up to 4] vec4s of oc; bias [OC/4].
// Dispatch  flat, one invocation per vec4 of y.
// Twin      ConvolutionKernel, src/RealtimeCnn/Cpu/ConvolutionKernel.cs
// Source    LeCun et al. 1998, "Gradient-Based Learning Applied to Document Recognition", section II; ONNX Conv.

#include "include/convolution.glsl"

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
        int row = sourceRow(p, kh);
        for (int kw = firstColumn; kw < endColumn; ++kw)
        {
            int column = sourceColumn(p, kw);
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
