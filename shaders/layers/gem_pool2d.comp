#version 430 core

// GemPool2d, GlobalGemPool, forward: the generalized mean of each window; constant is the smallest base.
//
//   y[n,c,oh,ow] = (sum of max(x, constant)^p[c] over the elements of the window inside x / their count)^(1/p[c]); 0 where there is none
//   Bases are divided by the largest one first, so that no power leaves the range of a float.
//
// Layout    x, y channel-blocked by 4; p [C/4] vec4s, 1 behind the last channel.
// Dispatch  flat, one invocation per vec4 of y.
// Twin      GemPooling, src/RealtimeCnn/Cpu/Poolings.cs
// Source    Radenovic, Tolias and Chum 2018, arXiv:1711.02512, section 3.2.

#include "include/pooling.glsl"
#include "include/power.glsl"

READ_TENSOR(2, Weights, exponent);

// The base of a power; max() alone may drop a NaN.
vec4 baseAt(int i)
{
    vec4 value = LOAD(x, i);
    return mix(max(value, vec4(constant)), value, isnan(value));
}

void main()
{
    int i = flatInvocation();
    if (i >= count)
        return;

    Window window = windowOf(i);
    vec4 p = LOAD(exponent, window.block);
    vec4 largest = vec4(constant);
    FOR_ROWS(window)
    FOR_COLUMNS(window)
        largest = max(largest, baseAt(window.plane + h * inWidth + w));

    vec4 sum = vec4(0.0);
    FOR_ROWS(window)
    {
        vec4 rowSum = vec4(0.0);
        FOR_COLUMNS(window)
            rowSum += power(baseAt(window.plane + h * inWidth + w) / largest, p);
        sum += rowSum;
    }
    int elements = window.rows.count * window.columns.count;
    vec4 mean = largest * power(sum / float(max(elements, 1)), 1.0 / p);
    y[i] = keepChannels(elements == 0 ? vec4(0.0) : mean, window.block, channels);
}
