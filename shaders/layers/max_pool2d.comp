#version 430 core

// MaxPool2d, forward: keeps the largest value of each window.
//
//   y[n,c,oh,ow] = max over kh,kw of x[n, c, oh*stride - top + kh*dilation, ow*stride - left + kw*dilation]
//   A position outside x is skipped, so padding never wins; a NaN wins.
//
// Layout    x, y channel-blocked by 4.
// Dispatch  flat, one invocation per vec4 of y.
// Twin      MaxPool2d, src/RealtimeCnn/Layers/MaxPool2d.cs
// Source    ONNX MaxPool.

#include "include/pooling.glsl"

void main()
{
    int i = flatInvocation();
    if (i >= count)
        return;

    Corner corner = cornerOf(i);
    vec4 largest = vec4(uintBitsToFloat(0xFF800000u));
    for (int kh = 0; kh < kernelHeight; ++kh)
    for (int kw = 0; kw < kernelWidth; ++kw)
    {
        int row = corner.row + kh * dilationHeight;
        int column = corner.column + kw * dilationWidth;
        if (!inside(row, column))
            continue;
        vec4 value = LOAD(x, corner.plane + row * inWidth + column);
        largest = mix(largest, value, lessThan(largest, value));
        largest = mix(largest, value, isnan(value));
    }
    y[i] = keepChannels(largest, corner.block, channels);
}
