using System.Globalization;
using RealtimeCnn.OpenGL;

namespace RealtimeCnn.Demo.Modes.Doctor;

/// <summary>What was found about one layer, and in words, which are made once.</summary>
internal sealed class LayerFinding
{
    /// <param name="node">Its values on both sides.</param>
    /// <param name="map">Where they differ.</param>
    /// <param name="tolerance">Largest relative L2 that counts as equal.</param>
    public LayerFinding(NodeComparison node, ErrorMap map, double tolerance)
    {
        (Node, Map) = (node, map);
        var difference = node.Difference;
        Ratio = double.IsNaN(difference.RelativeL2) ? double.PositiveInfinity : difference.RelativeL2 / tolerance;
        Shape = string.Join('×', node.Shape.ToArray()[1..]);
        Title = $"{node.Layer} {Shape}";
        Allowed = Text($"error {difference.RelativeL2:0.0e+00} of {tolerance:0e+00}");
        IsSame = difference.MaxAbsolute == 0;
        Error = IsSame ? "equal" : Text($"{difference.RelativeL2:0.0e+00}");
        Worst = IsSame ? "Both are the same, to the last bit." : $"Worst: {PlaceOf(difference.At, node.Shape)}.";
        ExpectedValue = Text($"{difference.Expected:G8}");
        ActualValue = Text($"{difference.Actual:G8}");
        Caption = Text($"differences up to {map.Greatest:0.0e+00}");
    }

    /// <summary>Its values on both sides.</summary>
    public NodeComparison Node { get; }

    /// <summary>Where they differ.</summary>
    public ErrorMap Map { get; }

    /// <summary>The error as a multiple of what is allowed.</summary>
    public double Ratio { get; }

    /// <summary>Whether it is within tolerance.</summary>
    public bool IsRight => Ratio <= 1;

    /// <summary>Whether both sides are the same, to the last bit.</summary>
    public bool IsSame { get; }

    /// <summary>What computes it where it is believed, and where it is examined; null before that was measured.</summary>
    public (KernelTime Expected, KernelTime Actual)? Times { get; set; }

    public string Shape { get; }

    public string Title { get; }

    public string Error { get; }

    public string Allowed { get; }

    public string Worst { get; }

    public string ExpectedValue { get; }

    public string ActualValue { get; }

    public string Caption { get; }

    /// <summary>Coordinates of an element, in words.</summary>
    public static string PlaceOf(IReadOnlyList<int> at, Shape shape) => (shape.Rank, at) switch
    {
        (4, [_, var channel, var row, var column]) => Text($"channel {channel}, row {row}, column {column}"),
        (_, []) => "no element",
        _ => Text($"element {string.Join(", ", at.Skip(1))}"),
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
