using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>A <see cref="StridedView"/> in vec4s: where the four elements of each vec4 of the output are a vec4 of the input, in their order.</summary>
/// <param name="Origin">The vec4 of the output's first one.</param>
/// <param name="Digits">Of an index of the output's vec4s, innermost first: extent, and vec4s of the input for each turn.</param>
internal sealed record StridedVectors(int Origin, IReadOnlyList<(int Extent, int Step)> Digits)
{
    /// <summary>The view in vec4s; null where there is no such.</summary>
    public static StridedVectors? Of(StridedView view, LayerCall call)
    {
        Shape x = call.Input.Shape, y = call.Output.Shape;
        bool toBlocks = call.Output.Layout == Layout.Blocked;
        if (y.Count == 0 || (toBlocks && y.Channels % GpuKernels.Block != 0))
            return null;

        // The digits in the order in which the output's vec4s lie, the one that lanes walk last.
        Digit[] digits = [.. view.Digits.Where(digit => digit.Extent > 1)];
        if (toBlocks)
            digits = [.. digits.Where(digit => digit.OutputAxis == 0), .. digits.Where(digit => digit.OutputAxis > 1), .. digits.Where(digit => digit.OutputAxis == 1)];
        if (digits.Length == 0 || digits[^1].Extent % GpuKernels.Block != 0 || Element(digits[^1], x, call.Input.Layout) is not 1)
            return null;
        int?[] steps = digits.Map(digit => Vectors(digit, x, call.Input.Layout));
        var start = view.Start.Select((at, axis) => at == 0 ? 0 : Vectors(new Digit(0, 1, axis, at), x, call.Input.Layout)).ToArray();
        if (steps.SkipLast(1).Any(step => step == null) || start.Any(step => step == null))
            return null;

        var inner = (digits[^1].Extent / GpuKernels.Block, Vectors(digits[^1] with { Step = GpuKernels.Block }, x, call.Input.Layout)!.Value);
        List<(int Extent, int Step)> all = [.. digits.SkipLast(1).Select((digit, i) => (digit.Extent, steps[i]!.Value)), inner];
        if (toBlocks)
        {
            // Blocks of channels lie outside the pixels.
            int batches = digits.Count(digit => digit.OutputAxis == 0), pixels = digits.Count(digit => digit.OutputAxis > 1);
            all = [.. all[..batches], .. all[(batches + pixels)..], .. all[batches..(batches + pixels)]];
        }

        return new StridedVectors(start.Sum(step => step!.Value), Merged(all));
    }

    /// <summary>Floats from an element to that of the next turn; null where that depends on the element.</summary>
    private static int? Element(Digit digit, Shape x, Layout layout)
    {
        var (channel, pixel) = StridedView.Step(digit, x, layout, GpuKernels.Block);
        return layout == Layout.Plain ? (channel * x.Area) + pixel : pixel == 0 ? channel : null;
    }

    /// <summary>Vec4s from one to that of the next turn; null where elements of a vec4 would part.</summary>
    private static int? Vectors(Digit digit, Shape x, Layout layout)
    {
        var (channel, pixel) = StridedView.Step(digit, x, layout, GpuKernels.Block);
        if (layout == Layout.Blocked)
            return channel % GpuKernels.Block == 0 ? (channel / GpuKernels.Block * x.Area) + pixel : null;
        int step = (channel * x.Area) + pixel;
        return step % GpuKernels.Block == 0 ? step / GpuKernels.Block : null;
    }

    /// <summary>Innermost first, with digits that go on where the one before ends merged.</summary>
    private static List<(int Extent, int Step)> Merged(IEnumerable<(int Extent, int Step)> outermostFirst)
    {
        var merged = new List<(int Extent, int Step)>();
        foreach (var (extent, step) in outermostFirst.Reverse())
        {
            if (extent == 1)
                continue;
            if (merged.Count > 0 && merged[^1] is var inner && step == inner.Step * inner.Extent)
                merged[^1] = inner with { Extent = inner.Extent * extent };
            else
                merged.Add((extent, step));
        }

        return merged;
    }
}
