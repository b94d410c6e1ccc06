namespace RealtimeCnn.Layers;

/// <summary>What a window sees where it reaches over the border.</summary>
public enum PaddingMode
{
    /// <summary>Zeros.</summary>
    Zero,

    /// <summary>The nearest element of the border.</summary>
    Replicate,

    /// <summary>The picture mirrored at its border elements, which are not repeated: <c>c b | a b c | b a</c>.</summary>
    Reflect,
}

/// <summary>The arithmetic of a window sliding over one image axis; the only place it is written down.</summary>
/// <remarks>
/// Kernels of both backends compute positions in 32 bits and do not check them again. What they may rely on: input, padding, one
/// stride and the window's reach (dilation · kernel) together are at most <see cref="MaxReach"/> along an axis, and a window has at
/// most that many elements.
/// </remarks>
public static class Window
{
    /// <summary>Most elements along an axis that input, padding, one stride and the window's reach take together: 2^30.</summary>
    public const int MaxReach = 1 << 30;

    /// <summary>How many windows fit: <c>floor((length + before + after − dilation·(kernel − 1) − 1) / stride) + 1</c>, or with ceil.</summary>
    /// <param name="length">Elements along the axis.</param>
    /// <param name="kernel">Window extent, in elements, at least 1.</param>
    /// <param name="stride">Step between windows, in elements, at least 1.</param>
    /// <param name="before">Padding in front, in elements.</param>
    /// <param name="after">Padding behind, in elements.</param>
    /// <param name="dilation">Step between the elements of a window, at least 1.</param>
    /// <param name="ceil">Whether a last window that hangs over the end counts, as long as it starts inside the input or the front padding.</param>
    /// <exception cref="ShapeException">The window does not fit, or a number is out of range: see <see cref="MaxReach"/>.</exception>
    public static int Count(int length, int kernel, int stride, int before = 0, int after = 0, int dilation = 1, bool ceil = false)
    {
        if (kernel < 1 || stride < 1 || dilation < 1 || before < 0 || after < 0)
            throw new ShapeException($"window of {kernel}, stride {stride}, dilation {dilation} and padding {before}+{after} is not possible: the first three are at least 1, padding at least 0.");
        if (length + ((long)dilation * kernel) > MaxReach - (long)stride - before - after)
            throw new ShapeException($"window of {kernel}, stride {stride}, dilation {dilation} and padding {before}+{after} over {length} elements reaches farther than the {MaxReach} elements that positions are computed for.");
        long room = (long)length + before + after - ((long)dilation * (kernel - 1)) - 1;
        if (room < 0)
            throw new ShapeException($"window of {kernel} with dilation {dilation} does not fit {length} elements with padding {before}+{after}.");
        long count = (room / stride) + 1;
        if (ceil && room % stride != 0 && count * stride < (long)length + before)
            count++;
        return (int)count;
    }

    /// <summary>How many windows fit along both image axes.</summary>
    /// <exception cref="ShapeException">The window does not fit, or a number is out of range.</exception>
    internal static Size2d Grid(Size2d size, Size2d kernel, Size2d stride, Padding2d padding, Size2d dilation, bool ceil = false)
    {
        int height = Count(size.Height, kernel.Height, stride.Height, padding.Top, padding.Bottom, dilation.Height, ceil);
        int width = Count(size.Width, kernel.Width, stride.Width, padding.Left, padding.Right, dilation.Width, ceil);
        return (long)kernel.Height * kernel.Width <= MaxReach
            ? new Size2d(height, width)
            : throw new ShapeException($"window of {kernel} has more than {MaxReach} elements.");
    }

    /// <summary>The element of the input that position <paramref name="index"/> reads, or −1 for a zero.</summary>
    /// <param name="index">Position along the axis; may lie outside.</param>
    /// <param name="length">Elements along the axis.</param>
    /// <param name="mode">What lies outside.</param>
    public static int Source(int index, int length, PaddingMode mode)
    {
        if ((uint)index < (uint)length)
            return index;
        switch (mode)
        {
            case PaddingMode.Replicate:
                return Math.Clamp(index, 0, length - 1);
            case PaddingMode.Reflect:
                int period = Math.Max(2 * (length - 1), 1), folded = Math.Abs(index % period);
                return folded < length ? folded : period - folded;
            default:
                return -1;
        }
    }
}
