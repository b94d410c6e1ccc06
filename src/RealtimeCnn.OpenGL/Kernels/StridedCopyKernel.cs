using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>All layers that only move elements.</summary>
internal static class StridedCopyKernel
{
    private const int MostDigits = 16;

    public static Dispatch[] Plan(StridedView view, LayerCall call)
    {
        Shape x = call.Input.Shape, y = call.Output.Shape;
        bool fromBlocks = call.Input.Layout == Layout.Blocked, toBlocks = call.Output.Layout == Layout.Blocked;
        var digits = Digits(view, x, call.Input.Layout);
        var origin = view.Origin(x, call.Input.Layout, GpuKernels.Block);
        if (!fromBlocks)
            origin = (0, (origin.Channel * x.Area) + origin.Pixel);

        int count = ConvolutionParams.Vectors(call.Output);
        int[] numbers = new int[12 + (MostDigits * 4)];
        new[] { count, y.Count, toBlocks ? 1 : 0, fromBlocks ? 1 : 0, y.Channels, y.Area, x.Area, digits.Count, origin.Channel, origin.Pixel }.CopyTo(numbers, 0);
        for (int d = 0; d < digits.Count; d++)
            new[] { digits[d].Extent, digits[d].Channel, digits[d].Pixel }.CopyTo(numbers, 12 + (d * 4));
        return [new Dispatch("layers/strided_copy.comp", Dispatch.Bytes(numbers), Dispatch.Flat(count), Operand.Of(0))];
    }

    /// <summary>Innermost first, with digits that go on where the one before ends merged.</summary>
    private static List<(int Extent, int Channel, int Pixel)> Digits(StridedView view, Shape x, Layout layout)
    {
        var digits = new List<(int Extent, int Channel, int Pixel)>();
        foreach (var digit in view.Digits.Reverse())
        {
            if (digit.Extent == 1)
                continue;
            var (channel, pixel) = StridedView.Step(digit, x, layout, GpuKernels.Block);
            if (layout == Layout.Plain)
                (channel, pixel) = (0, (channel * x.Area) + pixel);
            if (digits.Count > 0 && digits[^1] is var inner && channel == inner.Channel * inner.Extent && pixel == inner.Pixel * inner.Extent)
                digits[^1] = inner with { Extent = inner.Extent * digit.Extent };
            else
                digits.Add((digit.Extent, channel, pixel));
        }

        return digits;
    }
}
