namespace RealtimeCnn.Layers;

/// <summary>Rows and columns that a window may reach over each border: explicit numbers, or a rule that keeps the size.</summary>
public readonly record struct Padding2d
{
    /// <summary>Explicit padding.</summary>
    /// <param name="top">Rows above, at least 0.</param>
    /// <param name="left">Columns at the left, at least 0.</param>
    /// <param name="bottom">Rows below, at least 0.</param>
    /// <param name="right">Columns at the right, at least 0.</param>
    public Padding2d(int top, int left, int bottom, int right) => (Top, Left, Bottom, Right) = (top, left, bottom, right);

    /// <summary>Output size is <c>ceil(input / stride)</c>; an odd element of padding goes below and right (ONNX and TensorFlow SAME_UPPER).</summary>
    public static Padding2d SameUpper { get; } = new() { Rule = PaddingRule.SameUpper };

    /// <summary>Output size is <c>ceil(input / stride)</c>; an odd element of padding goes above and left (ONNX SAME_LOWER).</summary>
    public static Padding2d SameLower { get; } = new() { Rule = PaddingRule.SameLower };

    /// <summary>Rows above.</summary>
    public int Top { get; }

    /// <summary>Columns at the left.</summary>
    public int Left { get; }

    /// <summary>Rows below.</summary>
    public int Bottom { get; }

    /// <summary>Columns at the right.</summary>
    public int Right { get; }

    /// <summary>Whether the numbers are explicit or follow from the size of the input.</summary>
    public PaddingRule Rule { get; private init; }

    /// <summary>Whether no window ever reaches over a border.</summary>
    public bool IsNone => Rule == PaddingRule.Explicit && (Top | Left | Bottom | Right) == 0;

    /// <summary>The same padding on all four sides.</summary>
    public static implicit operator Padding2d(int all) => new(all, all, all, all);

    /// <summary>The same padding above and below, and the same at the left and right.</summary>
    public static implicit operator Padding2d(Size2d both) => new(both.Height, both.Width, both.Height, both.Width);

    /// <summary>The explicit numbers for an input of a given size.</summary>
    /// <param name="input">Height and width of the input, in elements.</param>
    /// <param name="kernel">Window extent.</param>
    /// <param name="stride">Step between windows.</param>
    /// <param name="dilation">Step between the elements of a window.</param>
    /// <exception cref="ShapeException">A rule is asked for a window, stride or dilation below 1 or out of range: see <see cref="Window.MaxReach"/>.</exception>
    public Padding2d For(Size2d input, Size2d kernel, Size2d stride, Size2d dilation)
    {
        if (Rule == PaddingRule.Explicit)
            return this;
        int vertical = Total(input.Height, kernel.Height, stride.Height, dilation.Height);
        int horizontal = Total(input.Width, kernel.Width, stride.Width, dilation.Width);
        int extra = Rule == PaddingRule.SameLower ? 1 : 0;
        int top = (vertical + extra) / 2, left = (horizontal + extra) / 2;
        return new Padding2d(top, left, vertical - top, horizontal - left);
    }

    /// <inheritdoc/>
    public override string ToString() => Rule != PaddingRule.Explicit ? Rule.ToString()
        : Top == Left && Top == Bottom && Top == Right ? $"{Top}" : $"{Top},{Left},{Bottom},{Right}";

    private static int Total(int length, int kernel, int stride, int dilation)
    {
        if (kernel < 1 || stride < 1 || dilation < 1)
            throw new ShapeException($"window of {kernel}, stride {stride} and dilation {dilation} is not possible: each is at least 1.");
        long windows = ((long)length + stride - 1) / stride;
        long total = Math.Max(((windows - 1) * stride) + ((long)dilation * (kernel - 1)) + 1 - length, 0);
        return total <= Window.MaxReach ? (int)total : throw new ShapeException(
            $"window of {kernel}, stride {stride} and dilation {dilation} needs {total} elements of padding to keep the size of {length}; at most {Window.MaxReach} are possible.");
    }
}

/// <summary>How a <see cref="Padding2d"/> is found.</summary>
public enum PaddingRule
{
    /// <summary>Four numbers.</summary>
    Explicit,

    /// <summary>Output size is <c>ceil(input / stride)</c>, the odd element behind.</summary>
    SameUpper,

    /// <summary>Output size is <c>ceil(input / stride)</c>, the odd element in front.</summary>
    SameLower,
}
