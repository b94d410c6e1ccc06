using RealtimeCnn.Layers;
using RealtimeCnn.Textbook.Drawing;

namespace RealtimeCnn.Textbook.Claims;

/// <summary>Claim 4: a convolution is a dense layer with most weights zero and the rest shared.</summary>
/// <remarks>Source: Goodfellow, Bengio and Courville 2016, "Deep Learning", section 9.2.</remarks>
internal sealed class TiedWeights() : Claim(
    "tied-weights",
    "Dense, sparse, shared: one function, three prices",
    "Take a dense layer, cut all wires but those to a window, and let every window use the same weights: each step gives up freedom and saves storage; for a convolution's weights all three compute the same.",
    "m inputs, n outputs, k of a window:   dense m·n   →   sparse k·n   →   shared k")
{
    private const int Side = 10;
    private const int Kernel = 3;
    private const int Out = Side - Kernel + 1;
    private const int Inputs = Side * Side;
    private const int Outputs = Out * Out;
    private const int Taps = Kernel * Kernel;

    internal override void Run(Experiment e)
    {
        Tensor x = e.Noise(new Shape(1, 1, Side, Side)), shared = e.Noise(new Shape(1, 1, Kernel, Kernel));
        var own = e.Noise(new Shape(Out, Out, 1, 1, Kernel, Kernel));
        var tied = e.Tensor(own.Shape, [.. Enumerable.Range(0, own.Shape.Count).Select(i => shared.Span[i % Taps])]);
        var convolved = e.Run(new Conv2d(1, 1, Kernel) { HasBias = false }, x, shared);
        e.AtMost("sparse layer with tied weights against the convolution", Numbers.RelativeError(Sparse(e, x, tied), convolved), 1e-5);
        e.AtMost("dense layer with the sparse layer's matrix, tied", Numbers.RelativeError(Dense(e, x, Matrix(e, tied)), convolved.Span), 1e-5);
        e.AtMost("dense layer with the sparse layer's matrix, weights of its own", Numbers.RelativeError(Dense(e, x, Matrix(e, own)), Sparse(e, x, own).Span), 1e-5);

        e.Equal("dense: weights, multiply-adds (m·n)", Price(new Linear(Inputs, Outputs) { HasBias = false }, new Shape(1, Inputs)), $"{Inputs * Outputs}, {Inputs * Outputs}");
        e.Equal("sparse: weights, multiply-adds (k·n)", Price(new LocallyConnected2d(1, 1, Kernel, Side) { HasBias = false }, x.Shape), $"{Taps * Outputs}, {Taps * Outputs}");
        e.Equal("elements of its matrix that are not 0", Matrix(e, own).Span.ToArray().Count(weight => weight != 0), Taps * Outputs);
        e.Equal("shared: weights (k), multiply-adds (k·n)", Price(new Conv2d(1, 1, Kernel) { HasBias = false }, x.Shape), $"{Taps}, {Taps * Outputs}");
        e.Equal("different weights in the tied matrix", Matrix(e, tied).Span.ToArray().Where(weight => weight != 0).Distinct().Count(), Taps);
        Draw(e, tied, own);
    }

    private static Tensor Sparse(Experiment e, Tensor x, Tensor weights) =>
        e.Run(new LocallyConnected2d(1, 1, Kernel, Side) { HasBias = false }, x, weights);

    private static Span<float> Dense(Experiment e, Tensor x, Tensor matrix) =>
        e.Run(new Linear(Inputs, Outputs) { HasBias = false }, e.Own(x.Reshaped(new Shape(1, Inputs))), matrix).Span;

    // Row by row what each output sees of the inputs: diagonal blocks, each with diagonals of its own.
    private static Tensor Matrix(Experiment e, Tensor weights)
    {
        var matrix = e.Own(new Tensor(new Shape(Outputs, Inputs)));
        for (int output = 0; output < Outputs; output++)
        {
            for (int tap = 0; tap < Taps; tap++)
            {
                int row = (output / Out) + (tap / Kernel), column = (output % Out) + (tap % Kernel);
                matrix.Span[(output * Inputs) + (row * Side) + column] = weights.Span[(output * Taps) + tap];
            }
        }

        return matrix;
    }

    private static string Price(Layer layer, Shape input) =>
        $"{layer.Parameters[0].Shape.Count}, {layer.MultiplyAccumulates([input], layer.InferShape([input]))}";

    private static void Draw(Experiment e, Tensor tied, Tensor own)
    {
        var dense = e.Own(e.Noise(new Shape(Outputs, Inputs)).Reshaped(new Shape(1, 1, Outputs, Inputs)));
        Tensor sparse = e.Own(Matrix(e, own).Reshaped(dense.Shape)), shared = e.Own(Matrix(e, tied).Reshaped(dense.Shape));
        e.Page.Add(
            Raster.Signed("dense: every output sees every input", dense) with { Zoom = 2 },
            Raster.Signed("sparse: only its window", sparse) with { Zoom = 2 },
            Raster.Signed("shared: nine weights, again and again", shared) with { Zoom = 2 });
        e.Page.Add(
            new BarChart("weights stored (bars logarithmic)", 420, Bars(Inputs * Outputs, Taps * Outputs, Taps)) { Logarithmic = true },
            new BarChart("multiply-adds (bars logarithmic)", 420, Bars(Inputs * Outputs, Taps * Outputs, Taps * Outputs)) { Logarithmic = true });
    }

    private static Bar[] Bars(int dense, int sparse, int shared) =>
    [
        new("dense", dense, Experiment.Group(dense), Palette.Orange),
        new("sparse", sparse, Experiment.Group(sparse), Palette.Violet),
        new("shared", shared, Experiment.Group(shared), Palette.Blue),
    ];
}
