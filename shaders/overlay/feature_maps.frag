#version 430 core
// Overlay pictures: the channels of a tensor side by side in a grid, each stretched from its least to its greatest value
// and shown by the square root of that, since responses are few and strong, and the weak ones matter too.
//
// Layout    x channel-blocked [1][C/4][H][W] vec4; ranges as channel_range.comp writes them.
// Twin      CpuCanvas.FeatureMaps, src/RealtimeCnn/Drawing/CpuCanvas.cs

#include "include/tensor.glsl"
#include "include/heat.glsl"

READ_TENSOR(1, Input, x);
READ_TENSOR(2, Ranges, ranges);

#include "include/smooth_tensor.glsl"

layout(location = 1) uniform vec4 area;
// Width and height of a map, first channel, channels shown.
layout(location = 2) uniform vec4 shape;
// Columns and rows of the grid, units between its cells.
layout(location = 3) uniform vec4 grid;

in vec2 place;
out vec4 result;

void main()
{
    vec2 step_ = (area.zw + grid.z) / grid.xy;
    vec2 pixel = place * area.zw;
    ivec2 cell = ivec2(floor(pixel / step_));
    vec2 inCell = (pixel - vec2(cell) * step_) / (step_ - grid.z);
    int index = cell.y * int(grid.x) + cell.x;
    if (index >= int(shape.w) || inCell.x >= 1.0 || inCell.y >= 1.0)
        discard;

    int channel = int(shape.z) + index, block = channel / 4, lane = channel % 4;
    float value = smoothTensor(inCell, ivec2(shape.xy), block)[lane];
    float low = LOAD(ranges, 2 * block)[lane], high = LOAD(ranges, 2 * block + 1)[lane];
    result = vec4(heatColor(high > low ? sqrt((value - low) / (high - low)) : 0.0), 1.0);
}
