#version 430 core

// TopK and TopKIndices, forward: the k best elements along an axis in order; of equal ones the first.
//
//   y[o,r,k] = x[o,i,k] (or i) for the element i that exactly r others come before
//
// Layout    row-major.
// Dispatch  flat, one invocation per element of x, which counts those before it and writes itself to its place.
// Twin      TopKLayer, src/RealtimeCnn/Layers/TopK.cs

#include "include/tensor.glsl"
#include "include/flat.glsl"

layout(std140, binding = 0) uniform Params { int count, extent, inner, k, indices; float direction; };

READ_TENSOR(1, Input, x);
layout(std430, binding = 0) writeonly restrict buffer Output { float y[]; };

void main()
{
    int i = flatInvocation();
    if (i >= count)
        return;

    int index = i / inner % extent;
    int outer = i / (inner * extent);
    int start = outer * extent * inner + i % inner;
    float own = LOAD_SCALAR(x, i);
    int before = 0;
    for (int j = 0; j < extent; ++j)
    {
        float other = LOAD_SCALAR(x, start + j * inner) * direction;
        if (other > own * direction || (other == own * direction && j < index))
            ++before;
    }
    if (before < k)
        y[(outer * k + before) * inner + i % inner] = (indices != 0 ? float(index) : own);
}
