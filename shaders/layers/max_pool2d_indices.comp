#version 430 core

// MaxPool2dIndices, forward: where each window has its first largest element.
//
//   y[n,c,oh,ow] = ((n*C + c)*H + h)*W + w of that element; -1 where the window sees none; a NaN wins.
//
// Layout    x, y channel-blocked by 4; indices are those of the row-major tensor, as floats.
// Dispatch  flat, one invocation per vec4 of y.
// Twin      MaxIndexPooling, src/RealtimeCnn/Cpu/Poolings.cs
// Source    ONNX MaxPool, second output.

#include "include/pooling.glsl"

void main()
{
    int i = flatInvocation();
    if (i >= count)
        return;

    Window window = windowOf(i);
    int area = inHeight * inWidth;
    int n = window.plane / (area * blocksOf(channels));
    ivec4 origin = (n * channels + window.block * 4 + ivec4(0, 1, 2, 3)) * area;
    vec4 largest = NEGATIVE_INFINITY;
    ivec4 place = ivec4(-1);
    FOR_ROWS(window)
    FOR_COLUMNS(window)
    {
        int pixel = h * inWidth + w;
        vec4 value = LOAD(x, window.plane + pixel);
        for (int lane = 0; lane < 4; ++lane)
        {
            if (value[lane] > largest[lane] || place[lane] < 0 || (isnan(value[lane]) && !isnan(largest[lane])))
            {
                largest[lane] = value[lane];
                place[lane] = origin[lane] + pixel;
            }
        }
    }
    y[i] = keepChannels(vec4(place), window.block, channels);
}
