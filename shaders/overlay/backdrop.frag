#version 430 core
// Overlay backdrops: a colour, another picture, or the picture shrunk and smoothly enlarged again, in the place of what a segmentation network
// says is background.
//
//   opacity = 1 - clamp((P(foreground) - threshold) / edge + 1/2, 0, 1)
//
// Layout    x channel-blocked [1][C/4][H][W] vec4; small [1][1][h][w] vec4.
// Twin      MaskPainter.Backdrop, src/RealtimeCnn/Drawing/MaskPainter.cs
// Source    Unser 1999, "Splines: A Perfect Fit for Signal and Image Processing" (cubic B-spline).

#include "include/tensor.glsl"

READ_TENSOR(1, Input, x);
READ_TENSOR(2, Small, small);

#include "include/scores.glsl"

layout(binding = 0) uniform sampler2D behind;
// A colour and its opacity.
layout(location = 5) uniform vec4 color;
// Width and height of the shrunken picture; 0 for none.
layout(location = 6) uniform vec2 smallSize;
// 1 where another picture lies behind, else 0.
layout(location = 7) uniform float hasPicture;

in vec2 place;
out vec4 result;

// Weights of the four elements around a place, the second of which is at or before it.
vec4 splineWeights(float t)
{
    float s = 1.0 - t;
    return vec4(s * s * s, t * t * (3.0 * t - 6.0) + 4.0, s * s * (3.0 * s - 6.0) + 4.0, t * t * t) / 6.0;
}

vec3 cubicTensor(vec2 at, ivec2 size)
{
    vec2 position = at * vec2(size) - 0.5;
    vec2 corner = floor(position);
    vec4 across = splineWeights(position.x - corner.x), down = splineWeights(position.y - corner.y);
    vec3 sum = vec3(0.0);
    for (int row = 0; row < 4; row++) {
        int from = clamp(int(corner.y) - 1 + row, 0, size.y - 1) * size.x;
        for (int column = 0; column < 4; column++)
            sum += down[row] * across[column] * LOAD(small, from + clamp(int(corner.x) - 1 + column, 0, size.x - 1)).rgb;
    }
    return sum;
}

void main()
{
    vec2 at = place * window.xy + window.zw;
    float foreground = isSeen(at) ? foregroundAt(at) : 0.0;
    float opacity = 1.0 - clamp((foreground - head.z) / head.w + 0.5, 0.0, 1.0);
    if (opacity <= 0.0)
        discard;
    if (smallSize.x > 0.0)
        result = vec4(clamp(cubicTensor(place, ivec2(smallSize)), 0.0, 1.0), opacity);
    else if (hasPicture > 0.5)
        result = vec4(textureLod(behind, place, 0.0).rgb, opacity);
    else
        result = vec4(color.rgb, color.a * opacity);
}
