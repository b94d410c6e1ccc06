using System.Runtime.InteropServices;
using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;

namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>Small fully connected layers, one behind the other, as one dispatch: a work group for each batch item.</summary>
internal static class LinearChainKernel
{
    // As many as the shader's block and shared memory hold.
    private const int MostLayers = 4, MostFeatures = 1024;

    // Above, more than one work group is worth a dispatch for each layer.
    private const long MostWeights = 1 << 17;

    /// <summary>The longest chain that ends with a node, of two layers at least, or null.</summary>
    public static IReadOnlyList<Node>? Block(Node last)
    {
        var chain = new List<Node> { last };
        while (chain.Count < MostLayers && chain[0].Inputs is [{ Layer: Linear } before])
            chain.Insert(0, before);
        return chain.Count > 1 ? chain : null;
    }

    /// <summary>Layers whose values stay in shared memory, and whose activations one program computes.</summary>
    public static bool Fits(LayerCall call) =>
        call.Nodes.All(node => node.Layer is Linear { InFeatures: <= MostFeatures, OutFeatures: <= MostFeatures }) && Curves(call) != null;

    /// <summary>Few weights, which one work group walks in no time.</summary>
    public static bool Pays(LayerCall call) => call.Nodes.Sum(node => (long)LayerOf(node).InFeatures * LayerOf(node).OutFeatures) <= MostWeights;

    public static Dispatch[] Plan(LayerCall call)
    {
        var (weights, begins) = JoinedPacking.Of([.. call.Nodes.SelectMany(Parts)]);
        var constants = new Params { Batch = call.Output.Shape.Batch, Layers = call.Nodes.Count, InBlocks = Blocks(call.Input.Shape.Channels), OutBlocks = Blocks(call.Output.Shape.Channels) };
        for (int i = 0; i < call.Nodes.Count; i++)
        {
            var layer = LayerOf(call.Nodes[i]);
            constants.Sizes[i] = new Size(Blocks(layer.InFeatures), layer.OutFeatures, begins[2 * i] / GpuKernels.Block, (int)layer.Activation.Function);
            constants.Activations[i] = new Constants(layer.Activation.Alpha, layer.Activation.Beta, 0, 0);
        }

        return [new Dispatch("layers/linear_chain.comp", Dispatch.Bytes(constants), Dispatch.Flat(constants.Batch), Operand.Of(0), Operand.Of(weights)) { Defines = Curves(call)!, ByGroups = true }];
    }

    /// <summary>A layer's bias, then its weights as linear.comp reads them.</summary>
    private static PackedWeights[] Parts(Node node)
    {
        var layer = LayerOf(node);
        var weights = new PackedWeights(new WeightPacking(layer.OutFeatures, layer.InFeatures, 1, GpuKernels.Block, GpuKernels.Block), node.Parameters[0]);
        return [layer.HasBias ? new PackedWeights(new VectorPacking(layer.OutFeatures, GpuKernels.Block), node.Parameters[1]) : FillPacking.Of(layer.OutFeatures, GpuKernels.Block, 0), weights];
    }

    private static string[]? Curves(LayerCall call) => ActivationKernel.DefinesOfAll(call.Nodes.Select(node => LayerOf(node).Activation));

    private static Linear LayerOf(Node node) => (Linear)node.Layer;

    private static int Blocks(int features) => BlockedLayout.Blocks(features, GpuKernels.Block);

    private readonly record struct Size(int InBlocks, int OutFeatures, int Begin, int Activation);

    private readonly record struct Constants(float Alpha, float Beta, float Unused0, float Unused1);

    [System.Runtime.CompilerServices.InlineArray(MostLayers)]
    private struct Each<T>
    {
        private T _first;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Params
    {
        public int Batch, Layers, InBlocks, OutBlocks;
        public Each<Size> Sizes;
        public Each<Constants> Activations;
    }
}
