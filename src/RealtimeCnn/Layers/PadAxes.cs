using System.Runtime.CompilerServices;

namespace RealtimeCnn.Layers;

/// <summary>How one axis is padded, in elements.</summary>
/// <param name="Output">Extent of the output.</param>
/// <param name="Kept">Extent of the input after cutting.</param>
/// <param name="Before">Elements added in front.</param>
/// <param name="Stride">Distance between neighbours in the input.</param>
internal readonly record struct PadAxis(int Output, int Kept, int Before, int Stride);

/// <summary>All axes of a <see cref="Pad"/>, slowest first.</summary>
internal struct PadAxes
{
    private Elements _axes;

    public int Rank { get; init; }

    /// <summary>Offset of the first element that is kept.</summary>
    public int First { get; set; }

    public PadAxis this[int axis]
    {
        readonly get => _axes[axis];
        set => _axes[axis] = value;
    }

    [InlineArray(Shape.MaxRank)]
    private struct Elements
    {
        private PadAxis _first;
    }
}
