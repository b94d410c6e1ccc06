#version 430 core
// The least and greatest value of each channel, by which feature maps are normalised.
//
//   ranges[2 b] = min over h,w of x[b, h, w],  ranges[2 b + 1] = max over h,w of x[b, h, w]
//
// Layout    x channel-blocked [1][C/4][H][W] vec4; ranges two vec4 a block.
// Dispatch  one work group a block.
// Twin      CpuCanvas.FeatureMaps, src/RealtimeCnn/Drawing/CpuCanvas.cs

#include "include/tensor.glsl"

layout(local_size_x = 64) in;

READ_TENSOR(1, Input, x);
layout(std430, binding = 0) writeonly restrict buffer Output { vec4 ranges[]; };

layout(location = 0) uniform int elementsInChannel;

shared vec4 lows[gl_WorkGroupSize.x];
shared vec4 highs[gl_WorkGroupSize.x];

void main()
{
    int block = int(gl_WorkGroupID.x);
    int lane = int(gl_LocalInvocationID.x);
    vec4 low = vec4(-FLOAT_LOWEST), high = vec4(FLOAT_LOWEST);
    for (int i = lane; i < elementsInChannel; i += int(gl_WorkGroupSize.x)) {
        vec4 value = LOAD(x, block * elementsInChannel + i);
        low = min(low, value);
        high = max(high, value);
    }

    lows[lane] = low;
    highs[lane] = high;
    barrier();
    for (int half_ = int(gl_WorkGroupSize.x) / 2; half_ > 0; half_ /= 2) {
        if (lane < half_) {
            lows[lane] = min(lows[lane], lows[lane + half_]);
            highs[lane] = max(highs[lane], highs[lane + half_]);
        }
        barrier();
    }

    if (lane == 0) {
        ranges[2 * block] = lows[0];
        ranges[2 * block + 1] = highs[0];
    }
}
