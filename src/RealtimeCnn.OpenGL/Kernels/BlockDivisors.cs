using RealtimeCnn.Graphs;

namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>How a shader that numbers the vec4s of a tensor through finds the block of channels that one is of.</summary>
/// <param name="ByArea">Divides by the pixels of a plane.</param>
/// <param name="ByBlocks">Divides by the blocks of a batch item.</param>
/// <param name="TailedChannels">The channels of a channel-blocked tensor; 0 for a row-major one, which has no lanes behind the last channel.</param>
internal readonly record struct BlockDivisors(IndexDivisor ByArea, IndexDivisor ByBlocks, int TailedChannels)
{
    /// <summary>Those of a tensor.</summary>
    public static BlockDivisors Of(TensorInfo tensor) => new(
        IndexDivisor.By(tensor.Shape.Area), IndexDivisor.By(BlockedLayout.Blocks(tensor.Shape.Channels, GpuKernels.Block)),
        tensor.Layout == Layout.Blocked ? tensor.Shape.Channels : 0);
}
