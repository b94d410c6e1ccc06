#version 430 core

// ImageToTensor: a frame, as the camera stored it, becomes the input of a network.
//
//   rgb(x,y) = sum over j of wy[y,j] * narrowRow(x, firstY[y] + j)
//   out      = channelsOf(rgb); where the input shows no picture, rgb is the border's colour.
//
// Layout    frame: see include/frame.glsl; weights: see include/resample.glsl;
//           y [N][1][H][W] vec4: at most three channels, the rest zero.
// Dispatch  one invocation per pixel of the input: (W, H, 1).
// Defines   FRAME_*.
// Twin      ImageToTensor, src/RealtimeCnn/Images/ImageToTensor.cs; where pictures are shrunk, blend_rows.comp and
//           narrow_rows.comp compute the same numbers in two steps.
// Variants  FRAME_GRAY
// Variants  FRAME_RGB
// Variants  FRAME_BGR
// Variants  FRAME_RGBA
// Variants  FRAME_BGRA
// Variants  FRAME_YUYV
// Variants  FRAME_NV12, FRAME_BT709, FRAME_FULL_RANGE
// Variants  FRAME_GRAY, FRAME_PACKED
// Variants  FRAME_RGB, FRAME_PACKED
// Variants  FRAME_BGR, FRAME_PACKED
// Variants  FRAME_NV12, FRAME_PACKED
// Variants  FRAME_GRAY, FRAME_STREAM
// Variants  FRAME_RGB, FRAME_STREAM
// Variants  FRAME_BGR, FRAME_STREAM
// Variants  FRAME_RGBA, FRAME_STREAM
// Variants  FRAME_BGRA, FRAME_STREAM
// Variants  FRAME_YUYV, FRAME_STREAM
// Variants  FRAME_NV12, FRAME_STREAM

#include "include/tensor.glsl"
#include "include/frame.glsl"
#include "include/resample.glsl"

layout(local_size_x = 8, local_size_y = 8) in;

layout(std430, binding = 0) writeonly restrict buffer Output { vec4 y[]; };

layout(location = 0) uniform int firstElement;  // of the batch item, in vec4s

vec3 resample(ivec2 at)
{
    int lines = weightsOfLine(at.y);
    int first = int(LOAD(weights, lines).x);
    vec3 sum = vec3(0.0);
    for (int j = 0; j < layoutOf.w; ++j)
        sum += LOAD_SCALAR(weights, (lines + 1) * 4 + j) * narrowRow(at.x, first + j);
    return sum;
}

void main()
{
    ivec2 at = ivec2(gl_GlobalInvocationID.xy);
    if (at.x >= layoutOf.x || at.y >= layoutOf.y)
        return;

    ivec2 inside = at - content.xy;
    y[firstElement + at.y * layoutOf.x + at.x] = channelsOf(showsPicture(inside) ? resample(inside) : border.rgb);
}
