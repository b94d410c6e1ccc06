using RealtimeCnn.Graphs;

namespace RealtimeCnn.Layers;

/// <summary>The same values in another format. Inserted by plans where neighbours differ, never by users.</summary>
internal abstract record ConversionLayer : Layer
{
    public override Shape InferShape(ReadOnlySpan<Shape> inputs) => inputs[0];
}

/// <summary>Rearranges a row-major tensor into channel blocks.</summary>
internal sealed record ToBlocked : ConversionLayer;

/// <summary>Rearranges channel blocks into a row-major tensor.</summary>
internal sealed record ToPlain : ConversionLayer;

/// <summary>Bytes or halves as float32.</summary>
internal sealed record Widen : ConversionLayer;

/// <summary>Float32 as halves, each rounded to the nearest, ties to even; beyond 65504 infinite.</summary>
internal sealed record Narrow : ConversionLayer;

/// <summary>Puts what windows see over the edge around each plane.</summary>
internal sealed record AddBorder : ConversionLayer;

/// <summary>Channels of one or more tensors of one size, in any order.</summary>
/// <param name="Channels">Where each channel of the output is.</param>
internal sealed record CopyChannels(IReadOnlyList<ChannelOf> Channels) : ConversionLayer
{
    public override (int Fewest, int Most) InputCount => (1, int.MaxValue);

    public override Shape InferShape(ReadOnlySpan<Shape> inputs) => inputs[0].With(1, Channels.Count);
}

/// <summary>Takes the border around each plane away.</summary>
internal sealed record RemoveBorder : ConversionLayer;
