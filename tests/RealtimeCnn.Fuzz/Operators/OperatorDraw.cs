using RealtimeCnn.Fuzz.Drawing;

namespace RealtimeCnn.Fuzz.Operators;

/// <summary>How valid files of one operator are drawn.</summary>
/// <param name="Op">The operator.</param>
/// <param name="Draw">Adds the node and what it reads.</param>
internal sealed record OperatorDraw(string Op, Action<Draft> Draw)
{
    /// <summary>The first operator set in which the operator is as it is drawn here.</summary>
    public int Since { get; init; } = 9;

    /// <summary>The last one.</summary>
    public int Until { get; init; } = 22;

    /// <summary>Whether the result follows the operands smoothly and stays small, so that it may stand in the middle of a network: rounding errors then stay small too.</summary>
    public bool IsTame { get; init; }
}

/// <summary>The operators and how files of them are drawn.</summary>
internal static class OperatorDraws
{
    private static readonly Dictionary<string, OperatorDraw> Table = new OperatorDraw[][]
    {
        [.. Activations.All], [.. Elementwise.All], [.. Windows.All], [.. Products.All], [.. Normalizations.All], [.. Reductions.All],
        [.. Structure.All], [.. Indexing.All], [.. Quantization.All], [.. Values.All],
    }.SelectMany(family => family).ToDictionary(draw => draw.Op, StringComparer.Ordinal);

    /// <summary>All of them, in the order of their names.</summary>
    public static IReadOnlyList<OperatorDraw> All { get; } = [.. Table.Values.OrderBy(draw => draw.Op, StringComparer.Ordinal)];

    /// <summary>Those that may stand in the middle of a network.</summary>
    public static IReadOnlyList<OperatorDraw> Tame { get; } = [.. All.Where(draw => draw.IsTame)];
}
