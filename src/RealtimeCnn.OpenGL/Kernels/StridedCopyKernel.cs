using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;

namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>All layers that only move elements: float by float, or where those of each vec4 of the output lie together by vec4s.</summary>
internal static class StridedCopyKernel
{
    private const int MostDigits = 16;

    /// <summary>Whether vec4s of a layer's output, in the format that it will have, are vec4s of its input.</summary>
    public static bool FitsVectors(StridedCopyLayer layer, LayerCall call) =>
        StridedVectors.Of(layer.View(call.Input.Shape, call.Output.Shape), call with { Outputs = [call.Output with { Format = LayoutRules.StridedCopy(call).Output }] }) != null;

    /// <summary>A dispatch that moves vec4s.</summary>
    public static Dispatch[] PlanVectors(StridedCopyLayer layer, LayerCall call)
    {
        var vectors = StridedVectors.Of(layer.View(call.Input.Shape, call.Output.Shape), call)!;
        int count = ConvolutionParams.Vectors(call.Output);
        int[] numbers = new int[4 + (MostDigits * 4)];
        (numbers[0], numbers[1]) = (count, vectors.Origin);
        for (int d = 0; d < vectors.Digits.Count; d++)
        {
            var (extent, step) = vectors.Digits[d];
            var byExtent = IndexDivisor.By(extent);
            new[] { extent, step, byExtent.Multiplier, byExtent.Shift }.CopyTo(numbers, 4 + (d * 4));
        }

        return [new Dispatch("layers/strided_copy_vectors.comp", Dispatch.Bytes(numbers), Dispatch.Flat(count), Operand.Of(0)) { Defines = [$"DIGITS {vectors.Digits.Count}"] }];
    }

    /// <summary>A dispatch that moves float by float.</summary>
    public static Dispatch[] Plan(StridedView view, LayerCall call)
    {
        Shape x = call.Input.Shape, y = call.Output.Shape;
        bool fromBlocks = call.Input.Layout == Layout.Blocked, toBlocks = call.Output.Layout == Layout.Blocked;
        var digits = Digits(view, x, call.Input.Layout);
        var origin = view.Origin(x, call.Input.Layout, GpuKernels.Block);
        if (!fromBlocks)
            origin = (0, (origin.Channel * x.Area) + origin.Pixel);

        int count = ConvolutionParams.Vectors(call.Output), blocks = BlockedLayout.Blocks(y.Channels, GpuKernels.Block);
        IndexDivisor byArea = IndexDivisor.By(y.Area), byBlocks = IndexDivisor.By(blocks);
        int[] numbers = new int[16 + (MostDigits * 8)];
        new[]
        {
            count, y.Count, toBlocks ? 1 : 0, fromBlocks ? 1 : 0, y.Channels, y.Area, x.Area, 0,
            origin.Channel, origin.Pixel, byArea.Multiplier, byArea.Shift, byBlocks.Multiplier, byBlocks.Shift,
        }.CopyTo(numbers, 0);
        for (int d = 0; d < digits.Count; d++)
        {
            var byExtent = IndexDivisor.By(digits[d].Extent);
            new[] { digits[d].Extent, digits[d].Channel, digits[d].Pixel, 0, byExtent.Multiplier, byExtent.Shift }.CopyTo(numbers, 16 + (d * 8));
        }

        return [new Dispatch("layers/strided_copy.comp", Dispatch.Bytes(numbers), Dispatch.Flat(count), Operand.Of(0)) { Defines = [$"DIGITS {digits.Count}"] }];
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
