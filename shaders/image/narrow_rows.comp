#version 430 core

// ImageToTensor in two steps, the first: every row of the upright picture that is seen, brought to the input's width.
// A row serves several rows of the input, so shrinking reads each camera pixel half as often as in one step.
//
//   out(x,i) = narrowRow(x, firstRow + i)
//
// Layout    frame: see include/frame.glsl; weights: see include/resample.glsl; y [rows][content width] vec4: rgb, 0.
// Dispatch  one invocation per vec4: (content width, rows, 1).
// Defines   FRAME_*.
// Twin      image_to_tensor.comp
// Variants  FRAME_GRAY
// Variants  FRAME_RGB
// Variants  FRAME_BGR
// Variants  FRAME_RGBA
// Variants  FRAME_BGRA
// Variants  FRAME_YUYV
// Variants  FRAME_NV12, FRAME_BT709, FRAME_FULL_RANGE
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

void main()
{
    ivec2 at = ivec2(gl_GlobalInvocationID.xy);
    if (at.x >= content.z || at.y >= origin.w)
        return;
    y[at.y * content.z + at.x] = vec4(narrowRow(at.x, origin.z + at.y), 0.0);
}
