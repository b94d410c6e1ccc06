#version 430 core

// GemPool2d, GlobalGemPool, forward: the generalized mean of each window; constant is the smallest base.
//
//   y[n,c,oh,ow] = (sum of max(x, constant)^p[c] over the elements of the window inside x / their count)^(1/p[c]); 0 where there is none
//   Bases are divided by the largest one first, so that no power leaves the range of a float.
//
// Layout    x, y channel-blocked by 4; p [C/4] vec4s, 1 behind the last channel.
// Dispatch  flat, one invocation, or one work group of LANES, per vec4 of y.
// Defines   LANES: how many invocations share a window.
// Twin      GemPooling, src/RealtimeCnn/Cpu/Poolings.cs
// Source    Radenovic, Tolias and Chum 2018, arXiv:1711.02512, section 3.2.
// Variants  LANES 1
// Variants  LANES 64
// Variants  LANES 128
// Variants  LANES 1024

#include "include/pooling.glsl"
#include "include/power.glsl"

READ_TENSOR(2, Weights, exponent);

// The base of a power.
vec4 baseAt(int i)
{
    return largerOf(LOAD(x, i), vec4(constant));
}

void main()
{
    int i = flatOutput();
    if (i >= count)
        return;

    Window window = windowOf(i);
    vec4 p = LOAD(exponent, window.block);
    vec4 largest = vec4(constant);
    FOR_ROWS(window)
    FOR_COLUMNS(window)
        largest = max(largest, baseAt(window.plane + pixelOf(window, kh, kw)));
    largest = maxOfLanes(largest);

    vec4 sum = vec4(0.0);
    FOR_ROWS(window)
    {
        vec4 rowSum = vec4(0.0);
        FOR_COLUMNS(window)
            rowSum += power(baseAt(window.plane + pixelOf(window, kh, kw)) / largest, p);
        sum += rowSum;
    }
    sum = sumOfLanes(sum);
    int elements = elementsOf(window);
    vec4 mean = largest * power(sum / float(max(elements, 1)), 1.0 / p);
    if (LANE == 0)
        y[i] = STORED(keepChannels(elements == 0 ? vec4(0.0) : mean, window.block, channels));
}
