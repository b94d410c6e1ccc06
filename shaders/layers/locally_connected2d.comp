#version 430 core

// LocallyConnected2d, forward: a convolution with a kernel and biases of its own for every output pixel.
//
//   y[n,oc,oh,ow] = activate(bias[oc,oh,ow] + sum over kh,kw,ic of weight[oh,ow,oc,ic,kh,kw] *
//                            x[n, ic, oh*stride - top + kh*dilation, ow*stride - left + kw*dilation])
//
// Layout    x, y channel-blocked by 4; weight [OC/4][OH][OW][KH][KW][IC rounded up to 4] vec4s of oc; bias [OC/4][OH][OW].
// Dispatch  flat, one invocation per vec4 of y.
// Twin      LocallyConnectedKernel, src/RealtimeCnn/Cpu/LocallyConnectedKernel.cs
// Source    Taigman et al. 2014, "DeepFace", section 3.2.

#include "include/convolution.glsl"

void main()
{
    int i = flatInvocation();
    if (i >= count)
        return;

    Place p = placeOf(i);
    int inBlocks = blocksOf(inChannels);
    int inArea = inHeight * inWidth;
    int place = (p.block * outHeight + p.row) * outWidth + p.column;
    vec4 sum = begin(i, place);
    for (int kh = firstRow; kh < endRow; ++kh)
    {
        int row = sourceRow(p, kh);
        for (int kw = firstColumn; kw < endColumn; ++kw)
        {
            int column = sourceColumn(p, kw);
            if (row < 0 || column < 0)
                continue;
            int w = ((place * kernelHeight + kh) * kernelWidth + kw) * inBlocks * 4;
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
