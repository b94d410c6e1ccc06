#version 430 core
// A picture that a network made as bytes of a texture: three channels, or one as gray; a number that is none is black.
//
//   texels[row][column] = clamp((x[.][row][column] - black) * factor, 0, 1), to the nearest 255th
//
// Layout    x channel-blocked [1][1][H][W] vec4, or [1][C][H][W] row-major.
// Dispatch  one invocation a texel.
// Defines   PLAIN where x lies row-major, else BLOCKED.
// Twin      PictureHead.Write, src/RealtimeCnn/Heads/PictureHead.cs
// Variants  BLOCKED
// Variants  PLAIN

layout(local_size_x = 8, local_size_y = 8) in;

#include "include/tensor.glsl"
#include "include/numbers.glsl"

READ_TENSOR(1, Input, x);

#include "include/blocks.glsl"

layout(rgba8, binding = 0) writeonly restrict uniform highp image2D texels;

// Width, height, channels.
layout(location = 2) uniform vec4 shape;
// The number that is black, and what brings white to 1.
layout(location = 3) uniform vec2 range;

void main()
{
    ivec2 at = ivec2(gl_GlobalInvocationID.xy);
    if (any(greaterThanEqual(at, imageSize(texels))))
        return;
    ivec3 size = ivec3(shape.xyz);
    vec4 value = (blockAt(at.y * size.x + at.x, 0, size) - range.x) * range.y;
    value = mix(clamp(value, 0.0, 1.0), vec4(0.0), isNaN(value));
    vec3 color = floor((size.z == 1 ? value.rrr : value.rgb) * 255.0 + 0.5) / 255.0;
    imageStore(texels, at, vec4(color, 1.0));
}
