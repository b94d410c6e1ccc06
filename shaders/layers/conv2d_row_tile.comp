#version 430 core

// Conv2d, forward, as tiles of a row (include/row_tile.glsl): an invocation computes one.
//
//   y[n,oc,oh,ow] = activate(bias[oc] + sum over kh,kw,ic of weight[oc,ic,kh,kw] *
//                            x[n, ic, oh*stride - top + kh*dilation, ow*STRIDE - left + kw] + residual[n,oc,oh,ow])
//
// Layout    as layers/conv2d.comp; with FROM_PLAIN x is row-major.
// Dispatch  one invocation per tile: x walks the tiles of a plane, row by row, y the tiles of output channels, z the pictures.
// Variants  TILE_PIXELS 7, TILE_BLOCKS 4, TILE_GROUP 8, KERNEL 3, STRIDE 1, PADDED 1, IN_LANES 4, RESIDUAL 0, ACTIVATION 0..17
// Variants  TILE_PIXELS 7, TILE_BLOCKS 4, TILE_GROUP 8, KERNEL 3, STRIDE 1, PADDED 1, IN_LANES 4, RESIDUAL 1, ACTIVATION 0
// Variants  TILE_PIXELS 14, TILE_BLOCKS 2, TILE_GROUP 8, KERNEL 3, STRIDE 1, PADDED 0, IN_LANES 1, RESIDUAL 0, ACTIVATION 0
// Variants  TILE_PIXELS 14, TILE_BLOCKS 2, TILE_GROUP 8, KERNEL 3, STRIDE 1, PADDED 1, IN_LANES 2..4, RESIDUAL 0, ACTIVATION 0
// Variants  TILE_PIXELS 14, TILE_BLOCKS 2, TILE_GROUP 8, KERNEL 3, STRIDE 2, PADDED 1, IN_LANES 4, RESIDUAL 0, ACTIVATION 0
// Variants  TILE_PIXELS 14, TILE_BLOCKS 2, TILE_GROUP 8, KERNEL 5, STRIDE 1, PADDED 0, IN_LANES 2, RESIDUAL 0, ACTIVATION 0
// Variants  TILE_PIXELS 14, TILE_BLOCKS 2, TILE_GROUP 8, KERNEL 7, STRIDE 2, PADDED 1, IN_LANES 4, RESIDUAL 0, ACTIVATION 10
// Variants  TILE_PIXELS 7, TILE_BLOCKS 4, TILE_GROUP 8, KERNEL 3, STRIDE 1, PADDED 1, IN_LANES 3, RESIDUAL 0, ACTIVATION 1, HALF_WEIGHTS 1, HALF_OUTPUT 1
// Variants  TILE_PIXELS 4, TILE_BLOCKS 1..2, TILE_GROUP 64, KERNEL 3, STRIDE 1, PADDED 1, IN_LANES 4, RESIDUAL 0, ACTIVATION 0
// Variants  TILE_PIXELS 14, TILE_BLOCKS 2, TILE_GROUP 8, KERNEL 3, STRIDE 2, PADDED 0, IN_LANES 4, FROM_PLAIN 0, RESIDUAL 0, ACTIVATION 0
// Variants  TILE_PIXELS 14, TILE_BLOCKS 2, TILE_GROUP 8, KERNEL 7, STRIDE 2, PADDED 1, IN_LANES 1, FROM_PLAIN 1, RESIDUAL 0, ACTIVATION 1
// Variants  TILE_PIXELS 14, TILE_BLOCKS 2, TILE_GROUP 8, KERNEL 5, STRIDE 2, PADDED 1, IN_LANES 2, FROM_PLAIN 2, RESIDUAL 0, ACTIVATION 0
// Variants  TILE_PIXELS 14, TILE_BLOCKS 2, TILE_GROUP 8, KERNEL 3, STRIDE 2, PADDED 1, IN_LANES 3, FROM_PLAIN 3, RESIDUAL 0, ACTIVATION 2
// Twin      ConvolutionKernel, src/RealtimeCnn/Cpu/ConvolutionKernel.cs
// Source    LeCun et al. 1998, "Gradient-Based Learning Applied to Document Recognition", section II; ONNX Conv.

#include "include/convolution.glsl"
#include "include/row_tile.glsl"

void main()
{
    int across = (outWidth + TILE_PIXELS - 1) / TILE_PIXELS;
    int tile = int(gl_GlobalInvocationID.x), n = int(gl_WorkGroupID.z);
    int row = quotient(tile, across), firstColumn = (tile - row * across) * TILE_PIXELS;
    int firstBlock = int(gl_WorkGroupID.y) * TILE_BLOCKS, lastBlock = blocksOf(outChannels) - 1;

    ROW_TILE(firstColumn, firstBlock)
    START_SUMS
    ADD_ROWS(row, n)

    // Blocks one after the other, the next moved up: a store written out for each sum would be most of what a driver compiles.
    int count = min(TILE_BLOCKS, lastBlock + 1 - firstBlock), b = 0;
    do
    {
        int block = firstBlock + b, to = ((n * (lastBlock + 1) + block) * outHeight + row) * outWidth + firstColumn;
#define STORE(m) \
        if (row < outHeight && firstColumn + m < outWidth) \
            store(to + m, block, sum[m * TILE_BLOCKS]); \
        MOVE_UP(m)
        EACH_PIXEL(STORE)
    }
    while (++b < count);
}
