#version 430 core

// AveragePool2d, AdaptiveAveragePool2d, GlobalAveragePool, forward: the mean of each window.
//
//   y[n,c,oh,ow] = sum over the elements of the window inside x / count; 0 where there is none
//   The count is that of the elements inside x, or inside the padded x (countIncludePad).
//   Rows are summed apart, so that long sums keep their precision.
//
// Layout    x, y channel-blocked by 4.
// Dispatch  flat, one invocation, or one work group of LANES, per vec4 of y.
// Defines   LANES: how many invocations share a window.
// Twin      AveragePooling, src/RealtimeCnn/Cpu/Poolings.cs
// Source    ONNX AveragePool-19.
// Variants  LANES 1
// Variants  LANES 64
// Variants  LANES 128
// Variants  LANES 1024
// Variants  LANES 1, HALF_INPUT 1, HALF_OUTPUT 1

#include "include/pooling.glsl"

void main()
{
    int i = flatOutput();
    if (i >= count)
        return;

    Window window = windowOf(i);
    vec4 sum = vec4(0.0);
    FOR_ROWS(window)
    {
        vec4 rowSum = vec4(0.0);
        FOR_COLUMNS(window)
            rowSum += LOAD(x, window.plane + pixelOf(window, kh, kw));
        sum += rowSum;
    }
    sum = sumOfLanes(sum);
    int elements = countIncludePad != 0 ? window.rows.paddedCount * window.columns.paddedCount : elementsOf(window);
    if (LANE == 0)
        y[i] = STORED(sum / float(max(elements, 1)));
}
