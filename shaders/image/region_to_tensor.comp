#version 430 core

// RegionToTensor: a turned rectangle of a frame, as the camera stored it, becomes the input of a network.
//
//   weight(j) = max(0, 1 - |d.across|) * max(0, 1 - |d.down|), d from the middle of the output pixel to that of stored pixel j,
//               across and down being the region's axes over the radii of the window along them
//   rgb       = sum over j of weight(j) * colour(j) / sum over j of weight(j); where there is no pixel, colour is the border's
//   out[c]    = rgb.r * row[c].x + rgb.g * row[c].y + rgb.b * row[c].z + row[c].w
//
// A window too large for each of its pixels to be read has one read of each square of `lattice` stored pixels. Places are whole
// numbers and parts: steps are split so that their coarse part times the number of a pixel has no rounding, in pictures of any size.
//
// Layout    frame: see include/frame.glsl; y [N][1][H][W] vec4: at most three channels, the rest zero.
// Dispatch  one invocation per pixel of the input: (W, H, 1).
// Defines   FRAME_*.
// Twin      RegionToTensor, src/RealtimeCnn/Regions/RegionToTensor.cs
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

#include "include/frame.glsl"

layout(local_size_x = 8, local_size_y = 8) in;

layout(binding = 0) uniform sampler2D frame;
layout(std430, binding = 0) writeonly restrict buffer Output { vec4 y[]; };

layout(std140, binding = 0) uniform Params
{
    vec4 rows[3];   // for each channel: factors of red, green, blue, and what is added
    vec4 border;    // rgb
    ivec4 seen;     // the stored pixels that there are: left, top, width, height
    ivec4 sizes;    // xy: width and height of the frame as it is stored; zw: of the input
};

// Change with each region, and so are no buffer's, which would have to be waited for.
layout(location = 0) uniform vec4 start;   // the middle of the first pixel, in stored pixels: whole numbers, then parts
layout(location = 1) uniform vec4 coarse;  // to the right neighbour, then to the one below: multiples of 1/256
layout(location = 2) uniform vec4 fine;    // what is left of the same
layout(location = 3) uniform vec4 axes;    // across, then down
layout(location = 4) uniform vec2 reach;   // half the columns and rows of a window
layout(location = 5) uniform int lattice;
layout(location = 6) uniform int firstElement;  // of the batch item, in vec4s

// Makes what is divided positive.
const int BIAS = 65536;

ivec2 floorOver(ivec2 value, int by)
{
    return (value + by * BIAS) / by - BIAS;
}

void main()
{
    ivec2 at = ivec2(gl_GlobalInvocationID.xy);
    if (at.x >= sizes.z || at.y >= sizes.w)
        return;

    vec2 place = vec2(at);
    vec2 exact = place.x * coarse.xy + place.y * coarse.zw;
    vec2 whole = floor(exact);
    vec2 part = exact - whole + (place.x * fine.xy + place.y * fine.zw + start.zw);
    ivec2 base = ivec2(start.xy) + ivec2(whole);

    int middle = lattice / 2;
    vec2 offset = part - (float(middle) + 0.5);
    ivec2 first = floorOver(base + ivec2(ceil(offset - reach)) + lattice - 1, lattice);
    ivec2 last = floorOver(base + ivec2(floor(offset + reach)), lattice);
    vec4 sum = vec4(0.0);  // the last number counts the pixels that there are
    float total = 0.0;
    for (int line = first.y; line <= last.y; ++line)
    {
        for (int column = first.x; column <= last.x; ++column)
        {
            ivec2 stored = ivec2(column, line) * lattice + middle;
            vec2 away = vec2(stored - base) + 0.5 - part;
            float across = 1.0 - abs(dot(away, axes.xy));
            float down = 1.0 - abs(dot(away, axes.zw));
            if (across <= 0.0 || down <= 0.0)
                continue;
            float weight = across * down;
            total += weight;
            ivec2 inside = stored - seen.xy;
            if (all(greaterThanEqual(inside, ivec2(0))) && all(lessThan(inside, seen.zw)))
                sum += weight * vec4(readPixel(frame, sizes.xy, stored), 1.0);
        }
    }

    vec3 rgb = (sum.rgb + (total - sum.a) * border.rgb) / total;
    vec4 channels = vec4(0.0);
    for (int c = 0; c < 3; ++c)
        channels[c] = ((rgb.r * rows[c].x + rgb.g * rows[c].y) + rgb.b * rows[c].z) + rows[c].w;
    y[firstElement + at.y * sizes.z + at.x] = channels;
}
