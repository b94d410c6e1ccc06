#version 430 core
// Overlay shapes: covers a pixel by its distance to the shape's outline, so that edges are smooth at any size.
//
//   glyph       distance from the font's grid, 24 x 48 texels a cell, 16 cells a row, 0.5 on the outline
//   line        distance to a diagonal of its rectangle, `inset` units inside: falling (-2) or rising (-3)
//   rectangle   signed distance to a box with rounded corners; a border is the ring of its thickness inside
//
// Twin      CpuCanvas, src/RealtimeCnn/Drawing/CpuCanvas.cs; the font is OverlayFont.cs beside it
// Source    Green 2007, "Improved Alpha-Tested Magnification for Vector Textures and Special Effects", SIGGRAPH.

layout(binding = 0) uniform sampler2D font;

flat in vec4 color;
flat in vec4 style;
flat in vec2 size;
in vec2 position;

out vec4 result;

const vec2 CELL = vec2(24.0, 48.0);
const int CELLS_IN_ROW = 16;
const float DISTANCE_PER_TEXEL = 32.0 / 255.0;

float glyphCoverage(int glyph)
{
    // Half a texel inside the cell, so that the neighbours do not bleed in.
    vec2 texel = clamp(position / size * CELL, vec2(0.5), CELL - 0.5) + CELL * vec2(glyph % CELLS_IN_ROW, glyph / CELLS_IN_ROW);
    float distance = (texture(font, texel / vec2(textureSize(font, 0))).r - 128.0 / 255.0) / DISTANCE_PER_TEXEL;
    return clamp(distance * size.y * style.w / CELL.y + 0.5, 0.0, 1.0);
}

float boxCoverage(float radius, float thickness)
{
    vec2 half_ = size * 0.5;
    vec2 beyond = abs(position - half_) - half_ + radius;
    float distance = (length(max(beyond, 0.0)) + min(max(beyond.x, beyond.y), 0.0) - radius) * style.w;
    float inside = clamp(0.5 - distance, 0.0, 1.0);
    return thickness > 0.0 ? inside * clamp(distance + thickness * style.w + 0.5, 0.0, 1.0) : inside;
}

float lineCoverage(bool rises, float radius, float inset)
{
    vec2 from = vec2(inset, rises ? size.y - inset : inset);
    vec2 along = vec2(size.x - inset, rises ? inset : size.y - inset) - from;
    vec2 place = position - from;
    float part = clamp(dot(place, along) / max(dot(along, along), 1e-12), 0.0, 1.0);
    return clamp((radius - length(place - part * along)) * style.w + 0.5, 0.0, 1.0);
}

void main()
{
    float coverage = style.x >= 0.0 ? glyphCoverage(int(style.x))
        : style.x < -1.5 ? lineCoverage(style.x < -2.5, style.y, style.z)
        : boxCoverage(style.y, style.z);
    result = vec4(color.rgb, color.a * coverage);
}
