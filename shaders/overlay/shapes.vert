#version 430 core
// Overlay shapes: one instance is one rectangle, glyph or border, placed in units from the top left corner.
//
// Layout    shapes holds three vec4 an instance: (x, y, width, height), colour, (glyph, or -1 for a box, -2 or -3 for a line; radius; thickness or inset; pixels a unit).
// Draw      a triangle strip of 4 vertices, instanced.
// Twin      GpuCanvas, src/RealtimeCnn.OpenGL/Drawing/GpuCanvas.cs

layout(binding = 1) uniform samplerBuffer shapes;
layout(location = 0) uniform vec2 canvasSize;
layout(location = 1) uniform int firstShape;

flat out vec4 color;
flat out vec4 style;
flat out vec2 size;
out vec2 position;

void main()
{
    int at = (firstShape + gl_InstanceID) * 3;
    vec4 area = texelFetch(shapes, at);
    color = texelFetch(shapes, at + 1);
    style = texelFetch(shapes, at + 2);
    size = area.zw;
    position = vec2(gl_VertexID & 1, gl_VertexID >> 1) * size;
    gl_Position = vec4((area.xy + position) / canvasSize * vec2(2.0, -2.0) + vec2(-1.0, 1.0), 0.0, 1.0);
}
