#version 430 core
// A segmentation's mask of any size as bytes of a texture.
//
//   texels[row][column] = (class in 255ths, probability that it is no background, 0, 1); class 255 and 0 where nothing is known
//
// Layout    x channel-blocked [1][C/4][H][W] vec4, or [1][C][H][W] row-major.
// Dispatch  one invocation a texel.
// Defines   PLAIN where x lies row-major, else BLOCKED.
// Twin      SegmentationMask.Read, src/RealtimeCnn/Heads/SegmentationMask.cs
// Variants  BLOCKED
// Variants  PLAIN

layout(local_size_x = 8, local_size_y = 8) in;

#include "include/tensor.glsl"

READ_TENSOR(1, Input, x);

#include "include/scores.glsl"

layout(rgba8, binding = 0) writeonly restrict uniform highp image2D texels;

void main()
{
    ivec2 at = ivec2(gl_GlobalInvocationID.xy), size = imageSize(texels);
    if (any(greaterThanEqual(at, size)))
        return;
    vec2 place = (vec2(at) + 0.5) / vec2(size) * window.xy + window.zw;
    bool isKnown = isSeen(place);
    int number = isKnown ? classAt(place) : NO_CLASS;
    float foreground = isKnown ? clamp(foregroundAt(place), 0.0, 1.0) : 0.0;
    imageStore(texels, at, vec4(float(number) / 255.0, foreground, 0.0, 1.0));
}
