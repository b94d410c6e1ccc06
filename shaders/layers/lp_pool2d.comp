#version 430 core

// LpPool2d, GlobalLpPool, forward: the Lp norm of each window; constant is p.
//
//   y[n,c,oh,ow] = (sum of |x|^p over the elements of the window inside x)^(1/p)
//   For p other than 1 and 2, x is divided by the largest magnitude first, so that no power leaves the range of a float.
//
// Layout    x, y channel-blocked by 4.
// Dispatch  flat, one invocation, or one work group of LANES, per vec4 of y.
// Defines   LANES: how many invocations share a window.
// Twin      LpPooling, src/RealtimeCnn/Cpu/Poolings.cs
// Source    ONNX LpPool.
// Variants  LANES 1
// Variants  LANES 64
// Variants  LANES 128
// Variants  LANES 1024

#include "include/pooling.glsl"
#include "include/power.glsl"

vec4 magnitude(Window window, int kh, int kw)
{
    return abs(LOAD(x, window.plane + pixelOf(window, kh, kw)));
}

vec4 largestMagnitude(Window window)
{
    vec4 largest = vec4(0.0);
    FOR_ROWS(window)
    FOR_COLUMNS(window)
        largest = max(largest, magnitude(window, kh, kw));
    largest = maxOfLanes(largest);
    return mix(largest, vec4(1.0), equal(largest, vec4(0.0)));
}

void main()
{
    int i = flatOutput();
    if (i >= count)
        return;

    Window window = windowOf(i);
    bool isGeneral = constant != 1.0 && constant != 2.0;
    vec4 scale = isGeneral ? largestMagnitude(window) : vec4(1.0);
    vec4 sum = vec4(0.0);
    FOR_ROWS(window)
    {
        vec4 rowSum = vec4(0.0);
        FOR_COLUMNS(window)
        {
            vec4 value = magnitude(window, kh, kw);
            rowSum += constant == 1.0 ? value : constant == 2.0 ? value * value : power(value / scale, vec4(constant));
        }
        sum += rowSum;
    }
    sum = sumOfLanes(sum);
    if (LANE == 0)
        y[i] = STORED(constant == 1.0 ? sum : constant == 2.0 ? sqrt(sum) : scale * power(sum, vec4(1.0 / constant)));
}
