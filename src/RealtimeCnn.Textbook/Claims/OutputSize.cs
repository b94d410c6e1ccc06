using RealtimeCnn.Drawing;
using RealtimeCnn.Layers;
using RealtimeCnn.Textbook.Drawing;

namespace RealtimeCnn.Textbook.Claims;

/// <summary>Claim 2: how large the output of a convolution is.</summary>
internal sealed class OutputSize() : Claim(
    "output-size",
    "How large the output is",
    "A window without padding loses k − 1 rows and columns; padding of ⌊k/2⌋ keeps the size; a stride divides it, and rows that no whole window reaches are left out.",
    "out = ⌊(in + padding − k) / stride⌋ + 1")
{
    internal override void Run(Experiment e)
    {
        Check(e, new Shape(1, 1, 7, 7), "1×5×5", new Conv2d(1, 1, 3));
        Check(e, new Shape(1, 1, 32, 32), "1×28×28 → 1×24×24", new Conv2d(1, 1, 5), new Conv2d(1, 1, 5));
        Check(e, new Shape(1, 3, 512, 512), "4×508×508", new Conv2d(3, 4, 5));
        Check(e, new Shape(1, 3, 32, 32), "10×32×32", new Conv2d(3, 10, 5) { Padding = 2 });
        Check(e, new Shape(1, 1, 7, 7), "1×2×2", new Conv2d(1, 1, 3) { Stride = 3 });
        foreach (int kernel in (int[])[1, 3, 5, 7])
            Check(e, new Shape(1, 1, 19, 23), "1×19×23", new Conv2d(1, 1, kernel) { Padding = kernel / 2 });
        e.Equal("random windows that the formula counts wrongly, of 500", MiscountedWindows(e), 0);
        e.AtMost("random strides and paddings, values against the sum", WorstError(e), 1e-5);
        LeaveOut(e);
        e.Page.Add(
            Grid("3×3 on 7×7: 5×5", 0, 1),
            Grid("padding ⌊3/2⌋ = 1: 7×7", 1, 1),
            Grid("stride 3: 2×2; a row and a column are never read", 0, 3));
    }

    private static void Check(Experiment e, Shape input, string expected, params Conv2d[] layers)
    {
        var outputs = new List<string>();
        var x = e.Noise(input);
        foreach (var layer in layers)
        {
            x = e.Run(layer, x, [.. layer.Parameters.Select(spec => e.Noise(spec.Shape))]);
            outputs.Add(Text(x.Shape));
        }

        e.Equal($"{Text(input)} through {string.Join(", then ", layers.Select(Text))}", string.Join(" → ", outputs), expected);
    }

    // Walks each window from the front padding until it no longer fits.
    private static int MiscountedWindows(Experiment e)
    {
        int wrong = 0;
        for (int trial = 0; trial < 500; trial++)
        {
            int kernel = e.Random.Next(1, 8), stride = e.Random.Next(1, 6), dilation = e.Random.Next(1, 4), padding = e.Random.Next(0, 5);
            int reach = ((kernel - 1) * dilation) + 1, length = reach + e.Random.Next(0, 40), walked = 0;
            for (int start = -padding; start + reach <= length + padding; start += stride)
                walked++;
            wrong += Window.Count(length, kernel, stride, padding, padding, dilation) == walked ? 0 : 1;
        }

        return wrong;
    }

    private static double WorstError(Experiment e)
    {
        double worst = 0;
        for (int trial = 0; trial < 6; trial++)
        {
            int kernel = e.Random.Next(1, 6), stride = e.Random.Next(1, 5), padding = e.Random.Next(0, kernel);
            var x = e.Noise(new Shape(1, 2, e.Random.Next(8, 20), e.Random.Next(8, 20)));
            var w = e.Noise(new Shape(1, 2, kernel, kernel));
            var y = e.Run(new Conv2d(2, 1, kernel) { Stride = stride, Padding = padding, HasBias = false }, x, w);

            var padded = e.Picture(2, x.Shape.Height + (2 * padding), x.Shape.Width + (2 * padding), (c, row, column) =>
                row < padding || column < padding || row >= x.Shape.Height + padding || column >= x.Shape.Width + padding ? 0 : x[0, c, row - padding, column - padding]);
            var sums = e.Own(Numbers.CrossCorrelate(padded, w));
            var expected = e.Picture(1, ((sums.Shape.Height - 1) / stride) + 1, ((sums.Shape.Width - 1) / stride) + 1, (_, row, column) => sums[0, 0, row * stride, column * stride]);
            worst = Math.Max(worst, Numbers.RelativeError(y, expected));
        }

        return worst;
    }

    // What no window reaches cannot matter, and what one reaches does.
    private static void LeaveOut(Experiment e)
    {
        var layer = new Conv2d(1, 1, 3) { Stride = 3, HasBias = false };
        Tensor x = e.Noise(new Shape(1, 1, 7, 7)), w = e.Noise(new Shape(1, 1, 3, 3)), y = e.Run(layer, x, w);
        Tensor outside = Changed(6), inside = Changed(5);
        e.Equal("outputs that change with the seventh column, stride 3", Numbers.DifferentElements(e.Run(layer, outside, w), y), 0);
        e.Equal("outputs that change with the sixth", Numbers.DifferentElements(e.Run(layer, inside, w), y), 2);

        Tensor Changed(int changed) => e.Picture(1, 7, 7, (_, row, column) => x[0, 0, row, column] + (column == changed ? 1 : 0));
    }

    private static Sketch Grid(string caption, int padding, int stride)
    {
        const int Cell = 17, Length = 7, Kernel = 3;
        int count = Window.Count(Length, Kernel, stride, padding, padding), padded = Length + (2 * padding), read = ((count - 1) * stride) + Kernel;
        return new Sketch(caption, ((padded + count) * Cell) + 40, 9 * Cell, (canvas, x, y) =>
        {
            int top = y + ((9 - padded) * Cell / 2), outLeft = x + (padded * Cell) + 40, outTop = y + ((9 - count) * Cell / 2);
            for (int i = 0; i < padded * padded; i++)
            {
                int row = i / padded, column = i % padded;
                bool isPicture = row >= padding && column >= padding && row < padded - padding && column < padded - padding;
                var color = row >= read || column >= read ? Palette.Mix(Palette.Paper, Palette.Red, 0.25) : isPicture ? Palette.Mix(Palette.Paper, Palette.Blue, 0.22) : Palette.Wash;
                canvas.Fill(new Area(x + (column * Cell) + 1, top + (row * Cell) + 1, Cell - 1, Cell - 1), color);
            }

            for (int i = 0; i < count * count; i++)
            {
                var color = i == 0 ? Palette.Orange : i == 1 ? Palette.Green : Palette.Mix(Palette.Paper, Palette.Blue, 0.45);
                canvas.Fill(new Area(outLeft + (i % count * Cell) + 1, outTop + (i / count * Cell) + 1, Cell - 1, Cell - 1), color);
            }

            canvas.Outline(new Area(x + (stride * Cell), top, (Kernel * Cell) + 1, (Kernel * Cell) + 1), Palette.Green, 2);
            canvas.Outline(new Area(x, top, (Kernel * Cell) + 1, (Kernel * Cell) + 1), Palette.Orange, 2);
            canvas.Arrow(x + (padded * Cell) + 9, y + (4.5f * Cell), outLeft - 9, y + (4.5f * Cell), Palette.Muted);
        });
    }

    private static string Text(Shape shape) => $"{shape.Channels}×{shape.Height}×{shape.Width}";

    private static string Text(Conv2d layer) =>
        (layer.OutChannels == 1 ? "" : $"{layer.OutChannels} of ") + $"{layer.Kernel}×{layer.InChannels}"
        + (layer.Padding.IsNone ? "" : $", padding {layer.Padding}") + (layer.Stride.Height == 1 ? "" : $", stride {layer.Stride.Height}");
}
