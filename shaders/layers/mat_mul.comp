#version 430 core

// MatMul, forward: y[b,m,n] = sum over k of a[b,m,k] * w[b,k,n], with batches that broadcast.
//
// Layout    row-major, rounded up to whole vec4s.
// Dispatch  flat, one invocation, or one work group of LANES, per vec4 of y.
// Defines   LANES: how many invocations share a sum.
// Twin      MatMulKernel, src/RealtimeCnn/Cpu/MatMulKernel.cs
// Variants  LANES 1
// Variants  LANES 64
// Variants  LANES 128
// Variants  LANES 1024

#include "include/tensor.glsl"
#include "include/lanes.glsl"

layout(std140, binding = 0) uniform Params
{
    int count, elements, rows, inner;
    int columns, levels, unused0, unused1;
    // Outermost first: extent, and the steps of a and w in matrices.
    ivec4 loops[8];
};

READ_TENSOR(1, Left, a);
READ_TENSOR(2, Right, w);
layout(std430, binding = 0) writeonly restrict buffer Output { vec4 y[]; };

// This lane's part of the product.
float multiply(int element)
{
    int product = element / (rows * columns);
    ivec2 matrix = ivec2(0);
    for (int level = levels - 1; level >= 0; --level)
    {
        matrix += product % loops[level].x * loops[level].yz;
        product /= loops[level].x;
    }
    int left = (matrix.x * rows + element / columns % rows) * inner;
    int right = matrix.y * inner * columns + element % columns;
    float sum = 0.0;
    for (int k = LANE; k < inner; k += LANES)
        sum += LOAD_SCALAR(a, left + k) * LOAD_SCALAR(w, right + k * columns);
    return sum;
}

void main()
{
    int i = flatOutput();
    if (i >= count)
        return;

    vec4 value = vec4(0.0);
    for (int lane = 0; lane < 4 && i * 4 + lane < elements; ++lane)
        value[lane] = multiply(i * 4 + lane);
    value = sumOfLanes(value);
    if (LANE == 0)
        y[i] = value;
}
