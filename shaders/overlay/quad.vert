#version 430 core
// Overlay pictures: one rectangle, placed in units from the canvas's top left corner.
//
// Draw      a triangle strip of 4 vertices.
// Twin      GpuCanvas, src/RealtimeCnn.OpenGL/Drawing/GpuCanvas.cs

layout(location = 0) uniform vec2 canvasSize;
layout(location = 1) uniform vec4 area;

// From (0, 0) at the top left to (1, 1) at the bottom right.
out vec2 place;

void main()
{
    place = vec2(gl_VertexID & 1, gl_VertexID >> 1);
    gl_Position = vec4((area.xy + place * area.zw) / canvasSize * vec2(2.0, -2.0) + vec2(-1.0, 1.0), 0.0, 1.0);
}
