using RealtimeCnn.Layers;

namespace RealtimeCnn;

/// <summary>How a tensor of a plan lies in memory: the order of its elements, what an element is, and what lies around its planes.</summary>
/// <param name="Layout">Row-major or channel-blocked.</param>
/// <param name="Element">What an element is.</param>
/// <param name="Border">What lies around each plane of a channel-blocked tensor.</param>
internal readonly record struct TensorFormat(Layout Layout, ElementType Element = ElementType.Float32, Border Border = default)
{
    /// <summary>Floats without a border: what every kernel takes that says nothing else.</summary>
    public static implicit operator TensorFormat(Layout layout) => new(layout);

    /// <inheritdoc/>
    public bool Equals(TensorFormat other) => Layout == other.Layout && Element == other.Element && Border == other.Border;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine((int)Layout, (int)Element, Border.GetHashCode());
}

/// <summary>What an element of a tensor is while it lies in memory. Arithmetic is float32 whatever it is.</summary>
internal enum ElementType
{
    /// <summary>IEEE 754 single precision.</summary>
    Float32,

    /// <summary>IEEE 754 half precision, to store values in half the memory.</summary>
    Float16,

    /// <summary>A whole number from 0 to 255: a picture as cameras give it.</summary>
    UInt8,

    /// <summary>A float32 that is not in memory: the input of a network, row by row as the run's frame gives it (<see cref="Images.FrameRows"/>).</summary>
    FrameRows,

    /// <summary>The same of a frame that is seen after a quarter turn, which gives column by column.</summary>
    FrameColumns,
}

/// <summary>Sizes of element types.</summary>
internal static class ElementTypes
{
    /// <summary>Bytes of an element.</summary>
    public static int Size(this ElementType element) => element switch
    {
        ElementType.Float32 => 4,
        ElementType.Float16 => 2,
        ElementType.UInt8 => 1,
        _ => 0,
    };

    /// <summary>Whether elements come from a frame.</summary>
    public static bool IsFrame(this ElementType element) => element is ElementType.FrameRows or ElementType.FrameColumns;
}

/// <summary>Rows and columns around each plane of a channel-blocked tensor, so that a window that reaches over the edge needs no case of its own.</summary>
internal readonly record struct Border(int Top, int Left, int Bottom, int Right)
{
    /// <summary>What lies there.</summary>
    public PaddingMode Mode { get; init; }

    /// <inheritdoc/>
    public bool Equals(Border other) => (Top, Left, Bottom, Right) == (other.Top, other.Left, other.Bottom, other.Right) && Mode == other.Mode;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Top, Left, Bottom, Right, (int)Mode);

    /// <summary>Whether there is none.</summary>
    public bool IsNone => (Top | Left | Bottom | Right) == 0;

    /// <summary>Pixels from a row to the next.</summary>
    public int Pitch(Shape shape) => shape.Width + Left + Right;

    /// <summary>Pixels from a plane to the next, of any size.</summary>
    public long Pixels(Shape shape) => ((long)shape.Height + Top + Bottom) * ((long)shape.Width + Left + Right);

    /// <summary>Pixels from a plane to the next, in a tensor that a plan allows.</summary>
    public int Plane(Shape shape) => (shape.Height + Top + Bottom) * Pitch(shape);

    /// <summary>The first pixel of a plane that is no border.</summary>
    public int Origin(Shape shape) => (Top * Pitch(shape)) + Left;
}
