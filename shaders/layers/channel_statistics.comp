#version 430 core

// BatchNorm2d with batch statistics, InstanceNorm2d and InputNormalization with measured ones, forward.
//
//   y = (x - mean) / divisor * scale[c] + bias[c], divisor = sqrt(variance + epsilon) or maximum - minimum; bias where it is 0
//   Mean and variance are those of x - pivot, with any element as pivot: no digits are lost far from zero.
//
// Layout    x, y channel-blocked by 4; scale and bias [C/4]. A set is one channel block of `items` batch items.
// Dispatch  one work group of LANES per set, numbered through; each measures its set and writes it.
// Defines   LANES
// Twin      ChannelStatisticsKernel, src/RealtimeCnn/Cpu/ChannelStatisticsKernel.cs
// Source    Ulyanov et al. 2016, "Instance Normalization", arXiv:1607.08022; Ioffe and Szegedy 2015, arXiv:1502.03167.
// Variants  LANES 64
// Variants  LANES 128
// Variants  LANES 1024

#include "include/tensor.glsl"
#include "include/channels.glsl"
#include "include/lanes.glsl"
#include "include/division.glsl"

layout(std140, binding = 0) uniform Params { int sets, channels, area, items, divideByRange; float epsilon; ivec2 byArea, byBlocks; };

READ_TENSOR(1, Input, x);
READ_TENSOR(2, Scale, scale);
READ_TENSOR(3, Bias, bias);
layout(std430, binding = 0) writeonly restrict buffer Output { vec4 y[]; };

// Where element j of a set lies.
int placeOf(int set, int j)
{
    int item = quotient(j, byArea);
    return (item * blocksOf(channels) + set - item) * area + j;
}

void main()
{
    int set = flatOutput();
    if (set >= sets)
        return;

    int block = remainder(set, blocksOf(channels), byBlocks);
    int elements = items * area;
    vec4 scaleOfBlock = LOAD(scale, block);
    vec4 biasOfBlock = LOAD(bias, block);
    vec4 pivot = LOAD(x, placeOf(set, 0));
    vec4 sum = vec4(0.0), largest = vec4(0.0), smallest = vec4(0.0);
    for (int j = LANE; j < elements; j += LANES)
    {
        vec4 shifted = LOAD(x, placeOf(set, j)) - pivot;
        sum += shifted;
        largest = max(largest, shifted);
        smallest = min(smallest, shifted);
    }
    vec4 mean = sumOfLanes(sum) / float(elements);
    vec4 divisor = maxOfLanes(largest) - minOfLanes(smallest);
    if (divideByRange == 0)
    {
        vec4 squares = vec4(0.0);
        for (int j = LANE; j < elements; j += LANES)
        {
            vec4 centred = LOAD(x, placeOf(set, j)) - pivot - mean;
            squares += centred * centred;
        }
        divisor = sqrt(sumOfLanes(squares) / float(elements) + epsilon);
    }

    vec4 factor = mix(scaleOfBlock / divisor, vec4(0.0), equal(divisor, vec4(0.0)));
    for (int j = LANE; j < elements; j += LANES)
    {
        vec4 value = (LOAD(x, placeOf(set, j)) - pivot - mean) * factor + biasOfBlock;
        y[placeOf(set, j)] = keepChannels(value, block, channels);
    }
}
