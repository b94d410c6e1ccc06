namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>What <c>include/pooling.glsl</c> divides by, and into what shares an input is divided; the end of <see cref="PoolingParams"/>.</summary>
/// <param name="ByPlane">Divides by the pixels of a plane of the output.</param>
/// <param name="ByWidth">Divides by its columns.</param>
/// <param name="ByHeight">Divides by its rows.</param>
/// <param name="ByBlocks">Divides by the blocks of a batch item.</param>
/// <param name="ByDilationHeight">Divides by the rows from one of a window to the next.</param>
/// <param name="ByDilationWidth">Divides by the columns.</param>
/// <param name="Rows">Whole rows of the input for each of the output.</param>
/// <param name="RowsLeft">Those of all that are left then.</param>
/// <param name="Columns">Whole columns of the input for each of the output.</param>
/// <param name="ColumnsLeft">Those of all that are left then.</param>
internal readonly record struct PoolingDivisors(
    IndexDivisor ByPlane, IndexDivisor ByWidth, IndexDivisor ByHeight, IndexDivisor ByBlocks, IndexDivisor ByDilationHeight, IndexDivisor ByDilationWidth,
    int Rows, int RowsLeft, int Columns, int ColumnsLeft)
{
    /// <summary>Those of some windows.</summary>
    public static PoolingDivisors Of(PoolingParams pooling)
    {
        // Of no output there is nothing to divide.
        int height = Math.Max(pooling.OutHeight, 1), width = Math.Max(pooling.OutWidth, 1);
        return new PoolingDivisors(
            IndexDivisor.By(height * width), IndexDivisor.By(width), IndexDivisor.By(height), IndexDivisor.By(BlockedLayout.Blocks(pooling.Channels, GpuKernels.Block)),
            IndexDivisor.By(pooling.DilationHeight), IndexDivisor.By(pooling.DilationWidth),
            pooling.InHeight / height, pooling.InHeight % height, pooling.InWidth / width, pooling.InWidth % width);
    }
}
