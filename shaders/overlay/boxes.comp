#version 430 core
// Overlay boxes: the shapes of what a detector found, and the command that draws as many of them as there are, so that nothing has to come back.
//
//   A thing is a run of shapes: its landmarks, its border, the ground below its label, and letters; what its label does not need is empty.
//   command = (4 vertices, things times shapes of a thing, 0, 0)
//
// Layout    found as heads/suppress.comp writes it; letters: where those of each class begin, one number more than classes, then cells of the
//           font, -1 for a space; shapes as overlay/shapes.vert reads them.
// Dispatch  flat, one invocation for each thing that there may be.
// Twin      BoxPainter, src/RealtimeCnn/Drawing/BoxPainter.cs

#include "include/flat.glsl"
#include "include/class_colors.glsl"

layout(std430, binding = 0) writeonly restrict buffer Shapes
{
    uvec4 command;
    vec4 shapes[];
};
layout(std430, binding = 1) readonly restrict buffer Found { float found[]; };
layout(std430, binding = 2) readonly restrict buffer Letters { int letters[]; };

// Landmarks of a thing, classes, most things, letters of the longest label.
layout(location = 0) uniform vec4 counts;
// A place of the network's input times xy plus zw is one of the canvas.
layout(location = 1) uniform vec4 toCanvas;
// Height of a line, upper edge of the picture, pixels for each unit of the canvas.
layout(location = 2) uniform vec4 look;

// As HeadKernels.Header.
#define HEADER 4
#define VECTORS_OF_SHAPE 3
#define BOX -1.0

const vec4 PAPER = vec4(0.0, 0.0, 0.0, 0.6);

void store(int shape, vec4 area, vec4 color, float glyph, float radius, float thickness)
{
    shapes[VECTORS_OF_SHAPE * shape] = area;
    shapes[VECTORS_OF_SHAPE * shape + 1] = color;
    shapes[VECTORS_OF_SHAPE * shape + 2] = vec4(glyph, radius, thickness, look.z);
}

void main()
{
    int landmarks = int(counts.x), classes = int(counts.y), longest = int(counts.w), number = flatInvocation();
    int count = min(int(found[0]), int(counts.z)), shapesOfThing = landmarks + 2 + longest;
    if (number == 0)
        command = uvec4(4u, uint(count * shapesOfThing), 0u, 0u);
    if (number >= count)
        return;

    int from = HEADER + number * (6 + 2 * landmarks), shape = number * shapesOfThing;
    float line = look.x, edge = max(line / 8.0, 2.0), margin = line / 4.0, advance = line / 2.0;
    vec2 first = vec2(found[from], found[from + 1]) * toCanvas.xy + toCanvas.zw;
    vec2 second = vec2(found[from + 2], found[from + 3]) * toCanvas.xy + toCanvas.zw;
    // Small on small things, so that what they mark stays visible.
    float dot_ = clamp((second.x - first.x) / 30.0, 1.0, edge);
    for (int i = 0; i < landmarks; i++) {
        vec2 place = vec2(found[from + 6 + 2 * i], found[from + 7 + 2 * i]) * toCanvas.xy + toCanvas.zw;
        store(shape++, vec4(place - dot_, vec2(2.0 * dot_)), vec4(1.0), BOX, dot_, 0.0);
    }

    int kind = clamp(int(found[from + 4]), 0, classes - 1);
    vec4 color = vec4(classColor(kind), 1.0);
    store(shape++, vec4(first, second - first), color, BOX, line / 4.0, edge);

    int begin = letters[kind], length_ = letters[kind + 1] - begin;
    vec2 tag = vec2(first.x, max(first.y - line * 1.2, look.y));
    store(shape++, length_ == 0 ? vec4(0.0) : vec4(tag, float(length_) * advance + 2.0 * margin, line * 1.2), PAPER, BOX, margin, 0.0);
    for (int i = 0; i < longest; i++) {
        int cell = i < length_ ? letters[begin + i] : -1;
        vec4 area = cell < 0 ? vec4(0.0) : vec4(tag + vec2(margin + float(i) * advance, line * 0.1), advance, line);
        store(shape++, area, color, float(max(cell, 0)), 0.0, 0.0);
    }
}
