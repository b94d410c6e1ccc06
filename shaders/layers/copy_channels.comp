#version 430 core

// CopyChannels, forward, of blocks whose lanes come from the same tensors: lane l of each is a channel of the tensor at unit l + 1.
//
//   y[n, target block, pixel].l = x_l[n, channel_l, pixel], 0 behind the last channel
//
// Layout    x_l, y channel-blocked by 4. A piece is the channel of each lane, negative for none, then the target block.
// Dispatch  flat, one invocation per pixel of a piece, of a batch item.
// Defines   LANES_AT_ONCE: 4, or 2 from firstLane on where a shader can read no four tensors.
// Twin      CopyChannelsKernel, src/RealtimeCnn/Cpu/CopyChannelsKernel.cs
// Variants  LANES_AT_ONCE 4
// Variants  LANES_AT_ONCE 2

#include "include/tensor.glsl"
#include "include/flat.glsl"
#include "include/division.glsl"

layout(std140, binding = 0) uniform Params
{
    int count, area, pieces, targetBlocks;
    ivec4 sourceBlocks;
    ivec2 byArea, byPieces;
    int firstLane;
    ivec4 piece[128];
};

READ_TENSOR(1, First, x0);
READ_TENSOR(2, Second, x1);
#if LANES_AT_ONCE == 4
READ_TENSOR(3, Third, x2);
READ_TENSOR(4, Fourth, x3);
#endif
layout(std430, binding = 0) writeonly restrict buffer Output { vec4 y[]; };

#define LANE_OF(x, channel, blocks) \
    ((channel) < 0 ? 0.0 : LOAD(x, (n * (blocks) + ((channel) >> 2)) * area + pixel)[(channel) & 3])

void main()
{
    int i = flatInvocation();
    if (i >= count)
        return;

    int plane = quotient(i, byArea);
    int n = quotient(plane, byPieces);
    int pixel = i - plane * area;
    int p = plane - n * pieces;
    ivec4 channels = piece[2 * p];
    int to = (n * targetBlocks + piece[2 * p + 1].x) * area + pixel;
#if LANES_AT_ONCE == 4
    y[to] = vec4(
        LANE_OF(x0, channels.x, sourceBlocks.x), LANE_OF(x1, channels.y, sourceBlocks.y),
        LANE_OF(x2, channels.z, sourceBlocks.z), LANE_OF(x3, channels.w, sourceBlocks.w));
#else
    vec2 pair = vec2(LANE_OF(x0, channels.x, sourceBlocks.x), LANE_OF(x1, channels.y, sourceBlocks.y));
    if (firstLane == 0)
        y[to].xy = pair;
    else
        y[to].zw = pair;
#endif
}
