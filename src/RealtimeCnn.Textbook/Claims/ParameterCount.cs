using RealtimeCnn.Drawing;
using RealtimeCnn.Layers;
using RealtimeCnn.Textbook.Drawing;

namespace RealtimeCnn.Textbook.Claims;

/// <summary>Claim 3: the parameters of a convolution do not depend on the picture.</summary>
internal sealed class ParameterCount() : Claim(
    "parameters",
    "The picture's size costs a convolution no weights",
    "A dense unit has a weight for every pixel. A convolution has those of its filters, and uses them again at every place, however large the picture.",
    "dense: H·W·C        convolution: filters · (k·k·C) + filters biases")
{
    private const int Side = 100;
    private const int Kernel = 5;

    internal override void Run(Experiment e)
    {
        var one = e.Chain(new Shape(1, 3, 32, 32), (new Conv2d(3, 1, Kernel) { HasBias = false }, null));
        e.Equal("weights of one 5×5×3 filter", one.ParameterCount, 75);
        var ten = new Conv2d(3, 10, 3);
        e.Equal("weights of ten 3×3×3 filters", ten.Parameters[0].Shape.Count, 270);
        e.Equal("with their biases", e.Chain(new Shape(1, 3, 32, 32), (ten, null)).ParameterCount, 280);
        var network = e.Bind(e.Chain(new Shape(1, 3, 32, 32), (ten, null)));
        foreach (var (height, width) in ((int, int)[])[(32, 32), (75, 100), (224, 224)])
        {
            var output = e.Run(network, e.Noise(new Shape(1, 3, height, width)));
            e.Equal($"the same ten on {height}×{width}: output", output.Shape.ToString(), $"[1, 10, {height - 2}, {width - 2}]");
        }

        Connections(e);
        int[] sides = [10, 20, 50, 100, 200, 500, 1000];
        e.Page.Add(
            Wires("a dense unit sees every pixel", dense: true),
            Wires("a convolution's unit sees 3×3; its neighbours use the same 9 weights", dense: false));
        e.Page.Add(new LinePlot("weights of one output against the side of a gray picture", 640, 230, "side of the picture (pixels)", "weights", [
            new Curve("dense unit", [.. sides.Select(side => ((double)side, (double)side * side))], Palette.Orange),
            new Curve("5×5 filter", [.. sides.Select(side => ((double)side, 25.0))], Palette.Blue)]) { LogX = true, LogY = true });
    }

    // A linear unit is connected to a pixel when a picture of that pixel alone moves it.
    private static void Connections(Experiment e)
    {
        var dense = new Linear(Side * Side, 1) { HasBias = false };
        e.Equal("connections of a dense unit to a 100×100 picture", dense.Parameters[0].Shape.Count, 10_000);
        var probes = e.Own(new Tensor(new Shape(Side, Side * Side)));
        for (int probe = 0; probe < Side; probe++)
            probes.Span[(probe * Side * Side) + e.Random.Next(Side * Side)] = 1;
        var moved = e.Run(dense, probes, Weights(e, dense));
        e.Equal("random pixels that move it, of 100", moved.Span.ToArray().Count(value => value != 0), 100);

        const int Around = 9;
        var filter = new Conv2d(1, 1, Kernel) { HasBias = false };
        var pixels = e.Own(new Tensor(new Shape(Around * Around, 1, Side, Side)));
        int top = e.Random.Next(2, Side - Around - 2), left = e.Random.Next(2, Side - Around - 2);
        for (int i = 0; i < Around * Around; i++)
            pixels[i, 0, top + (i / Around), left + (i % Around)] = 1;
        var weights = Weights(e, filter);
        var outputs = e.Run(filter, pixels, weights);
        int connected = Enumerable.Range(0, Around * Around).Count(i => outputs[i, 0, top + 2, left + 2] != 0);
        e.Equal("pixels around it that move a 5×5 convolution's unit, of 81", connected, 25);
        float[] answers = [.. Enumerable.Range(0, weights.Shape.Count).Select(i => outputs[(((i / Kernel) + 2) * Around) + (i % Kernel) + 2, 0, top + 2, left + 2])];
        e.AtMost("what they move it by against the 25 weights, relative difference", Numbers.RelativeError(answers, weights.Span), 1e-6);
    }

    // Never zero, so that each connection shows.
    private static Tensor Weights(Experiment e, Layer layer) => e.Picture(layer.Parameters[0].Shape, () => 0.5f + e.Random.NextSingle());

    private static Sketch Wires(string caption, bool dense)
    {
        const int Pixels = 9, Cell = 18;
        return new Sketch(caption, (Pixels * Cell) + 140, Pixels * Cell, (canvas, x, y) =>
        {
            float unitX = x + (Pixels * Cell) + 110, unitY = y + (Pixels * Cell / 2f);
            for (int i = 0; i < Pixels * Pixels; i++)
            {
                int row = i / Pixels, column = i % Pixels;
                bool seen = dense || (Math.Abs(row - 4) <= 1 && Math.Abs(column - 4) <= 1);
                canvas.Fill(new Area(x + (column * Cell) + 1, y + (row * Cell) + 1, Cell - 2, Cell - 2), seen ? Palette.Mix(Palette.Paper, Palette.Blue, 0.3) : Palette.Wash);
            }

            for (int i = 0; i < Pixels * Pixels; i++)
            {
                int row = i / Pixels, column = i % Pixels;
                var color = dense ? Palette.Mix(Palette.Paper, Palette.Orange, 0.75) : Palette.Series[((row * 3) + column) % Palette.Series.Length];
                if (dense || (Math.Abs(row - 4) <= 1 && Math.Abs(column - 4) <= 1))
                    canvas.Line(x + (column * Cell) + (Cell / 2f), y + (row * Cell) + (Cell / 2f), unitX, unitY, color, dense ? 0.6f : 1.4f);
            }

            canvas.Disk(unitX, unitY, 13, dense ? Palette.Orange : Palette.Blue);
        });
    }
}
