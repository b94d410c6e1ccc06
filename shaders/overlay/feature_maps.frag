#version 430 core
// Overlay pictures: the channels of a tensor side by side in a grid, each over its own range (MapColors says which) and
// shown by the square root of its share of that, since responses are few and strong, and the weak ones matter too.
//
// Layout    x channel-blocked [1][C/4][H][W] vec4; ranges as channel_range.comp writes them.
// Twin      CpuCanvas.FeatureMaps and MapScale, src/RealtimeCnn/Drawing/

#include "include/tensor.glsl"
#include "include/numbers.glsl"
#include "include/heat.glsl"
#include "include/diverging.glsl"

READ_TENSOR(1, Input, x);
READ_TENSOR(2, Ranges, ranges);

#include "include/smooth_tensor.glsl"

layout(location = 1) uniform vec4 area;
// Width and height of a map, first channel, channels shown.
layout(location = 2) uniform vec4 shape;
// Columns and rows of the grid, units between its cells, number of MapColors, and SHARED_RANGE more where all maps share one.
layout(location = 3) uniform vec4 grid;

// The numbers of MapColors; what is left is around zero.
const float STRETCHED = 0.0, FROM_ZERO = 1.0, SHARED_RANGE = 4.0;

in vec2 place;
out vec4 result;

// Neither a NaN nor infinite; the bits decide.
bool isFinite(float x)
{
    return (floatBitsToUint(x) & 0x7F800000u) != 0x7F800000u;
}

vec3 colorOf(float colors, float value, float low, float high, vec2 units)
{
    if (colors == STRETCHED)
        return heatColor(high > low ? sqrt((value - low) / (high - low)) : 0.0);
    if (!isFinite(low) || !isFinite(high))
        return mod(units.x + units.y, 8.0) < 4.0 ? vec3(0.92, 0.2, 0.8) : vec3(0.1, 0.1, 0.12);
    if (colors == FROM_ZERO)
        return heatColor(high > 0.0 ? sqrt(max(value, 0.0) / high) : 0.0);
    float range = max(abs(low), abs(high)), share = range > 0.0 ? value / range : 0.0;
    return divergingColor(sign(share) * sqrt(abs(share)));
}

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
    bool shares = grid.w >= SHARED_RANGE;
    vec4 lows = LOAD(ranges, shares ? 0 : 2 * block), highs = LOAD(ranges, shares ? 1 : 2 * block + 1);
    float low = lows[lane], high = highs[lane];
    if (shares) {
        low = smallerOf(smallerOf(lows, lows.zwxy), smallerOf(lows.yxwz, lows.wzyx)).x;
        high = largerOf(largerOf(highs, highs.zwxy), largerOf(highs.yxwz, highs.wzyx)).x;
    }

    result = vec4(colorOf(shares ? grid.w - SHARED_RANGE : grid.w, value, low, high, inCell * (step_ - grid.z)), 1.0);
}
