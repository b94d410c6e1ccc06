namespace RealtimeCnn.Demo.Modes.Explore;

/// <summary>What a network to count is made of.</summary>
internal enum BlockKind
{
    /// <summary>A convolution of 3×3 over all channels, with ReLU.</summary>
    Convolution,

    /// <summary>The same taken apart: 3×3 over each channel by itself, then 1×1 over all of them, with ReLU.</summary>
    Separable,

    /// <summary>The maximum of each 2×2.</summary>
    Pool,
}

/// <summary>A block of a network to count.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Channels">Of its output; those of its input for pooling.</param>
internal readonly record struct CountedBlock(BlockKind Kind, int Channels);

/// <summary>What a block costs, in numbers and in words.</summary>
/// <param name="Title">What it is.</param>
/// <param name="Shape">Of its output, in words.</param>
/// <param name="Parameters">Weights and biases.</param>
/// <param name="MultiplyAccumulates">Of one run.</param>
/// <param name="Seen">Pixels along a side of the picture that one of its units sees.</param>
internal sealed record BlockCost(string Title, string Shape, long Parameters, long MultiplyAccumulates, int Seen)
{
    public string ParametersText { get; } = Short(Parameters);

    public string WorkText { get; } = Short(MultiplyAccumulates);

    public string SeenText { get; } = $"{Seen}×{Seen}";

    /// <summary>A number to three digits and a power of a thousand: 432, 4.64k, 7.08M.</summary>
    public static string Short(long number) => number switch
    {
        < 1000 => FormattableString.Invariant($"{number}"),
        < 1_000_000 => FormattableString.Invariant($"{Digits(number / 1e3)}k"),
        _ => FormattableString.Invariant($"{Digits(number / 1e6)}M"),
    };

    private static string Digits(double number) => number.ToString(number < 9.995 ? "0.00" : number < 99.95 ? "0.0" : "0", System.Globalization.CultureInfo.InvariantCulture);
}
