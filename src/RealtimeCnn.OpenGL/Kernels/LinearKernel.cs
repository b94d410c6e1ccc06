using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;

namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>Fully connected layers. Weights beyond what a device lets a shader read are cut into parts, one dispatch each.</summary>
internal static class LinearKernel
{
    public static Dispatch[] Plan(Linear layer, LayerCall call, GlLimits limits)
    {
        int inBlocks = BlockedLayout.Blocks(layer.InFeatures, GpuKernels.Block), outBlocks = BlockedLayout.Blocks(layer.OutFeatures, GpuKernels.Block);
        // The narrowest read path counts, so that plans are the same on all of them.
        long blockBytes = (long)inBlocks * GpuKernels.Block * GpuKernels.Block * sizeof(float);
        if (blockBytes > limits.AlwaysReadableBytes)
            return [Dispatch.Refused(FormattableString.Invariant($"The weights of {GpuKernels.Block} of its outputs take {blockBytes} bytes, of which shaders of this device read {limits.AlwaysReadableBytes} at once; run this layer on the CPU (CpuNetwork, or MixedNetwork for the rest on the GPU)."))];
        int most = (int)Math.Clamp(limits.AlwaysReadableBytes / blockBytes, 1, outBlocks);
        int lanes = Lanes.For(inBlocks, limits);
        var dispatches = new List<Dispatch>();
        for (int first = 0; first < outBlocks; first += most)
        {
            int blocks = Math.Min(most, outBlocks - first), count = call.Output.Shape.Batch * blocks;
            var constants = new Params(
                count, inBlocks, layer.OutFeatures, first, blocks,
                (int)layer.Activation.Function, layer.Activation.Alpha, layer.Activation.Beta, IndexDivisor.By(blocks));
            dispatches.Add(Dispatch.Shared(
                "layers/linear.comp", Dispatch.Bytes(constants), count, lanes, $"Linear of {layer.InFeatures} inputs",
                Operand.Of(0), Operand.Of(PackWeights(layer, call, first, blocks)), Operand.Of(VectorPacking.BiasOf(call, layer.OutFeatures, GpuKernels.Block))).With(layer.Activation));
        }

        return [.. dispatches];
    }

    /// <summary>Weights of some output blocks as <c>[out/4][in rounded up to 4][4 out]</c>.</summary>
    private static PackedWeights PackWeights(Linear layer, LayerCall call, int first, int blocks) => new(
        new WeightPacking(layer.OutFeatures, layer.InFeatures, 1, GpuKernels.Block, BlockedLayout.Blocks(layer.InFeatures, GpuKernels.Block) * GpuKernels.Block, first, blocks),
        call.Parameters[0]);

    private readonly record struct Params(int Count, int InBlocks, int OutFeatures, int FirstBlock, int Blocks, int Activation, float Alpha, float Beta, IndexDivisor ByBlocks);
}
