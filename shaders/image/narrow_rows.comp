#version 430 core

// ImageToTensor in two steps, the second: lines that blend_rows.comp has made become the input of a network.
//
//   rgb(x,y) = sum over i of w[i] * blended(first + i), along the line of x and y, w being those of the axis along it
//   out      = channelsOf(rgb); where the input shows no picture, rgb is the border's colour.
//
// Layout    weights: see include/resample.glsl; blended: see blend_rows.comp;
//           y [N][1][H][W] vec4: at most three channels, the rest zero.
// Dispatch  one invocation per pixel of the input: (W, H, 1).
// Twin      image_to_tensor.comp

#include "include/tensor.glsl"
#include "include/frame.glsl"
#include "include/resample.glsl"

layout(local_size_x = 8, local_size_y = 8) in;

READ_TENSOR(2, Blended, blended);
layout(std430, binding = 0) writeonly restrict buffer Output { vec4 y[]; };

layout(location = 0) uniform int firstElement;  // of the batch item, in vec4s

vec3 narrow(ivec2 inside)
{
    int line = isTurned() ? inside.x : inside.y;
    int at = isTurned() ? weightsOfLine(inside.y) : weightsOfColumn(inside.x);
    int taps = isTurned() ? layoutOf.w : layoutOf.z;
    int step = isTurned() ? steps.z : steps.x;
    int element = (line * origin.w - origin.z) * 4 + origin.x + int(LOAD(weights, at).x) * step;
    vec3 sum = vec3(0.0);
    for (int i = 0; i < taps; i += 4)
    {
        vec4 w = LOAD(weights, at + 1 + (i >> 2));
        // What lies behind the last tap weighs nothing, but has to exist.
        for (int k = 0; k < 4; ++k)
            sum += w[k] * LOAD(blended, element + min(i + k, taps - 1) * step).rgb;
    }
    return sum;
}

void main()
{
    ivec2 at = ivec2(gl_GlobalInvocationID.xy);
    if (at.x >= layoutOf.x || at.y >= layoutOf.y)
        return;

    ivec2 inside = at - content.xy;
    y[firstElement + at.y * layoutOf.x + at.x] = channelsOf(showsPicture(inside) ? narrow(inside) : border.rgb);
}
