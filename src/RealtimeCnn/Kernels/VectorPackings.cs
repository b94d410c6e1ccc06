using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Kernels;

/// <summary>Values in their own order, rounded up to whole blocks with zeros.</summary>
/// <param name="Count">How many.</param>
/// <param name="Block">What their number is rounded up to a multiple of.</param>
internal sealed record VectorPacking(int Count, int Block) : ElementPacking(((long)Count + Block - 1) / Block * Block)
{
    /// <summary>A parameter of a call as it is.</summary>
    public static PackedWeights Of(LayerCall call, int parameter, int block = 1) =>
        new(new VectorPacking(call.Parameters[parameter].Shape.Count, block), call.Parameters[parameter]);

    /// <summary>The second parameter of a call, or zeros where the layer has none.</summary>
    public static PackedWeights BiasOf(LayerCall call, int channels, int block) =>
        call.Parameters.Count > 1 ? Of(call, 1, block) : FillPacking.Of(channels, block, 0);

    protected override void Walk(Moves moves, int from, int to) => moves.Run(Count, 0, 1, 0, 1);
}

/// <summary>One value everywhere, in whole blocks: what stands in for a parameter that a layer does not have.</summary>
internal sealed record FillPacking(int Count, float Value) : Packing(Count)
{
    public static PackedWeights Of(int count, int block, float value) => new(new FillPacking(BlockedLayout.Blocks(count, block) * block, value));

    public override void Pack(IReadOnlyList<Parameter> sources, Span<float> packed, int from, int to) => packed.Fill(Value);
}

/// <summary>One value for each channel out of one for all or one for each, in whole blocks with ones behind the last.</summary>
internal sealed record ChannelPacking(int Channels, int Block) : Packing(BlockedLayout.Blocks(Channels, Block) * Block)
{
    public override void Pack(IReadOnlyList<Parameter> sources, Span<float> packed, int from, int to)
    {
        var values = sources[0].Elements;
        packed.Fill(1);
        for (int c = 0; c < Channels; c++)
            packed[c] = values[values.Length == 1 ? 0 : c];
    }
}

/// <summary>A picture <c>[C, H, W]</c> in channel blocks.</summary>
internal sealed record PicturePacking(Shape Shape, int Block) : ElementPacking(BlockedLayout.Elements(Shape, Layout.Blocked, Block))
{
    protected override void Walk(Moves moves, int from, int to)
    {
        int area = Shape.Area;
        for (int c = 0; c < Shape.Channels; c++)
            moves.Run(area, c * area, 1, ((c / Block) * area * Block) + (c % Block), Block);
    }
}

/// <summary>A layer that is <c>y = factor·x + offset</c> for each channel.</summary>
internal interface IChannelAffine
{
    /// <summary>Factor and offset of one channel, in double.</summary>
    (double Factor, double Offset) Affine(IReadOnlyList<Parameter> parameters, int channel);
}

/// <summary>All factors of an affine layer, then all offsets, in whole blocks; zero behind the last channel, which keeps the tail zero.</summary>
internal sealed record AffinePacking(IChannelAffine Layer, int Channels, int Block) : Packing(2L * BlockedLayout.Blocks(Channels, Block) * Block)
{
    public static PackedWeights Of(IChannelAffine layer, LayerCall call, int block) =>
        new(new AffinePacking(layer, call.Input.Shape.Channels, block), [.. call.Parameters]);

    public override void Pack(IReadOnlyList<Parameter> sources, Span<float> packed, int from, int to)
    {
        packed.Clear();
        for (int c = 0; c < Channels; c++)
        {
            var (factor, offset) = Layer.Affine(sources, c);
            packed[c] = (float)factor;
            packed[(Elements / 2) + c] = (float)offset;
        }
    }
}

/// <summary>The weights of a <see cref="WeightedAveragePool2d"/>, which follow from the layer alone, as <c>[KH][KW]</c>.</summary>
internal sealed record GaussianPacking(WeightedAveragePool2d Layer) : Packing((long)Layer.Kernel.Height * Layer.Kernel.Width)
{
    public override void Pack(IReadOnlyList<Parameter> sources, Span<float> packed, int from, int to) => Layer.Weights().CopyTo(packed);
}

/// <summary>1 where all elements are finite, else 0: a kernel that multiplies weights with zeros asks.</summary>
internal sealed record FinitePacking() : Packing(1)
{
    public override void Pack(IReadOnlyList<Parameter> sources, Span<float> packed, int from, int to) => packed[0] = AreFinite(sources[0].Elements) ? 1 : 0;

    /// <summary>Whether none of some numbers is a NaN or an infinity.</summary>
    [MethodImpl(KernelCode.Optimized)]
    public static bool AreFinite(ReadOnlySpan<float> values)
    {
        // An infinity or a NaN times 0 is a NaN, which stays in the sum.
        var sum = Vector512<float>.Zero;
        int whole = values.Length / Vector512<float>.Count * Vector512<float>.Count;
        for (int i = 0; i < whole; i += Vector512<float>.Count)
            sum += Vector512.Create(values[i..]) * Vector512<float>.Zero;
        float all = Vector512.Sum(sum);
        foreach (float value in values[whole..])
            all += value * 0;
        return all == 0;
    }
}
