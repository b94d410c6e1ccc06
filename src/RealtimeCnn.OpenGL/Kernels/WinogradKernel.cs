using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;

namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>
/// Convolutions by a 3×3 window that steps by one, by Winograd's F(4, 3) in three dispatches: 36 points of each input tile, a matrix
/// product for each point, 4×4 outputs of the points; or in two, where what a dispatch saves to store is more than what it reads
/// again. Conv2dKernel is its plain twin.
/// </summary>
/// <remarks>Lavin and Gray 2016, "Fast Algorithms for Convolutional Neural Networks", arXiv:1509.09308.</remarks>
internal static class WinogradKernel
{
    /// <summary>Relative L2 that it keeps, as on the CPU: see docs/numerics.md.</summary>
    public const double Tolerance = Cpu.WinogradKernel.Tolerance4;

    // Of a tile; and the channels for which points of all weights are made: memory grows with them, and the loop of a tile that is not finite.
    private const int Points = 36, Outputs = 4, MostChannels = 1024;

    // Vec4s of channels and tiles that shaders can number.
    private const long MostTiles = 1 << 20, MostItems = 1 << 24;

    // What is read at once: input, weights, bias, residual and points; and their weights.
    private const int Reads = 5, FusedReads = 6;

    // Tiles of an invocation that multiplies points and computes outputs at once, and the input channels it does so for.
    private const int FusedTiles = 11, MostFusedChannels = 64;

    // The share of the direct kernel's cost from which on its error is worth it.
    private const double LeastGain = 0.9;

    /// <summary>Dense, 3×3 with stride 1 and no dilation, with points of all tiles in one tensor.</summary>
    public static bool Fits(ConvolutionLayer layer, LayerCall call, GlLimits limits) =>
        layer.GroupCount == 1 && layer.Kernel == 3 && layer.Stride == 1 && layer.Dilation == 1 && call.Output.Shape.Count > 0
        && Math.Max(layer.InChannels, layer.OutChannels) <= MostChannels && Tiles(call.Output.Shape) <= MostTiles
        && Tiles(call.Output.Shape) * Blocks(Math.Max(layer.InChannels, layer.OutChannels)) <= MostItems
        && Math.Max(Scratch(layer, call)[0], Scratch(layer, call)[1]) * sizeof(float) <= limits.AlwaysReadableBytes
        && (long)Points * layer.InChannels * layer.OutChannels * sizeof(float) <= limits.AlwaysReadableBytes / 2
        && limits.ReadableTensors(ReadPath.Buffer) >= Reads;

    /// <summary>The same, of few input channels.</summary>
    public static bool FitsFused(ConvolutionLayer layer, LayerCall call, GlLimits limits) =>
        Fits(layer, call, limits) && layer.InChannels <= MostFusedChannels && limits.ReadableTensors(ReadPath.Buffer) >= FusedReads;

    /// <summary>Whether it takes less time on software OpenGL than the better direct tiles; on GPUs that is not measured.</summary>
    public static bool Pays(ConvolutionLayer layer, LayerCall call) => SoftwareCost(layer, call) < LeastGain * DirectCost(layer, call);

    /// <summary>Whether two dispatches take less time there than three, and than the better direct tiles.</summary>
    public static bool PaysFused(ConvolutionLayer layer, LayerCall call) =>
        FusedSoftwareCost(layer, call) < Math.Min(SoftwareCost(layer, call), LeastGain * DirectCost(layer, call));

    /// <summary>Nanoseconds of all pictures on software OpenGL, by the kernel that is taken there.</summary>
    public static double LeastSoftwareCost(ConvolutionLayer layer, LayerCall call, GlLimits limits)
    {
        if (FitsFused(layer, call, limits) && PaysFused(layer, call))
            return FusedSoftwareCost(layer, call);
        return Fits(layer, call, limits) && Pays(layer, call) ? SoftwareCost(layer, call) : DirectCost(layer, call);
    }

    private static double DirectCost(ConvolutionLayer layer, LayerCall call) => call.Output.Shape.Batch * Conv2dRowTileKernel.LeastSoftwareCost(layer, call);

    private static double SoftwareCost(ConvolutionLayer layer, LayerCall call)
    {
        int ins = Blocks(layer.InChannels), outs = Blocks(layer.OutChannels), tiles = (int)Tiles(call.Output.Shape);
        double outputs = tiles * outs / (double)TileRule.SoftwareLanes * ((Points * TileRule.Read) + (Outputs * Outputs * TileRule.Store));
        return InputCost(ins, tiles) + (Points * TileRule.SoftwareMatrixCost(tiles, outs, ins)) + outputs;
    }

    private static double FusedSoftwareCost(ConvolutionLayer layer, LayerCall call)
    {
        int ins = Blocks(layer.InChannels), outs = Blocks(layer.OutChannels), tiles = (int)Tiles(call.Output.Shape);
        return InputCost(ins, tiles) + TileRule.WinogradCost(FusedTile(outs, tiles), tiles, outs, ins, Points, Outputs);
    }

    private static double InputCost(int ins, int tiles) => tiles * ins / (double)TileRule.SoftwareLanes * Points * (TileRule.Read + TileRule.Store);

    // Neighbours are channels where there are enough of them.
    private static ConvolutionTile FusedTile(int outs, int tiles)
    {
        var (plain, across) = (new ConvolutionTile(FusedTiles, 1, TileRule.SoftwareLanes), new ConvolutionTile(FusedTiles, 1, TileRule.SoftwareLanes) { Across = true });
        return Cost(across) < Cost(plain) ? across : plain;

        double Cost(ConvolutionTile tile) => TileRule.WinogradCost(tile, tiles, outs, 1, Points, Outputs);
    }

    public static Dispatch[] Plan(ConvolutionLayer layer, LayerCall call, DeviceProfile profile)
    {
        int ins = Blocks(layer.InChannels), outs = Blocks(layer.OutChannels), tiles = (int)Tiles(call.Output.Shape);
        var tile = TileRule.OfMatrix(tiles, outs, ins, profile);
        string group = GroupOf(profile);
        var whole = ConvolutionParams.Of(layer, call);
        var matrices = Linear(whole) with { Batch = Points, InHeight = 1, InWidth = tiles, OutHeight = 1, OutWidth = tiles };
        return
        [
            PlanInput(layer, call, group),
            matrices.PlanTiles("layers/pointwise_conv2d_tile.comp", tile.Count(tiles, outs, Points), [.. tile.Defines, $"MATRICES {Points}"], Operand.Scratch(0), Operand.Of(Weights(layer, call, tile)))
                with { Writes = Operand.Scratch(1) },
            whole.PlanTiles("layers/winograd_output.comp", Dispatch.Flat((long)outs * tiles), [group], [.. ReadsDirectly(layer, call), Operand.Scratch(1)]),
        ];
    }

    public static Dispatch[] PlanFused(ConvolutionLayer layer, LayerCall call, DeviceProfile profile)
    {
        int outs = Blocks(layer.OutChannels), tiles = (int)Tiles(call.Output.Shape);
        var tile = FusedTile(outs, tiles);
        return
        [
            PlanInput(layer, call, GroupOf(profile)),
            ConvolutionParams.Of(layer, call).PlanTiles("layers/winograd_fused.comp", tile.Count(tiles, outs, 1), tile.Defines, [.. ReadsDirectly(layer, call), Operand.Scratch(0), Operand.Of(Weights(layer, call, tile))]),
        ];
    }

    private static Dispatch PlanInput(ConvolutionLayer layer, LayerCall call, string group) =>
        Linear(ConvolutionParams.Of(layer, call)).PlanTiles("layers/winograd_input.comp", Dispatch.Flat(Blocks(layer.InChannels) * Tiles(call.Output.Shape)), [group], Operand.Of(0)) with { Writes = Operand.Scratch(0) };

    // What is computed directly reads as Conv2dKernel does. Where there is no residual, nobody reads what is bound in its place.
    private static Operand[] ReadsDirectly(ConvolutionLayer layer, LayerCall call)
    {
        Operand[] reads = ConvolutionParams.Reads(layer, call, Conv2dKernel.PackWeights(layer, call, dense: true));
        return layer.AddsResidual ? reads : [.. reads, Operand.Scratch(0)];
    }

    private static PackedWeights Weights(ConvolutionLayer layer, LayerCall call, ConvolutionTile tile) =>
        new(new WinogradPacking<Winograd4>(layer.OutChannels, layer.InChannels, tile.ChannelsInStep, Blocks(layer.InChannels) * GpuKernels.Block), call.Parameters[0]);

    private static ConvolutionParams Linear(ConvolutionParams whole) => whole with { Residual = 0, Activation = 0 };

    private static string GroupOf(DeviceProfile profile) => $"TILE_GROUP {(profile.IsSoftware ? TileRule.SoftwareLanes : Lanes.Group)}";

    /// <summary>Floats of the points of inputs.</summary>
    public static IReadOnlyList<long> FusedScratch(ConvolutionLayer layer, LayerCall call) => [Scratch(layer, call)[0]];

    /// <summary>The same, and of the points of outputs.</summary>
    public static IReadOnlyList<long> Scratch(ConvolutionLayer layer, LayerCall call) =>
        [.. new[] { layer.InChannels, layer.OutChannels }.Select(channels => Points * Tiles(call.Output.Shape) * Blocks(channels) * GpuKernels.Block)];

    private static long Tiles(Shape y) => (long)y.Batch * TilesOf(y.Height) * TilesOf(y.Width);

    private static int TilesOf(int outputs) => (outputs + Outputs - 1) / Outputs;

    private static int Blocks(int channels) => BlockedLayout.Blocks(channels, GpuKernels.Block);
}
