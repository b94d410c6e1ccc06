#version 430 core

// MaxPool2d, AdaptiveMaxPool2d, GlobalMaxPool, forward: keeps the largest value of each window.
//
//   y[n,c,oh,ow] = max over the elements of the window inside x; minus infinity where there is none; a NaN wins.
//
// Layout    x, y channel-blocked by 4.
// Dispatch  flat, one invocation, or one work group of LANES, per vec4 of y.
// Defines   LANES: how many invocations share a window.
// Twin      MaxPooling, src/RealtimeCnn/Cpu/Poolings.cs
// Source    ONNX MaxPool.
// Variants  LANES 1
// Variants  LANES 64
// Variants  LANES 128
// Variants  LANES 1024

#include "include/pooling.glsl"

void main()
{
    int i = flatOutput();
    if (i >= count)
        return;

    Window window = windowOf(i);
    vec4 largest = vec4(NEGATIVE_INFINITY);
    FOR_ROWS(window)
    FOR_COLUMNS(window)
        largest = largerOf(largest, LOAD(x, window.plane + pixelOf(window, kh, kw)));
    largest = maxOfLanes(largest);
    if (LANE == 0)
        y[i] = STORED(keepChannels(largest, window.block, channels));
}
