#version 430 core

// Concat, forward, one input, float by float: for runs and channels that end inside a vec4.
//
//   row-major          y[k*total + offset + r] = x[k*run + r],  0 <= r < run
//   along channels     y[n, offset + c, p] = x[n, c, p], and 0 for the channels behind the last one of y
//
// Layout    x, y alike: row-major (area = 0), or channel-blocked by 4 and concatenated along channels.
// Dispatch  flat, one invocation per float.
// Twin      ConcatKernel, src/RealtimeCnn/Cpu/ConcatKernel.cs

#include "include/tensor.glsl"
#include "include/flat.glsl"
#include "include/channels.glsl"

// run and total are channels of x and y where area is not 0; written is how many channels this dispatch writes.
layout(std140, binding = 0) uniform Params { int count, run, total, offset, area, written; };

READ_TENSOR(1, Input, x);
layout(std430, binding = 0) writeonly restrict buffer Output { float y[]; };

void main()
{
    int i = flatInvocation();
    if (i >= count)
        return;

    int from = i;
    int to = area == 0 ? i / run * total + offset + i % run : 0;
    bool exists = true;
    if (area != 0)
    {
        int n = i / (written * area);
        int channel = i / area % written;
        int pixel = i % area;
        int behind = offset + channel;
        exists = channel < run;
        from = ((n * blocksOf(run) + channel / 4) * area + pixel) * 4 + channel % 4;
        to = ((n * blocksOf(total) + behind / 4) * area + pixel) * 4 + behind % 4;
    }
    float value = exists ? LOAD_SCALAR(x, from) : 0.0;
    y[to] = value;
}
