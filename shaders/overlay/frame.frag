#version 430 core
// Overlay pictures: a camera frame, upright, whatever its format: smooth when enlarged, averaged when shrunk.
//
// Defines   FRAME_..., see include/frame.glsl.
// Variants  FRAME_BGR
// Variants  FRAME_BGR, FRAME_STREAM
// Variants  FRAME_BGR, FRAME_PACKED
// Variants  FRAME_NV12
// Variants  FRAME_NV12, FRAME_PACKED
// Twin      FrameBlend, src/RealtimeCnn/Images/FrameBlend.cs

#include "include/frame.glsl"

layout(binding = 0) uniform sampler2D frame;
layout(location = 1) uniform vec4 area;
// Upright size, then where an upright pixel is stored: (originX, originY), (xPerX, yPerX, xPerY, yPerY).
layout(location = 2) uniform vec4 uprightAndOrigin;
layout(location = 3) uniform vec4 steps;
// Pixels for each unit of the canvas.
layout(location = 4) uniform float scale;
// Width and height of the frame as it is stored.
layout(location = 5) uniform vec2 stored;

in vec2 place;
out vec4 result;

// More samples than that would cost more than they show.
const int MOST_SAMPLES = 4;

vec3 uprightPixel(ivec2 at)
{
    at = clamp(at, ivec2(0), ivec2(uprightAndOrigin.xy) - 1);
    return readPixel(frame, ivec2(stored), ivec2(uprightAndOrigin.zw) + at.x * ivec2(steps.xy) + at.y * ivec2(steps.zw));
}

void main()
{
    vec2 footprint = uprightAndOrigin.xy / (area.zw * scale);
    vec2 position = place * uprightAndOrigin.xy;
    if (max(footprint.x, footprint.y) <= 1.0) {
        vec2 corner = floor(position - 0.5);
        vec2 part = position - 0.5 - corner;
        ivec2 at = ivec2(corner);
        vec3 above = mix(uprightPixel(at), uprightPixel(at + ivec2(1, 0)), part.x);
        vec3 below = mix(uprightPixel(at + ivec2(0, 1)), uprightPixel(at + ivec2(1, 1)), part.x);
        result = vec4(mix(above, below, part.y), 1.0);
        return;
    }

    ivec2 samples = clamp(ivec2(ceil(footprint)), ivec2(1), ivec2(MOST_SAMPLES));
    vec3 sum = vec3(0.0);
    for (int y = 0; y < samples.y; y++) {
        for (int x = 0; x < samples.x; x++)
            sum += uprightPixel(ivec2(floor(position + ((vec2(x, y) + 0.5) / vec2(samples) - 0.5) * footprint)));
    }
    result = vec4(sum / float(samples.x * samples.y), 1.0);
}
