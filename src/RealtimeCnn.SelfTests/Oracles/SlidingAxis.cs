using RealtimeCnn.Layers;

namespace RealtimeCnn.SelfTests.Oracles;

/// <summary>
/// Where windows lie along one axis, found by sliding one over it step by step; the product has closed formulas for the same.
/// </summary>
/// <param name="Starts">Position of each window's first element; negative inside the front padding.</param>
/// <param name="End">One behind the last position of the padded input.</param>
internal sealed record SlidingAxis(IReadOnlyList<int> Starts, int End)
{
    /// <summary>Slides a window over an axis.</summary>
    /// <param name="length">Elements of the input.</param>
    /// <param name="kernel">Elements of the window.</param>
    /// <param name="stride">Step between windows.</param>
    /// <param name="dilation">Step between elements of a window.</param>
    /// <param name="rule">Whether padding is given, or follows from the size to be kept.</param>
    /// <param name="before">Given padding in front.</param>
    /// <param name="after">Given padding behind.</param>
    /// <param name="ceil">Whether a last window that hangs over the end counts, as long as it does not start in the padding behind.</param>
    public static SlidingAxis Of(int length, int kernel, int stride, int dilation, PaddingRule rule, int before, int after, bool ceil = false)
    {
        if (rule != PaddingRule.Explicit)
            (before, after) = Same(length, kernel, stride, dilation, rule);
        int reach = dilation * (kernel - 1), end = length + after, start = -before;
        var starts = new List<int>();
        for (; start + reach < end; start += stride)
            starts.Add(start);
        bool lastEndsAtTheEnd = start - stride + reach == end - 1;
        if (ceil && !lastEndsAtTheEnd && start < length)
            starts.Add(start);
        return new SlidingAxis(starts, end);
    }

    /// <summary>Rows of a picture.</summary>
    public static SlidingAxis Rows(Shape x, Size2d kernel, Size2d stride, Size2d dilation, Padding2d padding, bool ceil = false) =>
        Of(x.Height, kernel.Height, stride.Height, dilation.Height, padding.Rule, padding.Top, padding.Bottom, ceil);

    /// <summary>Columns of a picture.</summary>
    public static SlidingAxis Columns(Shape x, Size2d kernel, Size2d stride, Size2d dilation, Padding2d padding, bool ceil = false) =>
        Of(x.Width, kernel.Width, stride.Width, dilation.Width, padding.Rule, padding.Left, padding.Right, ceil);

    /// <summary>The least padding with which there is a window for every stride that begins inside the input, and which side gets more of it.</summary>
    private static (int Before, int After) Same(int length, int kernel, int stride, int dilation, PaddingRule rule)
    {
        int last = 0, total = 0;
        while (last + stride < length)
            last += stride;
        while (last + (dilation * (kernel - 1)) >= length + total)
            total++;
        int less = total / 2, more = total - less;
        return rule == PaddingRule.SameUpper ? (less, more) : (more, less);
    }
}
