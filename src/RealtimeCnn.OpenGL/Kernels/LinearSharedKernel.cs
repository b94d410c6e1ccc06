using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;

namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>
/// Fully connected layers of few outputs by work groups that share their sums, and a global average pooling in front of one, which each
/// group computes for itself: for GPUs, which are busy with many invocations and wait for every dispatch. LinearKernel is its plain
/// twin, behind PoolingKernel.
/// </summary>
internal static class LinearSharedKernel
{
    // Of a group, as in the shader.
    private const int Group = 64, Parts = 16, GroupBlocks = Group / Parts, Slab = 512;

    // Above, as many invocations as there are outputs keep a device busy.
    private const int MostOutputs = 1 << 14;

    // Vec4s that each group may read again.
    private const int MostPooled = 1 << 15;

    /// <summary>A global average pooling, what makes rows of its pixels, and the layer, or null.</summary>
    public static IReadOnlyList<Node>? PooledBlock(Node linear) => linear.Inputs switch
    {
        [{ Layer: ReshapingLayer, Inputs: [{ Layer: var pool } pooling] } reshaped] when IsGlobalMean(pool) => [pooling, reshaped, linear],
        _ => null,
    };

    /// <summary>Rows that are the channels of a picture, and no more turns and weights than an invocation may walk and read.</summary>
    public static bool Fits(LayerCall call, GlLimits limits)
    {
        var (layer, x, blocks) = ((Linear)call.Layer, call.Input.Shape, InBlocks(call));
        bool isPooled = call.Nodes.Count > 1;
        long pixels = isPooled ? x.Area : 1, staged = (blocks + Group - 1) / Group * (2 + (pixels * 3)), walked = (blocks / Parts) + (3L * blocks / Slab);
        return (!isPooled || (x.Rank == 4 && x.Channels == layer.InFeatures && pixels > 0)) && call.Output.Shape.Count > 0 && call.Output.Shape.Batch <= ushort.MaxValue
            && staged + walked + Group <= Lanes.MostTurns && Cost.Product(OutBlocks(call), GpuKernels.Block, blocks, GpuKernels.Block, sizeof(float)) <= limits.AlwaysReadableBytes;
    }

    /// <summary>Whether a device has more invocations than there are outputs, and a sum is long enough to be shared.</summary>
    public static bool Pays(LayerCall call, DeviceProfile profile) =>
        !profile.IsSoftware && InBlocks(call) >= Parts && (long)call.Output.Shape.Batch * OutBlocks(call) <= MostOutputs
        && (call.Nodes.Count == 1 || (long)InBlocks(call) * call.Input.Shape.Area <= MostPooled);

    public static Dispatch[] Plan(Linear layer, LayerCall call)
    {
        var (height, width) = call.Nodes.Count > 1 ? (call.Input.Shape.Height, call.Input.Shape.Width) : (1, 1);
        var constants = new Params(InBlocks(call), layer.OutFeatures, height, width, (int)layer.Activation.Function, layer.Activation.Alpha, layer.Activation.Beta);
        var weights = new PackedWeights(new WeightPacking(layer.OutFeatures, layer.InFeatures, 1, GpuKernels.Block, GpuKernels.Block), call.Parameters[0]);
        var groups = new Extent3d((OutBlocks(call) + GroupBlocks - 1) / GroupBlocks, call.Output.Shape.Batch, 1);
        var dispatch = new Dispatch("layers/linear_shared.comp", Dispatch.Bytes(constants), groups, Operand.Of(0), Operand.Of(weights), Operand.Of(VectorPacking.BiasOf(call, layer.OutFeatures, GpuKernels.Block)))
        {
            Defines = [$"TILE_GROUP {Group}"],
            ByGroups = true,
        };
        return [dispatch.With(layer.Activation)];
    }

    private static bool IsGlobalMean(Layer pool) => pool is GlobalAveragePool || (pool is AdaptiveAveragePool2d adaptive && adaptive.OutputSize == 1);

    private static int InBlocks(LayerCall call) => BlockedLayout.Blocks(((Linear)call.Layer).InFeatures, GpuKernels.Block);

    private static int OutBlocks(LayerCall call) => BlockedLayout.Blocks(((Linear)call.Layer).OutFeatures, GpuKernels.Block);

    private readonly record struct Params(int InBlocks, int OutFeatures, int Height, int Width, int Activation, float Alpha, float Beta);
}
