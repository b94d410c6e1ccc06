#version 430 core

// MaxPool2d, AdaptiveMaxPool2d, GlobalMaxPool, forward: keeps the largest value of each window.
//
//   y[n,c,oh,ow] = max over the elements of the window inside x; minus infinity where there is none; a NaN wins.
//
// Layout    x, y channel-blocked by 4.
// Dispatch  flat, one invocation per vec4 of y.
// Twin      MaxPooling, src/RealtimeCnn/Cpu/Poolings.cs
// Source    ONNX MaxPool.

#include "include/pooling.glsl"

void main()
{
    int i = flatInvocation();
    if (i >= count)
        return;

    Window window = windowOf(i);
    vec4 largest = NEGATIVE_INFINITY;
    FOR_ROWS(window)
    FOR_COLUMNS(window)
    {
        vec4 value = LOAD(x, window.plane + h * inWidth + w);
        largest = mix(largest, value, lessThan(largest, value));
        largest = mix(largest, value, isnan(value));
    }
    y[i] = keepChannels(largest, window.block, channels);
}
