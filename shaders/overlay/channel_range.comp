#version 430 core
// The least and greatest value of each channel, by which feature maps are normalised; a NaN in a channel is both.
//
//   ranges[2 b] = min over h,w of x[b, h, w],  ranges[2 b + 1] = max over h,w of x[b, h, w]
//
// Layout    x channel-blocked [1][C/4][H][W] vec4; ranges two vec4 a block.
// Dispatch  one work group of LANES a block.
// Defines   LANES
// Twin      CpuCanvas.FeatureMaps, src/RealtimeCnn/Drawing/CpuCanvas.cs
// Variants  LANES 64
// Variants  LANES 128
// Variants  LANES 1024

#include "include/tensor.glsl"
#include "include/lanes.glsl"

READ_TENSOR(1, Input, x);
layout(std430, binding = 0) writeonly restrict buffer Output { vec4 ranges[]; };

layout(location = 0) uniform int elementsInChannel;

void main()
{
    int block = flatOutput();
    vec4 low = vec4(INFINITY), high = vec4(NEGATIVE_INFINITY);
    for (int i = LANE; i < elementsInChannel; i += LANES) {
        vec4 value = LOAD(x, block * elementsInChannel + i);
        low = smallerOf(low, value);
        high = largerOf(high, value);
    }

    low = minOfLanes(low);
    high = maxOfLanes(high);
    if (LANE == 0) {
        ranges[2 * block] = low;
        ranges[2 * block + 1] = high;
    }
}
