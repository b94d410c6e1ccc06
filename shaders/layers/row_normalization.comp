#version 430 core

// LayerNorm and GroupNorm, forward: rows of a row-major tensor, each normalised for itself.
//
//   y = (x - mean) / sqrt(variance + epsilon) * scale + bias; row r uses the r mod cycle-th part of scale and bias, and
//   `run` neighbouring elements share one
//   Mean and variance are those of x - pivot, with the first element as pivot: no digits are lost far from zero.
//
// Layout    x, y row-major, [rows][extent]; scale, bias [cycle][extent / run] floats.
// Dispatch  one work group of LANES per row, numbered through.
// Defines   LANES
// Twin      RowNormalizationKernel, src/RealtimeCnn/Cpu/RowNormalizationKernel.cs
// Source    Ba, Kiros and Hinton 2016, arXiv:1607.06450; Wu and He 2018, arXiv:1803.08494.
// Variants  LANES 64
// Variants  LANES 128
// Variants  LANES 1024

#include "include/tensor.glsl"
#include "include/lanes.glsl"
#include "include/division.glsl"

layout(std140, binding = 0) uniform Params 
{
    // Scales of a row: extent / run.
    int rows, extent, cycle, scales;
    ivec2 byCycle, byRun;
    float epsilon;
};

READ_TENSOR(1, Input, x);
READ_TENSOR(2, Scale, scale);
READ_TENSOR(3, Bias, bias);
layout(std430, binding = 0) writeonly restrict buffer Output { float y[]; };

float centred(int row, int i, float mean)
{
    return LOAD_SCALAR(x, row * extent + i) - LOAD_SCALAR(x, row * extent) - mean;
}

void main()
{
    int row = flatOutput();
    if (row >= rows)
        return;

    float sum = 0.0;
    for (int i = LANE; i < extent; i += LANES)
        sum += centred(row, i, 0.0);
    float mean = sumOfLanes(vec4(sum)).x / float(extent);

    float squares = 0.0;
    for (int i = LANE; i < extent; i += LANES)
        squares += centred(row, i, mean) * centred(row, i, mean);
    float divisor = sqrt(sumOfLanes(vec4(squares)).x / float(extent) + epsilon);

    int firstScale = remainder(row, cycle, byCycle) * scales;
    for (int i = LANE; i < extent; i += LANES)
    {
        int s = firstScale + quotient(i, byRun);
        y[row * extent + i] = centred(row, i, mean) / divisor * LOAD_SCALAR(scale, s) + LOAD_SCALAR(bias, s);
    }
}
