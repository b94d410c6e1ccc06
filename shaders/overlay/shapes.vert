#version 430 core
// Overlay shapes: one instance is one rectangle, glyph or border, placed in units from the top left corner.
//
// Layout    three vec4 an instance: (x, y, width, height), colour, (glyph, or -1 for a box, -2 or -3 for a line; radius; thickness or inset; pixels a unit).
// Draw      a triangle strip of 4 vertices, instanced.
// Twin      GpuCanvas, src/RealtimeCnn.OpenGL/Drawing/GpuCanvas.cs

layout(location = 0) in vec4 shapeArea;
layout(location = 1) in vec4 shapeColor;
layout(location = 2) in vec4 shapeStyle;
layout(location = 0) uniform vec2 canvasSize;

flat out vec4 color;
flat out vec4 style;
flat out vec2 size;
out vec2 position;

void main()
{
    color = shapeColor;
    style = shapeStyle;
    size = shapeArea.zw;
    position = vec2(gl_VertexID & 1, gl_VertexID >> 1) * size;
    gl_Position = vec4((shapeArea.xy + position) / canvasSize * vec2(2.0, -2.0) + vec2(-1.0, 1.0), 0.0, 1.0);
}
