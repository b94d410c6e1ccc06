#version 430 core

// LpPool2d, GlobalLpPool, forward: the Lp norm of each window; constant is p.
//
//   y[n,c,oh,ow] = (sum of |x|^p over the elements of the window inside x)^(1/p)
//   For p other than 1 and 2, x is divided by the largest magnitude first, so that no power leaves the range of a float.
//
// Layout    x, y channel-blocked by 4.
// Dispatch  flat, one invocation per vec4 of y.
// Twin      LpPooling, src/RealtimeCnn/Cpu/Poolings.cs
// Source    ONNX LpPool.

#include "include/pooling.glsl"
#include "include/power.glsl"

vec4 magnitude(Window window, int h, int w)
{
    return abs(LOAD(x, window.plane + h * inWidth + w));
}

vec4 largestMagnitude(Window window)
{
    vec4 largest = vec4(0.0);
    FOR_ROWS(window)
    FOR_COLUMNS(window)
        largest = max(largest, magnitude(window, h, w));
    return mix(largest, vec4(1.0), equal(largest, vec4(0.0)));
}

void main()
{
    int i = flatInvocation();
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
            vec4 value = magnitude(window, h, w);
            rowSum += constant == 1.0 ? value : constant == 2.0 ? value * value : power(value / scale, vec4(constant));
        }
        sum += rowSum;
    }
    y[i] = constant == 1.0 ? sum : constant == 2.0 ? sqrt(sum) : scale * power(sum, vec4(1.0 / constant));
}
