using RealtimeCnn.Graphs;
using RealtimeCnn.Training;

namespace RealtimeCnn.Models;

/// <summary>What may vary in a classic network. Everything that is not set is as published.</summary>
public sealed record ModelOptions
{
    /// <summary>
    /// Height and width of the input, in pixels. Below 64 the stem of a network that starts by reducing the picture keeps its size:
    /// its first convolution has stride 1 and the pooling behind it is left out, as usual for 32×32 pictures.
    /// </summary>
    public int? InputSize { get; init; }

    /// <summary>Channels of the input.</summary>
    public int? InputChannels { get; init; }

    /// <summary>Pictures in a batch, at least 1.</summary>
    public int Batch { get; init; } = 1;

    /// <summary>Classes it tells apart.</summary>
    public int? Classes { get; init; }

    /// <summary>Factor on the number of channels of the MobileNets, above 0; other networks have one width only.</summary>
    public float Width { get; init; } = 1;

    /// <summary>Seed of the initial weights.</summary>
    public int Seed { get; init; }

    /// <summary>Starting values of weights; null for what suits the network's activations.</summary>
    public Initializer? Initializer { get; init; }

    /// <summary>A builder with an input of the size asked for.</summary>
    internal (GraphBuilder Builder, SymbolicTensor Input) Start(int size = 224, int channels = 3, Initializer? initializer = null)
    {
        int side = InputSize ?? size;
        var builder = new GraphBuilder(Seed, Initializer ?? initializer);
        return (builder, builder.Start(new Shape(Batch, InputChannels ?? channels, side, side)));
    }

    /// <summary>The number of classes of ImageNet where none is asked for.</summary>
    internal int ClassCount => Classes ?? 1000;
}

/// <summary>What the stems and widths of several networks have in common.</summary>
internal static class ModelBlocks
{
    /// <summary>Whether the input is so small that a stem must not reduce it.</summary>
    public static bool IsSmall(this SymbolicTensor input) => input.Shape.Height < 64;

    /// <summary>Stride of a network's first convolution.</summary>
    public static Size2d StemStride(this SymbolicTensor input, int published) => input.IsSmall() ? 1 : published;

    /// <summary>The channels nearest to a number that are a multiple of 8 and no less than 90 % of it.</summary>
    /// <remarks>Source: Sandler et al. 2018, "MobileNetV2", reference implementation.</remarks>
    public static int RoundTo8(float channels)
    {
        int rounded = Math.Max(8, (int)(channels + 4) / 8 * 8);
        return rounded < 0.9f * channels ? rounded + 8 : rounded;
    }
}
