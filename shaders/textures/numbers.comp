#version 430 core
// A tensor's numbers as texels: four channels each, those of the next four below them; or one channel each.
//
//   texels[b * height + row][column] = x[4 b .. 4 b + 3][row][column]
//
// Layout    x channel-blocked [1][C/4][H][W] vec4, or [1][C][H][W] row-major.
// Dispatch  one invocation a texel.
// Defines   PLAIN where x lies row-major, else BLOCKED; SINGLE for texels of one number.
// Variants  BLOCKED
// Variants  PLAIN
// Variants  BLOCKED, SINGLE
// Variants  PLAIN, SINGLE

layout(local_size_x = 8, local_size_y = 8) in;

#include "include/tensor.glsl"

READ_TENSOR(1, Input, x);

#include "include/blocks.glsl"

#ifdef SINGLE
layout(r32f, binding = 0) writeonly restrict uniform highp image2D texels;
#else
layout(rgba32f, binding = 0) writeonly restrict uniform highp image2D texels;
#endif

// Width, height, channels.
layout(location = 2) uniform vec4 shape;

void main()
{
    ivec2 at = ivec2(gl_GlobalInvocationID.xy);
    if (any(greaterThanEqual(at, imageSize(texels))))
        return;
    ivec3 size = ivec3(shape.xyz);
    int block = at.y / size.y;
    imageStore(texels, at, blockAt((at.y - block * size.y) * size.x + at.x, block, size));
}
