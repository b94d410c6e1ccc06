#version 430 core

// SoftThreshold, forward: y[n,c,h,w] = gain * sign(x) * max(|x| - threshold[c], 0) with x = x[n,c,h,w].
//
// Layout    x and y row-major, threshold by channel.
// Dispatch  flat, one invocation per element of y.
// Twin      SoftThresholdOnCpu, SoftThreshold.cs

#include "include/tensor.glsl"
#include "include/flat.glsl"
#include "shrink.glsl"

layout(std140, binding = 0) uniform Params { int count, area, channels; float gain; };

READ_TENSOR(1, Input, x);
READ_TENSOR(2, Threshold, threshold);
layout(std430, binding = 0) writeonly restrict buffer Output { float y[]; };

void main()
{
    int i = flatInvocation();
    if (i >= count)
        return;

    y[i] = gain * shrink(LOAD_SCALAR(x, i), LOAD_SCALAR(threshold, i / area % channels));
}
