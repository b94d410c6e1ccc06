#version 430 core

// WeightedAveragePool2d, forward: the mean of each window, weighted by place.
//
//   y[n,c,oh,ow] = sum of weight[kh,kw] * x over the elements of the window inside x / sum of their weights; 0 where there is none
//
// Layout    x, y channel-blocked by 4; weight [KH][KW] floats.
// Dispatch  flat, one invocation, or one work group of LANES, per vec4 of y.
// Defines   LANES: how many invocations share a window.
// Twin      WeightedAveragePooling, src/RealtimeCnn/Cpu/Poolings.cs
// Source    Goodfellow, Bengio and Courville 2016, "Deep Learning", section 9.3.
// Variants  LANES 1
// Variants  LANES 64
// Variants  LANES 128
// Variants  LANES 1024

#include "include/pooling.glsl"

READ_TENSOR(2, Weights, weight);

void main()
{
    int i = flatOutput();
    if (i >= count)
        return;

    Window window = windowOf(i);
    vec4 sum = vec4(0.0);
    float total = 0.0;
    FOR_ROWS(window)
    FOR_COLUMNS(window)
    {
        float factor = LOAD_SCALAR(weight, (window.rows.tap + kh) * kernelWidth + window.columns.tap + kw);
        sum += factor * LOAD(x, window.plane + pixelOf(window, kh, kw));
        total += factor;
    }
    sum = sumOfLanes(sum);
    total = sumOfLanes(vec4(total)).x;
    if (LANE == 0)
        y[i] = STORED(total > 0.0 ? sum / total : vec4(0.0));
}
