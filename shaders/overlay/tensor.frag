#version 430 core
// Overlay pictures: a tensor of one to three channels as red, green and blue, clamped between black and white; one channel is gray.
//
// Layout    x channel-blocked [1][1][H][W] vec4.
// Twin      CpuCanvas.Picture, src/RealtimeCnn/Drawing/CpuCanvas.cs

#include "include/tensor.glsl"

READ_TENSOR(1, Input, x);

#include "include/smooth_tensor.glsl"

// Width, height, channels.
layout(location = 2) uniform vec4 shape;
// The number that is black, and what brings white to 1.
layout(location = 3) uniform vec2 range;

in vec2 place;
out vec4 result;

void main()
{
    vec4 value = (smoothTensor(place, ivec2(shape.xy), 0) - range.x) * range.y;
    result = vec4(clamp(shape.z < 1.5 ? value.rrr : value.rgb, 0.0, 1.0), 1.0);
}
