#version 430 core

// ImageToTensor in two steps, the second: rows that narrow_rows.comp has made become the input of a network.
//
//   rgb(x,y) = sum over j of wy[y,j] * narrowed(x, firstY[y] + j - firstRow)
//   out      = channelsOf(rgb); where the input shows no picture, rgb is the border's colour.
//
// Layout    weights: see include/resample.glsl; narrowed [rows][content width] vec4;
//           y [N][1][H][W] vec4: at most three channels, the rest zero.
// Dispatch  one invocation per pixel of the input: (W, H, 1).
// Twin      image_to_tensor.comp

#include "include/tensor.glsl"
#include "include/frame.glsl"
#include "include/resample.glsl"

layout(local_size_x = 8, local_size_y = 8) in;

READ_TENSOR(2, Narrowed, narrowed);
layout(std430, binding = 0) writeonly restrict buffer Output { vec4 y[]; };

layout(location = 0) uniform int firstElement;  // of the batch item, in vec4s

vec3 blend(ivec2 at)
{
    int lines = weightsOfLine(at.y);
    int element = (int(LOAD_SCALAR(weights, lines)) - origin.z) * content.z + at.x;
    vec3 sum = vec3(0.0);
    for (int j = 0; j < layoutOf.w; ++j)
        sum += LOAD_SCALAR(weights, lines + 1 + j) * LOAD(narrowed, element + j * content.z).rgb;
    return sum;
}

void main()
{
    ivec2 at = ivec2(gl_GlobalInvocationID.xy);
    if (at.x >= layoutOf.x || at.y >= layoutOf.y)
        return;

    ivec2 inside = at - content.xy;
    y[firstElement + at.y * layoutOf.x + at.x] = channelsOf(showsPicture(inside) ? blend(inside) : border.rgb);
}
