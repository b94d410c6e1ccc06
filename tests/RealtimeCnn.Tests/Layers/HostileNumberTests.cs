using RealtimeCnn.Cpu;
using RealtimeCnn.Layers;
using RealtimeCnn.SelfTests;
using RealtimeCnn.SelfTests.Oracles;
using RealtimeCnn.Tests.Oracles;

namespace RealtimeCnn.Tests.Layers;

/// <summary>
/// Layers whose numbers come from a file: any of them either is refused with a <see cref="ShapeException"/> or computes what 64-bit
/// arithmetic says. No address is ever made of a number that wrapped around.
/// </summary>
public class HostileNumberTests
{
    private const int Draws = 3000;
    private const int MostElements = 20_000;

    [Fact]
    public void Poolings() => Check(0, numbers =>
    {
        var (kernel, dilation, stride, padding) = Windows(numbers);
        var x = new Shape(1, numbers.Pick(1, 17), numbers.Pick(1, 7, 40), numbers.Pick(1, 3, 30));
        bool ceil = numbers.Flip, counted = numbers.Flip;
        PoolingLayer layer = numbers.Flip
            ? new MaxPool2d(kernel) { Dilation = dilation, Stride = stride, Padding = padding, CeilMode = ceil }
            : new AveragePool2d(kernel) { Dilation = dilation, Stride = stride, Padding = padding, CeilMode = ceil, CountIncludePad = counted };
        return (layer, [x], inputs =>
        {
            var output = new Shape(
                1, x.Channels,
                Assert.NotNull(WideWindowOracle.Count(x.Height, kernel.Height, stride.Height, dilation.Height, padding.Top, padding.Bottom, ceil)),
                Assert.NotNull(WideWindowOracle.Count(x.Width, kernel.Width, stride.Width, dilation.Width, padding.Left, padding.Right, ceil)));
            return WideWindowOracle.Pool(layer, inputs[0], output, (taps, padded) => layer is MaxPool2d
                ? taps.DefaultIfEmpty(double.NegativeInfinity).Max()
                : taps.Count == 0 ? 0 : taps.Sum() / (counted ? padded : taps.Count));
        });
    });

    [Fact]
    public void Convolutions() => Check(1, numbers =>
    {
        var (_, dilation, stride, padding) = Windows(numbers);
        var kernel = new Size2d(numbers.Small, numbers.Small);
        int channels = numbers.Pick(1, 3);
        var x = new Shape(1, channels, numbers.Pick(1, 7, 40), numbers.Pick(1, 3, 30));
        ConvolutionLayer layer = numbers.Flip
            ? new Conv2d(channels, 2, kernel) { Dilation = dilation, Stride = stride, Padding = padding, HasBias = false, PaddingMode = (PaddingMode)numbers.Pick(0, 1, 2) }
            : new DepthwiseConv2d(channels, kernel) { Dilation = dilation, Stride = stride, Padding = padding, HasBias = false };
        return (layer, [x], inputs =>
        {
            int height = Assert.NotNull(WideWindowOracle.Count(x.Height, kernel.Height, stride.Height, dilation.Height, padding.Top, padding.Bottom, false));
            int width = Assert.NotNull(WideWindowOracle.Count(x.Width, kernel.Width, stride.Width, dilation.Width, padding.Left, padding.Right, false));
            return DoubleTensor.Fill(new Shape(1, layer.OutChannels, height, width), (n, oc, h, w) =>
            {
                double sum = 0;
                for (int kh = 0; kh < kernel.Height; kh++)
                for (int kw = 0; kw < kernel.Width; kw++)
                for (int ic = 0; ic < layer.ChannelsPerGroup; ic++)
                {
                    long row = Outside(((long)h * stride.Height) - padding.Top + ((long)kh * dilation.Height), x.Height, layer.PaddingMode);
                    long column = Outside(((long)w * stride.Width) - padding.Left + ((long)kw * dilation.Width), x.Width, layer.PaddingMode);
                    if (row >= 0 && column >= 0)
                        sum += inputs[0][0, layer.GroupCount == 1 ? ic : oc, (int)row, (int)column] * inputs[1][oc, ic, kh, kw];
                }

                return sum;
            });
        });
    });

    [Fact]
    public void Transposed_convolutions() => Check(2, numbers =>
    {
        var kernel = new Size2d(numbers.Small, numbers.Small);
        var (stride, dilation) = (new Size2d(numbers.Positive, numbers.Small), new Size2d(numbers.Positive, numbers.Small));
        var x = new Shape(1, 2, numbers.Pick(1, 2, 5), numbers.Pick(1, 6));
        long full = ((x.Height - 1L) * stride.Height) + (dilation.Height * (kernel.Height - 1L)) + 1;
        // Most of a large result is cut off again, so that what is left can be looked at.
        int top = numbers.Flip ? numbers.JustBelow(full / 2) : numbers.Small, bottom = numbers.JustBelow(full - top - numbers.Small);
        var layer = new ConvTranspose2d(2, 3, kernel) { Stride = stride, Dilation = dilation, Padding = new Padding2d(top, 0, bottom, 0), HasBias = false };
        return (layer, [x], inputs =>
        {
            var y = new DoubleTensor(Shape.Of(1, 3, full - top - bottom, ((x.Width - 1L) * stride.Width) + (dilation.Width * (kernel.Width - 1L)) + 1));
            for (int i = 0; i < inputs[0].Values.Length; i++)
            for (int tap = 0; tap < 3 * kernel.Height * kernel.Width; tap++)
            {
                int kw = tap % kernel.Width, kh = tap / kernel.Width % kernel.Height, oc = tap / kernel.Width / kernel.Height;
                int w = i % x.Width, h = i / x.Width % x.Height, ic = i / x.Width / x.Height;
                long row = ((long)h * stride.Height) - top + ((long)kh * dilation.Height), column = ((long)w * stride.Width) + ((long)kw * dilation.Width);
                if (row >= 0 && row < y.Shape.Height)
                    y[0, oc, (int)row, (int)column] += inputs[0][i] * inputs[1][ic, oc, kh, kw];
            }

            return y;
        });
    });

    [Fact]
    public void Locally_connected_layers() => Check(3, numbers =>
    {
        var (_, dilation, stride, padding) = Windows(numbers);
        var kernel = new Size2d(numbers.Small, numbers.Small);
        var x = new Shape(1, 1, numbers.Pick(1, 7, 40), numbers.Pick(1, 3));
        var layer = new LocallyConnected2d(1, 1, kernel, new Size2d(x.Height, x.Width)) { Dilation = dilation, Stride = stride, Padding = padding, HasBias = false };
        return (layer, [x], inputs =>
        {
            int height = Assert.NotNull(WideWindowOracle.Count(x.Height, kernel.Height, stride.Height, dilation.Height, padding.Top, padding.Bottom, false));
            int width = Assert.NotNull(WideWindowOracle.Count(x.Width, kernel.Width, stride.Width, dilation.Width, padding.Left, padding.Right, false));
            return DoubleTensor.Fill(new Shape(1, 1, height, width), (_, _, h, w) =>
            {
                double sum = 0;
                for (int kh = 0; kh < kernel.Height; kh++)
                for (int kw = 0; kw < kernel.Width; kw++)
                {
                    long row = ((long)h * stride.Height) - padding.Top + ((long)kh * dilation.Height), column = ((long)w * stride.Width) - padding.Left + ((long)kw * dilation.Width);
                    if (row >= 0 && row < x.Height && column >= 0 && column < x.Width)
                        sum += inputs[0][0, 0, (int)row, (int)column] * inputs[1][((((h * width) + w) * kernel.Height) + kh) * kernel.Width + kw];
                }

                return sum;
            });
        });
    });

    [Fact]
    public void Pads() => Check(4, numbers =>
    {
        var x = new Shape(numbers.Pick(1, 5), numbers.Pick(2, 9));
        int[] before = [numbers.Any, numbers.Any], after = [numbers.Any, numbers.Flip ? -before[1] / 2 : numbers.Any];
        if (numbers.Flip)
            (before, after) = ([numbers.Small, -numbers.Small], [-numbers.Small, numbers.Small]);
        var layer = new Pad(before, after) { Mode = (PadMode)numbers.Pick(0, 1, 2, 3), Value = 0.25f };
        return (layer, [x], inputs =>
        {
            long[] extents = [.. before.Select((front, axis) => (long)x[axis] + front + after[axis])];
            return Coordinates.Fill(Shape.Of(extents), at =>
            {
                int[] from = [.. at.Select((i, axis) => Source(i - Math.Max((long)before[axis], 0), x[axis] + Math.Min(before[axis], 0) + Math.Min(after[axis], 0), layer.Mode, -Math.Min(before[axis], 0)))];
                return from.Contains(-1) ? 0.25 : Coordinates.At(inputs[0], from);
            });
        });
    });

    [Fact]
    public void Slices() => Check(5, numbers =>
    {
        var x = new Shape(numbers.Pick(1, 5, 300), 3);
        var range = new AxisRange(0, numbers.Any, numbers.Any, numbers.Any);
        return (new Slice(range), [x], inputs =>
        {
            long first = range.Start < 0 ? range.Start + (long)x[0] : range.Start, end = range.End < 0 ? range.End + (long)x[0] : range.End;
            var rows = new List<int>();
            for (int row = 0; row < x[0]; row++)
            {
                // Walked element by element, from the end that the step starts at.
                int at = range.Step > 0 ? row : x[0] - 1 - row;
                long start = range.Step > 0 ? Math.Max(first, 0) : Math.Min(first, x[0] - 1);
                bool behindStart = range.Step > 0 ? at >= start : at <= start, beforeEnd = range.Step > 0 ? at < end : range.End == int.MinValue || at > end;
                if (behindStart && beforeEnd && (at - start) % range.Step == 0)
                    rows.Add(at);
            }

            return Coordinates.Fill(new Shape(rows.Count, 3), at => Coordinates.At(inputs[0], [rows[at[0]], at[1]]));
        });
    });

    [Fact]
    public void Repeats() => Check(6, numbers =>
    {
        var x = new Shape(numbers.Pick(1, 4), numbers.Pick(1, 3));
        // Four times 2^30 and a few is a few, in 32 bits.
        int[] repeats = [numbers.Flip ? (1 << 30) + numbers.Small : numbers.Positive, numbers.Flip ? numbers.Small : numbers.Positive];
        return (new Tile(repeats), [x], inputs => Coordinates.Fill(
            Shape.Of((long)x[0] * repeats[0], (long)x[1] * repeats[1]), at => Coordinates.At(inputs[0], [at[0] % x[0], at[1] % x[1]])));
    });

    [Fact]
    public void Squares_of_pixels() => Check(7, numbers =>
    {
        int block = numbers.Positive;
        var x = new Shape(1, numbers.Pick(1, 4, 16), numbers.Pick(0, 2, 4), numbers.Pick(0, 2, 4));
        return numbers.Flip
            ? (new DepthToSpace(block), [x], inputs => Coordinates.Fill(
                Shape.Of(1, x.Channels / ((long)block * block), (long)x.Height * block, (long)x.Width * block),
                at => Coordinates.At(inputs[0], [0, ((((at[2] % block) * block) + (at[3] % block)) * (x.Channels / (block * block))) + at[1], at[2] / block, at[3] / block])))
            : (new SpaceToDepth(block), [x], inputs => Coordinates.Fill(
                Shape.Of(1, x.Channels * (long)block * block, x.Height / block, x.Width / block),
                at => Coordinates.At(inputs[0], [0, at[1] % x.Channels, (at[2] * block) + (at[1] / x.Channels / block), (at[3] * block) + (at[1] / x.Channels % block)])));
    });

    /// <summary>Two axes of window numbers that are likely to pass one check and to fail another.</summary>
    private static (Size2d Kernel, Size2d Dilation, Size2d Stride, Padding2d Padding) Windows(HostileNumbers numbers)
    {
        Size2d kernel = new(numbers.Positive, numbers.Small), dilation = new(numbers.Positive, numbers.Small);
        Size2d stride = new(numbers.Flip ? dilation.Height : numbers.Positive, numbers.Small);
        long reach = dilation.Height * (kernel.Height - 1L);
        int top = numbers.Flip ? numbers.JustBelow(reach) : 0, bottom = numbers.Flip ? numbers.JustBelow(reach) : numbers.Pick(0, 1);
        return (kernel, dilation, stride, new Padding2d(top, 0, bottom, 0));
    }

    private static long Outside(long index, int length, PaddingMode mode)
    {
        if (index >= 0 && index < length)
            return index;
        long period = Math.Max(2 * (length - 1L), 1), folded = Math.Abs(index) % period;
        return mode switch { PaddingMode.Replicate => Math.Clamp(index, 0, length - 1), PaddingMode.Reflect => folded < length ? folded : period - folded, _ => -1 };
    }

    private static int Source(long index, int kept, PadMode mode, int cut)
    {
        if (index >= 0 && index < kept)
            return (int)index + cut;
        if (mode == PadMode.Constant)
            return -1;
        if (mode == PadMode.Wrap)
            return (int)(((index % kept) + kept) % kept) + cut;
        return (int)Outside(index, kept, mode == PadMode.Edge ? PaddingMode.Replicate : PaddingMode.Reflect) + cut;
    }

    private static void Check(int seed, Func<HostileNumbers, (Layer Layer, Shape[] Inputs, Func<DoubleTensor[], DoubleTensor> Expected)> draw)
    {
        var numbers = new HostileNumbers(seed);
        int refused = 0, computed = 0;
        for (int i = 0; i < Draws; i++)
        {
            var (layer, shapes, expected) = draw(numbers);
            Shape output;
            try
            {
                output = layer.InferShape(shapes);
            }
            catch (ShapeException)
            {
                refused++;
                continue;
            }

            if (output.Count > MostElements)
                continue;
            Compare(layer, shapes, expected);
            computed++;
        }

        Assert.True(refused > 20 && computed > 20, $"{refused} draws were refused and {computed} computed: too few of either show anything.");
    }

    private static void Compare(Layer layer, Shape[] shapes, Func<DoubleTensor[], DoubleTensor> expected)
    {
        var layerCase = new LayerCase("hostile", layer, (inputs, parameters) => expected([.. inputs, .. parameters]), 2e-6, shapes);
        using var run = new LayerRun(layerCase);
        using var network = new CpuNetwork(run.Graph, new NetworkOptions { Threads = 1, Optimize = false });
        Closeness.Assert(run.Expected, network.Run(run.Inputs)[0], layerCase.Tolerance, $"{layer} on {string.Join(", ", shapes)}");
    }
}
