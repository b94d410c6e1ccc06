using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;

namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>Which compute shaders run which layer: the table of contents of the GPU backend.</summary>
internal static class GpuKernels
{
    /// <summary>The backend's name.</summary>
    public const string Backend = "OpenGL";

    /// <summary>Channels in a block of the blocked layout: a vec4.</summary>
    public const int Block = 4;

    /// <summary>All kernels for a device; those of one layer the best first, the plain one last.</summary>
    /// <param name="profile">The device.</param>
    public static KernelTable For(DeviceProfile profile)
    {
        var convolutions = Convolutions(profile);
        var apart = GpuKernel.For<ConvolutionLayer>(
            (layer, call) => ResidualApartKernel.Plan(layer, call, convolutions), name: "residual apart", when: (layer, _) => layer.AddsResidual, scratch: ResidualApartKernel.Scratch);
        return new KernelTable(Backend, Block, [.. Separable(profile), .. convolutions, apart, .. Others(profile)]) { PartAlignment = profile.Limits.TensorAlignment, Variants = [.. OtherTiles(profile)] };
    }

    /// <summary>Convolutions, and blocks of them, in the tiles that come behind the first of their rule: what `rtcnn tune` tries beside other kernels.</summary>
    private static IEnumerable<Kernel> OtherTiles(DeviceProfile profile)
    {
        for (int rank = 1; rank < TileRule.Ranks; rank++)
        {
            var other = profile with { TileRank = rank };
            foreach (var kernel in Separable(other).Concat(Convolutions(other)).Where(kernel => kernel.Name != Kernel.Plain))
                yield return kernel.Renamed($"{kernel.Name}, other tile {rank}");
        }
    }

    private static GpuKernel[] Separable(DeviceProfile profile) =>
    [
        SeparableKernelOf("inverted residual", SeparableBlock.InvertedResidual, profile),
        SeparableKernelOf("separable", SeparableBlock.Separable, profile),
    ];

    private static GpuKernel SeparableKernelOf(string name, Func<Node, IReadOnlyList<Node>?> block, DeviceProfile profile) => GpuKernel.For<ConvolutionLayer>(
        (layer, call) => SeparableKernel.Plan(layer, call, profile), name: name, when: (_, call) => SeparableKernel.Fits(call, profile), pays: (_, call) => SeparableKernel.Pays(call, profile), block: block, halves: true);

    private static GpuKernel[] Convolutions(DeviceProfile profile)
    {
        var limits = profile.Limits;
        bool readsResiduals = limits.ReadableTensors(ReadPath.Buffer) >= ResidualApartKernel.ReadAtOnce;
        return
        [
            GpuKernel.For<DepthwiseConv2d>(
                (layer, call) => ConvolutionDepthwiseRowsKernel.Plan(layer, call, profile), call => ConvolutionDepthwiseRowsKernel.Formats((DepthwiseConv2d)call.Layer, call, profile), name: "behind row tile",
                when: (layer, call) => ConvolutionDepthwiseRowsKernel.Fits(layer, call, profile), pays: (layer, call) => ConvolutionDepthwiseRowsKernel.Pays(layer, call, profile), block: ConvolutionDepthwiseRowsKernel.Block, halves: true),
            GpuKernel.For<DepthwiseConv2d>((layer, call) => DepthwiseConv2dTileKernel.Plan(layer, call, profile), name: "tile", when: (layer, call) => Reads(layer) && DepthwiseConv2dTileKernel.Fits(layer, call), halves: true),
            GpuKernel.For<DepthwiseConv2d>(DepthwiseConv2dKernel.Plan, name: "depthwise", when: (layer, _) => Reads(layer) && layer.Multiplier == 1),
            GpuKernel.For<ConvolutionLayer>(
                PointwiseConv2dSplitKernel.Plan, name: "pointwise split", when: (layer, call) => Reads(layer) && PointwiseConv2dSplitKernel.Fits(layer, call),
                pays: (layer, call) => PointwiseConv2dSplitKernel.Pays(layer, call, profile), halves: true),
            GpuKernel.For<ConvolutionLayer>(
                PointwiseConv2dSharedKernel.Plan, name: "pointwise shared", when: (layer, call) => Reads(layer) && PointwiseConv2dTileKernel.Fits(layer, call),
                pays: (layer, call) => !profile.IsSoftware && PointwiseConv2dSharedKernel.Pays(layer, call), halves: true),
            GpuKernel.For<ConvolutionLayer>((layer, call) => PointwiseConv2dTileKernel.Plan(layer, call, profile), name: "pointwise tile", when: (layer, call) => Reads(layer) && PointwiseConv2dTileKernel.Fits(layer, call), halves: true),
            GpuKernel.For<ConvolutionLayer>(
                (layer, call) => WinogradKernel.PlanFused(layer, call, profile), name: "winograd 4×4 fused", when: (layer, call) => WinogradKernel.FitsFused(layer, call, limits),
                pays: (layer, call) => profile.IsSoftware && WinogradKernel.PaysFused(layer, call), scratch: WinogradKernel.FusedScratch, tolerance: WinogradKernel.Tolerance, halves: true),
            GpuKernel.For<ConvolutionLayer>(
                (layer, call) => WinogradKernel.Plan(layer, call, profile), name: "winograd 4×4", when: (layer, call) => WinogradKernel.Fits(layer, call, limits),
                pays: (layer, call) => profile.IsSoftware && WinogradKernel.Pays(layer, call), scratch: WinogradKernel.Scratch, tolerance: WinogradKernel.Tolerance, halves: true),
            GpuKernel.For<ConvolutionLayer>(
                (layer, call) => Conv2dRowTileKernel.Plan(layer, call, profile), call => Conv2dRowTileKernel.Formats((ConvolutionLayer)call.Layer, call, profile), name: "row tile", when: (layer, call) => Reads(layer) && Conv2dRowTileKernel.Fits(layer, call),
                pays: (layer, call) => profile.IsSoftware && Conv2dRowTileKernel.Pays(layer, call), halves: true),
            GpuKernel.For<ConvolutionLayer>((layer, call) => Conv2dTileKernel.Plan(layer, call, profile), name: "tile", when: (layer, call) => Reads(layer) && Conv2dTileKernel.Fits(layer, call), halves: true),
            GpuKernel.For<ConvolutionLayer>(Conv2dKernel.Plan, when: (layer, _) => Reads(layer)),
        ];

        bool Reads(ConvolutionLayer layer) => readsResiduals || !layer.AddsResidual;
    }

    private static GpuKernel BehindRowTile<TPooling>(DeviceProfile profile)
        where TPooling : PoolingLayer => GpuKernel.For<TPooling>(
            (layer, call) => ConvolutionPoolRowsKernel.Plan(layer, call, profile), call => ConvolutionPoolRowsKernel.Formats((PoolingLayer)call.Layer, call, profile), name: "behind row tile",
            when: ConvolutionPoolRowsKernel.Fits, pays: (layer, call) => ConvolutionPoolRowsKernel.Pays(layer, call, profile), block: ConvolutionPoolKernel.Block, halves: true);

    private static GpuKernel BehindPointwise<TMean>(DeviceProfile profile, Predicate<TMean> isOfPlanes)
        where TMean : Layer => GpuKernel.For<TMean>(
            (_, call) => PointwiseConv2dMeanKernel.Plan(call, profile), name: "behind pointwise", when: (_, call) => PointwiseConv2dMeanKernel.Fits(call, profile),
            pays: (_, call) => PointwiseConv2dMeanKernel.Pays(call, profile), block: mean => PointwiseConv2dMeanKernel.Block(mean) is { } block && isOfPlanes((TMean)mean.Layer) ? block : null, halves: true);

    // What lies channel-blocked is computed as it lies.
    private static bool IsBlocked(Layer layer, LayerCall call) => call.Input.Layout == Layout.Blocked;

    private static Kernel[] Others(DeviceProfile profile) =>
    [
        GpuKernel.For<ToBlocked>((_, call) => LayoutConversionKernel.PlanQuads(call), LayoutRules.AsAsked, name: "quads", when: (_, call) => LayoutConversionKernel.FitsQuads(call)),
        GpuKernel.For<ToBlocked>((_, call) => LayoutConversionKernel.Plan(call), LayoutRules.AsAsked),
        GpuKernel.For<ToPlain>((_, call) => LayoutConversionKernel.PlanQuads(call), LayoutRules.AsAsked, name: "quads", when: (_, call) => LayoutConversionKernel.FitsQuads(call)),
        GpuKernel.For<ToPlain>((_, call) => LayoutConversionKernel.Plan(call), LayoutRules.AsAsked),
        GpuKernel.For<Widen>((_, call) => ConvertKernel.Plan(call), LayoutRules.AsAsked, halves: true),
        GpuKernel.For<Narrow>((_, call) => ConvertKernel.Plan(call), LayoutRules.AsAsked, halves: true),
        GpuKernel.For<CopyChannels>((layer, call) => CopyChannelsKernel.Plan(layer, call, profile.Limits), LayoutRules.AsAsked),
        new AliasKernel(typeof(ReshapingLayer), ChannelMoves.Formats, "shuffle") { Block = ChannelMoves.ReshapedShuffle, Condition = ChannelMoves.Fits },
        new AliasKernel(typeof(ReshapingLayer), LayoutRules.Reshape),

        GpuKernel.For<ConvTranspose2d>(ConvTranspose2dKernel.Plan),
        GpuKernel.For<LocallyConnected2d>(LocallyConnected2dKernel.Plan),
        GpuKernel.For<Linear>((_, call) => LinearChainKernel.Plan(call), name: "chain", when: (_, call) => LinearChainKernel.Fits(call), block: LinearChainKernel.Block, pays: (_, call) => LinearChainKernel.Pays(call)),
        GpuKernel.For<Linear>(LinearSharedKernel.Plan, name: "behind pooling", when: (_, call) => LinearSharedKernel.Fits(call, profile.Limits), pays: (_, call) => LinearSharedKernel.Pays(call, profile), block: LinearSharedKernel.PooledBlock, halves: true),
        GpuKernel.For<Linear>(LinearSharedKernel.Plan, name: "shared", when: (_, call) => LinearSharedKernel.Fits(call, profile.Limits), pays: (_, call) => LinearSharedKernel.Pays(call, profile), halves: true),
        GpuKernel.For<Linear>((layer, call) => LinearKernel.Plan(layer, call, profile.Limits), halves: true),
        GpuKernel.For<MatMul>((_, call) => MatMulKernel.Plan(call, profile.Limits), LayoutRules.Plain),

        GpuKernel.For<MaxPool2d>(ConvolutionPoolKernel.Plan, ConvolutionPoolKernel.Formats, name: "behind convolution", when: ConvolutionPoolKernel.Fits, block: ConvolutionPoolKernel.Block, pays: ConvolutionPoolKernel.Pays),
        BehindRowTile<MaxPool2d>(profile),
        GpuKernel.For<MaxPool2d>((layer, call) => PoolingTileKernel.Plan(layer, call, profile), name: "tile", when: (layer, call) => !layer.ReturnIndices && PoolingTileKernel.Fits(layer, call), halves: true),
        GpuKernel.For<MaxPool2d>((layer, call) => PoolingKernel.PlanMax(layer, call, profile.Limits)),
        GpuKernel.For<AveragePool2d>(ConvolutionPoolKernel.Plan, ConvolutionPoolKernel.Formats, name: "behind convolution", when: ConvolutionPoolKernel.Fits, block: ConvolutionPoolKernel.Block, pays: ConvolutionPoolKernel.Pays),
        BehindRowTile<AveragePool2d>(profile),
        GpuKernel.For<AveragePool2d>((layer, call) => PoolingTileKernel.Plan(layer, call, profile), name: "tile", when: PoolingTileKernel.Fits, halves: true),
        GpuKernel.For<AveragePool2d>((layer, call) => PoolingKernel.Plan("average_pool2d", PoolingParams.Of(layer, call) with { CountIncludePad = layer.CountIncludePad ? 1 : 0 }, profile.Limits)),
        GpuKernel.For<LpPool2d>((layer, call) => PoolingKernel.Plan("lp_pool2d", PoolingParams.Of(layer, call) with { Constant = layer.P }, profile.Limits)),
        GpuKernel.For<GemPool2d>((layer, call) => PoolingKernel.Plan("gem_pool2d", PoolingParams.Of(layer, call) with { Constant = layer.Epsilon }, profile.Limits, Operand.Of(GemPool2d.PackExponents(call, Block)))),
        GpuKernel.For<WeightedAveragePool2d>((layer, call) => PoolingKernel.Plan("weighted_average_pool2d", PoolingParams.Of(layer, call), profile.Limits, Operand.Of(layer.PackWeights()))),
        BehindPointwise<AdaptiveAveragePool2d>(profile, layer => layer.OutputSize == 1),
        GpuKernel.For<AdaptiveAveragePool2d>((_, call) => PoolingKernel.Plan("average_pool2d", PoolingParams.Adaptive(call), profile.Limits), halves: true),
        GpuKernel.For<AdaptiveMaxPool2d>((_, call) => PoolingKernel.Plan("max_pool2d", PoolingParams.Adaptive(call), profile.Limits), halves: true),
        BehindPointwise<GlobalAveragePool>(profile, _ => true),
        GpuKernel.For<GlobalAveragePool>((_, call) => PoolingKernel.Plan("average_pool2d", PoolingParams.Adaptive(call), profile.Limits), halves: true),
        GpuKernel.For<GlobalMaxPool>((_, call) => PoolingKernel.Plan("max_pool2d", PoolingParams.Adaptive(call), profile.Limits), halves: true),
        GpuKernel.For<GlobalLpPool>((layer, call) => PoolingKernel.Plan("lp_pool2d", PoolingParams.Adaptive(call) with { Constant = layer.P }, profile.Limits)),
        GpuKernel.For<GlobalGemPool>((layer, call) => PoolingKernel.Plan("gem_pool2d", PoolingParams.Adaptive(call) with { Constant = layer.Epsilon }, profile.Limits, Operand.Of(GemPool2d.PackExponents(call, Block)))),
        GpuKernel.For<Maxout>((layer, call) => MaxoutKernel.Plan(layer, call, profile.Limits)),

        GpuKernel.For<BatchNorm2d>((layer, call) => ChannelNormKernel.Plan(layer, call, profile.Limits)),
        GpuKernel.For<InstanceNorm2d>((layer, call) => ChannelNormKernel.Plan(layer, call, profile.Limits)),
        GpuKernel.For<InputNormalization>((layer, call) => ChannelNormKernel.Plan(layer, call, profile.Limits)),
        GpuKernel.For<LayerNorm>((layer, call) => RowNormalizationKernel.Plan(call, layer.Rows(call.Input.Shape), profile.Limits), LayoutRules.Plain),
        GpuKernel.For<GroupNorm>((layer, call) => RowNormalizationKernel.PlanGroups(layer, call), name: "groups", when: (layer, call) => RowNormalizationKernel.FitsGroups(layer, call, profile.Limits), pays: IsBlocked),
        GpuKernel.For<GroupNorm>((layer, call) => RowNormalizationKernel.Plan(call, layer.Rows(call.Input.Shape), profile.Limits), LayoutRules.Plain),
        GpuKernel.For<Lrn>((layer, call) => LrnKernel.Plan(layer, call, profile.Limits)),
        GpuKernel.For<SoftmaxLayer>((layer, call) => SoftmaxKernel.PlanChannels(layer, call), name: "channels", when: SoftmaxKernel.FitsChannels, pays: IsBlocked),
        GpuKernel.For<SoftmaxLayer>((layer, call) => SoftmaxKernel.Plan(layer, call, profile.Limits), LayoutRules.Plain),

        GpuKernel.For<ActivationLayer>(ActivationKernel.Plan, LayoutRules.AsGiven),
        GpuKernel.For<UnaryLayer>(UnaryKernel.Plan, LayoutRules.AsGiven),
        GpuKernel.For<BinaryLayer>((_, call) => BroadcastKernel.Plan(call), LayoutRules.Broadcast),
        GpuKernel.For<PRelu>((_, call) => BroadcastKernel.Plan(call), LayoutRules.PRelu),
        GpuKernel.For<Where>((_, call) => BroadcastKernel.Plan(call), LayoutRules.Broadcast),
        GpuKernel.For<Dropout>(DropoutKernel.Plan, LayoutRules.Dropout),

        GpuKernel.For<Constant>((_, call) => ConstantKernel.Plan(call), LayoutRules.Plain),
        new AliasKernel(typeof(Concat), ChannelMoves.Formats) { Condition = ChannelMoves.Fits },
        GpuKernel.For<Concat>(ConcatKernel.Plan, LayoutRules.ConcatRuns),
        GpuKernel.For<Pad>(PadKernel.Plan, LayoutRules.Pad),
        new AliasKernel(typeof(StridedCopyLayer), ChannelMoves.Formats) { Condition = ChannelMoves.Fits },
        GpuKernel.For<StridedCopyLayer>(StridedCopyKernel.PlanVectors, LayoutRules.StridedCopy, name: "vectors", when: StridedCopyKernel.FitsVectors),
        GpuKernel.For<StridedCopyLayer>((layer, call) => StridedCopyKernel.Plan(layer.View(call.Input.Shape, call.Output.Shape), call), LayoutRules.StridedCopy),
        new AliasKernel(typeof(Split), ChannelMoves.Formats) { Condition = ChannelMoves.Fits },
        GpuKernel.For<Split>(SplitKernel.Plan, LayoutRules.StridedCopy),
        GpuKernel.For<Resize2d>(ResizeKernel.Plan),
        BehindPointwise<Reduce>(profile, layer => layer.Function == ReduceFunction.Mean && AxisIndex.ResolveAll(layer.Axes, 4).Order().SequenceEqual([2, 3])),
        GpuKernel.For<Reduce>((layer, call) => ReduceKernel.Plan(layer, call, profile.Limits), LayoutRules.Reduce),
        GpuKernel.For<Gather>(AxisKernels.Plan, LayoutRules.Plain),
        GpuKernel.For<OneHot>(AxisKernels.Plan, LayoutRules.Plain),
        GpuKernel.For<CumSum>(AxisKernels.Plan, LayoutRules.Plain),
        GpuKernel.For<ArgExtremeLayer>((layer, call) => AxisKernels.Plan(layer, call, profile.Limits), LayoutRules.Plain),
        GpuKernel.For<TopK>(TopKSharedKernel.Plan, LayoutRules.Plain, name: "behind softmax", when: TopKSharedKernel.Fits, pays: (_, _) => !profile.IsSoftware, block: TopKSharedKernel.Block),
        GpuKernel.For<TopK>(TopKSharedKernel.Plan, LayoutRules.Plain, name: "shared", when: TopKSharedKernel.Fits, pays: (_, _) => !profile.IsSoftware),
        GpuKernel.For<TopK>((layer, call) => AxisKernels.Plan(layer, call, profile.Limits), LayoutRules.Plain),
    ];
}
