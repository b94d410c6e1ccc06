#version 430 core

// MaxPool2d, forward, second output: where each window has its first largest element.
//
//   y[n,c,oh,ow] = ((n*C + c)*H + h)*W + w of that element; -1 where the window sees none; a NaN wins.
//
// Layout    x, y channel-blocked by 4; indices are those of the row-major tensor, as floats.
// Dispatch  flat, one invocation, or one work group of LANES, per vec4 of y.
// Defines   LANES: how many invocations share a window.
// Twin      MaxPoolWithIndicesKernel, src/RealtimeCnn/Cpu/MaxPoolWithIndicesKernel.cs
// Source    ONNX MaxPool, second output.
// Variants  LANES 1
// Variants  LANES 64
// Variants  LANES 128
// Variants  LANES 1024

#include "include/pooling.glsl"

bvec4 either(bvec4 a, bvec4 b)
{
    return bvec4(ivec4(a) | ivec4(b));
}

bvec4 both(bvec4 a, bvec4 b)
{
    return bvec4(ivec4(a) & ivec4(b));
}

void main()
{
    int i = flatOutput();
    if (i >= count)
        return;

    Window window = windowOf(i);
    int area = inHeight * inWidth;
    ivec4 origin = (window.n * channels + window.block * 4 + ivec4(0, 1, 2, 3)) * area;
    vec4 largest = vec4(NEGATIVE_INFINITY);
    ivec4 place = ivec4(-1);
    FOR_ROWS(window)
    FOR_COLUMNS(window)
    {
        int pixel = pixelOf(window, kh, kw);
        vec4 value = LOAD(x, window.plane + pixel);
        bvec4 isNew = either(either(greaterThan(value, largest), lessThan(place, ivec4(0))), both(isNaN(value), not(isNaN(largest))));
        largest = mix(largest, value, isNew);
        place += ivec4(isNew) * (origin + pixel - place);
    }

    // Of the lanes that have the largest one, the first place wins; places are rounded to floats either way.
    vec4 winner = maxOfLanes(largest);
    bvec4 wins = both(greaterThanEqual(place, ivec4(0)), either(equal(largest, winner), both(isNaN(largest), isNaN(winner))));
    vec4 first = minOfLanes(mix(vec4(INFINITY), vec4(place), wins));
    if (LANE == 0)
        y[i] = STORED(keepChannels(mix(first, vec4(-1.0), equal(first, vec4(INFINITY))), window.block, channels));
}
