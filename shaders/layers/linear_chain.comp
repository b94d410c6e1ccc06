#version 430 core

// Several small Linear layers, one behind the other, forward, in one dispatch: a work group computes all of a batch item, and what
// lies between two layers stays in its shared memory.
//
//   v_0 = x[n], v_(l+1)[o] = activate_l(bias_l[o] + sum over i of weight_l[o,i] * v_l[i]), y[n] = v_layers
//
// Layout    x [N][In/4], y [N][Out/4] vec4s, zero behind the last; parameters for each layer: bias [Out/4], then weight
//           [Out/4][In rounded up to 4] vec4s of o.
// Dispatch  one work group per batch item.
// Defines   optionally one ACTIVATION, that of all layers that have a curve.
// Twin      linear.comp
// Variants  ACTIVATION 8

#include "include/tensor.glsl"
#define TILE_GROUP 64
#include "include/flat.glsl"
#include "include/channels.glsl"
#include "include/activation.glsl"

// Vec4s between two layers.
const int MOST_BLOCKS = 256;

layout(std140, binding = 0) uniform Params
{
    int batch, layers, inBlocks, outBlocks;
    ivec4 sizes[4];       // vec4s in, features out, where the parameters begin, activation
    vec4 activations[4];  // alpha, beta
};

READ_TENSOR(1, Input, x);
READ_TENSOR(2, Weights, parameters);
layout(std430, binding = 0) writeonly restrict buffer Output { vec4 y[]; };

shared vec4 values[2][MOST_BLOCKS];

vec4 unitsOf(int layer, int block)
{
    ivec4 size = sizes[layer];
    int w = size.z + blocksOf(size.y) + block * size.x * 4;
    vec4 sum = LOAD(parameters, size.z + block);
    for (int k = 0; k < size.x; ++k)
    {
        vec4 value = values[layer & 1][k];
        sum += value.x * LOAD(parameters, w + k * 4);
        sum += value.y * LOAD(parameters, w + k * 4 + 1);
        sum += value.z * LOAD(parameters, w + k * 4 + 2);
        sum += value.w * LOAD(parameters, w + k * 4 + 3);
    }
    vec4 activated = activate(sum, size.w, activations[layer].x, activations[layer].y);
    return keepChannels(size.w == ACTIVATION_NONE ? sum : activated, block, size.y);
}

void main()
{
    int n = flatGroup();
    if (n >= batch)
        return;

    int lane = int(gl_LocalInvocationID.x);
    for (int k = lane; k < inBlocks; k += TILE_GROUP)
        values[0][k] = LOAD(x, n * inBlocks + k);
    barrier();
    for (int layer = 0; layer < layers; ++layer)
    {
        for (int block = lane; block < blocksOf(sizes[layer].y); block += TILE_GROUP)
        {
            vec4 units = unitsOf(layer, block);
            if (layer == layers - 1)
                y[n * outBlocks + block] = units;
            else
                values[(layer + 1) & 1][block] = units;
        }
        barrier();
    }
}
