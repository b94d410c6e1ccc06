#version 430 core

// ImageToTensor: a frame, as the camera stored it, becomes the input of a network.
//
//   rgb(x,y) = sum over j of wy[y,j] * (sum over i of wx[x,i] * pixel(firstX[x] + i, firstY[y] + j))
//   out[c]   = ((rgb.r * row[c].x + rgb.g * row[c].y) + rgb.b * row[c].z) + row[c].w
//   The weights wx, wy are those of ResampleAxis; where the input shows no picture, rgb is the border's colour.
//
// Layout    frame: see include/frame.glsl; y [N][1][H][W] vec4: at most three channels, the rest zero.
//           weights, as floats: for each x, then for each y: first, then tapsX (tapsY) weights.
// Dispatch  one invocation per pixel of the input: (W, H, 1).
// Defines   FRAME_*.
// Twin      ImageToTensor, src/RealtimeCnn/Images/ImageToTensor.cs
// Variants  FRAME_GRAY
// Variants  FRAME_RGB
// Variants  FRAME_BGR
// Variants  FRAME_RGBA
// Variants  FRAME_BGRA
// Variants  FRAME_YUYV
// Variants  FRAME_NV12, FRAME_BT709, FRAME_FULL_RANGE

#include "include/tensor.glsl"
#include "include/frame.glsl"

layout(local_size_x = 8, local_size_y = 8) in;

layout(binding = 0) uniform sampler2D frame;
READ_TENSOR(1, Weights, weights);
layout(std430, binding = 0) writeonly restrict buffer Output { vec4 y[]; };

layout(std140, binding = 0) uniform Params
{
    ivec4 content;   // the part of the input that shows the picture: left, top, width, height
    ivec4 layoutOf;  // width and height of the input; taps along x and y
    ivec4 origin;    // xy: the stored pixel that is the upright picture's top left one
    ivec4 steps;     // xy: stored step for one upright pixel to the right; zw: downwards
    vec4 rows[3];    // for each channel: factors of red, green, blue, and what is added
    vec4 border;     // rgb
};

layout(location = 0) uniform int firstElement;  // of the batch item, in vec4s

vec3 resample(ivec2 at)
{
    ivec2 taps = layoutOf.zw;
    int columns = at.x * (taps.x + 1);
    int lines = content.z * (taps.x + 1) + at.y * (taps.y + 1);
    ivec2 first = ivec2(LOAD_SCALAR(weights, columns), LOAD_SCALAR(weights, lines));

    vec3 sum = vec3(0.0);
    for (int j = 0; j < taps.y; ++j)
    {
        ivec2 stored = origin.xy + first.x * steps.xy + (first.y + j) * steps.zw;
        vec3 line = vec3(0.0);
        for (int i = 0; i < taps.x; ++i)
            line += LOAD_SCALAR(weights, columns + 1 + i) * readPixel(frame, stored + i * steps.xy);
        sum += LOAD_SCALAR(weights, lines + 1 + j) * line;
    }
    return sum;
}

void main()
{
    ivec2 at = ivec2(gl_GlobalInvocationID.xy);
    if (at.x >= layoutOf.x || at.y >= layoutOf.y)
        return;

    ivec2 inside = at - content.xy;
    bool shown = all(greaterThanEqual(inside, ivec2(0))) && all(lessThan(inside, content.zw));
    vec3 rgb = shown ? resample(inside) : border.rgb;

    vec4 channels = vec4(0.0);
    for (int c = 0; c < 3; ++c)
        channels[c] = ((rgb.r * rows[c].x + rgb.g * rows[c].y) + rgb.b * rows[c].z) + rows[c].w;
    y[firstElement + at.y * layoutOf.x + at.x] = channels;
}
