#version 430 core

// WeightedAveragePool2d, forward: the mean of each window, weighted by place.
//
//   y[n,c,oh,ow] = sum of weight[kh,kw] * x over the elements of the window inside x / sum of their weights; 0 where there is none
//
// Layout    x, y channel-blocked by 4; weight [KH][KW] floats.
// Dispatch  flat, one invocation per vec4 of y.
// Twin      WeightedAveragePooling, src/RealtimeCnn/Cpu/Poolings.cs
// Source    Goodfellow, Bengio and Courville 2016, "Deep Learning", section 9.3.

#include "include/pooling.glsl"

READ_TENSOR(2, Weights, weight);

void main()
{
    int i = flatInvocation();
    if (i >= count)
        return;

    Window window = windowOf(i);
    vec4 sum = vec4(0.0);
    float total = 0.0;
    for (int kh = 0; kh < window.rows.count; ++kh)
    for (int kw = 0; kw < window.columns.count; ++kw)
    {
        int h = window.rows.first + kh * dilationHeight;
        int w = window.columns.first + kw * dilationWidth;
        float factor = LOAD_SCALAR(weight, (window.rows.tap + kh) * kernelWidth + window.columns.tap + kw);
        sum += factor * LOAD(x, window.plane + h * inWidth + w);
        total += factor;
    }
    y[i] = total > 0.0 ? sum / total : vec4(0.0);
}
