#version 430 core

// ImageToTensor in two steps, the first: rows of the frame as it is stored are blended to as many lines as the input has across
// them, rows of it or, after a quarter turn, columns. Four pixels of a row take no more reads than the texels they lie in.
//
//   out(x, line) = sum over j of w[line,j] * pixel(x, row of the (first[line] + j)th), w being those of the axis along the stored rows
//
// Layout    frame: see include/frame.glsl; weights: see include/resample.glsl; y [lines][fours of columns][4] vec4: rgb, 0.
// Dispatch  one invocation per four columns of a line: (fours seen, lines, 1).
// Defines   FRAME_*.
// Twin      image_to_tensor.comp
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

layout(local_size_x = 64) in;

layout(std430, binding = 0) writeonly restrict buffer Output { vec4 y[]; };

void main()
{
    int four = int(gl_GlobalInvocationID.x);
    int line = int(gl_GlobalInvocationID.y);
    if (four >= origin.w)
        return;

    int at = isTurned() ? weightsOfColumn(line) : weightsOfLine(line);
    int taps = isTurned() ? layoutOf.z : layoutOf.w;
    int step = isTurned() ? steps.y : steps.w;
    int row = origin.y + int(LOAD(weights, at).x) * step;
    mat4x3 sum = mat4x3(0.0);
    for (int j = 0; j < taps; j += 4)
    {
        vec4 w = LOAD(weights, at + 1 + (j >> 2));
        // What lies behind the last tap weighs nothing, but has to exist.
        for (int k = 0; k < 4; ++k)
            sum += w[k] * readFour(frame, stored.xy, ivec2((origin.z + four) * 4, row + min(j + k, taps - 1) * step));
    }
    int to = (line * origin.w + four) * 4;
    for (int i = 0; i < 4; ++i)
        y[to + i] = vec4(sum[i], 0.0);
}
