using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;

namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>Layer and group normalisation: rows of a row-major tensor, and groups of channels as they lie.</summary>
internal static class RowNormalizationKernel
{
    public static Dispatch[] Plan(LayerCall call, NormalizedRows rows, GlLimits limits) => call.Output.Shape.Count == 0
        ? []
        :
        [
            // Mean, variance and result.
            Dispatch.Shared(
                "layers/row_normalization.comp", Dispatch.Bytes(Params.Of(rows)), rows.Rows, Lanes.ForGroup(3L * rows.Length, limits),
                $"{call.Layer.GetType().Name} over {rows.Length} elements", Operand.Of(0), Operand.Of(VectorPacking.Of(call, 0)), Operand.Of(VectorPacking.Of(call, 1))),
        ];

    /// <summary>Groups that lie one behind the other in channel-blocked tensors too, and that a plain work group can walk.</summary>
    public static bool FitsGroups(GroupNorm layer, LayerCall call, GlLimits limits) =>
        call.Input.Shape is { Rank: > 2, Count: > 0 } && (layer.Groups == 1 || layer.Channels / layer.Groups % GpuKernels.Block == 0) && Lanes.ForGroup(3L * Vectors(layer, call), limits) == Lanes.Group;

    public static Dispatch[] PlanGroups(GroupNorm layer, LayerCall call)
    {
        var x = call.Input.Shape;
        int extent = Vectors(layer, call);
        var constants = new GroupParams(
            x.Batch * layer.Groups, extent, extent / x.Area, layer.Groups, IndexDivisor.By(x.Area), IndexDivisor.By(layer.Groups), x.Channels, (float)(layer.Channels / layer.Groups * (long)x.Area), layer.Epsilon);
        return
        [
            Dispatch.Shared(
                "layers/group_norm.comp", Dispatch.Bytes(constants), constants.Rows, Lanes.Group, $"GroupNorm over {extent} vec4s", Operand.Of(0),
                Operand.Of(ChannelStatisticsKernel.Pack(x.Channels, GpuKernels.Block, call.Parameters[0], 1)), Operand.Of(ChannelStatisticsKernel.Pack(x.Channels, GpuKernels.Block, call.Parameters[1], 0))),
        ];
    }

    // Of a group.
    private static int Vectors(GroupNorm layer, LayerCall call) => BlockedLayout.Blocks(layer.Channels, GpuKernels.Block) / layer.Groups * call.Input.Shape.Area;

    private readonly record struct GroupParams(
        int Rows, int Extent, int Blocks, int Groups, IndexDivisor ByArea, IndexDivisor ByGroups, int Channels, float Elements, float Epsilon);

    private readonly record struct Params(int Rows, int Length, int Cycle, int Scales, IndexDivisor ByCycle, IndexDivisor ByRun, float Epsilon)
    {
        public static Params Of(NormalizedRows rows) =>
            new(rows.Rows, rows.Length, rows.Cycle, rows.Length / rows.Run, IndexDivisor.By(rows.Cycle), IndexDivisor.By(rows.Run), rows.Epsilon);
    }
}
