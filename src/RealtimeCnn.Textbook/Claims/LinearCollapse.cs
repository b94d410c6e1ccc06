using RealtimeCnn.Layers;
using RealtimeCnn.Textbook.Drawing;

namespace RealtimeCnn.Textbook.Claims;

/// <summary>Claim 10: without a nonlinearity, depth is an illusion.</summary>
internal sealed class LinearCollapse() : Claim(
    "linear-collapse",
    "Linear layers stacked are one linear layer",
    "Three convolutions in a row are one convolution with a larger kernel, and can do nothing that it can't. With ReLU between them, no single convolution does what they do.",
    "w₃ ⋆ (w₂ ⋆ (w₁ ⋆ x)) = (w₃ ∗ w₂ ∗ w₁) ⋆ x        relu: f(x + y) ≠ f(x) + f(y)")
{
    private const int Hidden = 4;

    internal override void Run(Experiment e)
    {
        var gray = e.Gray();
        Tensor[] weights = [e.Noise(new Shape(Hidden, 1, 3, 3)), e.Noise(new Shape(Hidden, Hidden, 3, 3)), e.Noise(new Shape(1, Hidden, 3, 3))];
        var kernel = Collapse(e, weights);
        Tensor stacked = Stack(e, gray, weights, default), single = e.Run(new Conv2d(1, 1, 7) { HasBias = false }, gray, kernel);
        e.AtMost("three 3×3 layers against one 7×7, relative difference", Numbers.RelativeError(stacked, single), 1e-5);
        e.Equal("weights of the three", weights.Sum(weight => weight.Shape.Count), 216);
        e.Equal("weights of the one", kernel.Shape.Count, 49);

        Tensor left = e.Noise(new Shape(1, 1, 50, 62)), right = e.Noise(left.Shape);
        var (linear, _) = Superposition(e, left, right, weights, default);
        var (rectified, violation) = Superposition(e, left, right, weights, Activation.Relu);
        e.AtMost("f(x + y) against f(x) + f(y) without ReLU", linear, 1e-5);
        e.AtLeast("with ReLU", rectified, 0.1);
        var bent = Stack(e, gray, weights, Activation.Relu);
        e.Page.Add(
            Raster.Picture("the picture", gray),
            Raster.Signed("three 3×3 layers", stacked),
            Raster.Signed("one 7×7 layer", single),
            Raster.Signed("their difference, same colours", Difference(e, stacked, single), range: Numbers.Deviation(stacked.Span)));
        e.Page.Add(
            Raster.Signed("the one kernel", kernel) with { Zoom = 17 },
            Raster.Signed("three layers with ReLU", bent),
            Raster.Signed("f(x + y) − f(x) − f(y) with ReLU, x and y noise", violation) with { Zoom = 2 });
    }

    private static Tensor Stack(Experiment e, Tensor x, Tensor[] weights, Activation between) => e.Run(e.Chain(x.Shape, [.. weights.Select((weight, i) =>
    {
        var layer = new Conv2d(weight.Shape[1], weight.Shape[0], 3) { HasBias = false, Activation = i < weights.Length - 1 ? between : default };
        return ((Layer)layer, (Tensor[]?)[weight]);
    })]), x);

    private static (double Error, Tensor Violation) Superposition(Experiment e, Tensor x, Tensor y, Tensor[] weights, Activation between)
    {
        Tensor fx = Stack(e, x, weights, between), fy = Stack(e, y, weights, between);
        var whole = Stack(e, e.Picture(1, x.Shape.Height, x.Shape.Width, (_, row, column) => x[0, 0, row, column] + y[0, 0, row, column]), weights, between);
        var parts = e.Picture(1, fx.Shape.Height, fx.Shape.Width, (_, row, column) => fx[0, 0, row, column] + fy[0, 0, row, column]);
        return (Numbers.RelativeError(whole, parts), Difference(e, whole, parts));
    }

    // Filters compose as polynomials multiply: position a of one and b of the next act at a + b.
    private static Tensor Collapse(Experiment e, Tensor[] weights)
    {
        var kernel = weights[0];
        foreach (var next in weights.Skip(1))
        {
            var (before, size) = (kernel, kernel.Shape.Height + 2);
            kernel = e.Own(new Tensor(new Shape(next.Shape[0], 1, size, size)));
            for (int output = 0; output < next.Shape[0]; output++)
            {
                for (int i = 0; i < before.Shape.Count * 9; i++)
                {
                    int middle = i / 9 / before.Shape.Area, at = i / 9 % before.Shape.Area, row = at / before.Shape.Width, column = at % before.Shape.Width;
                    kernel[output, 0, row + (i % 9 / 3), column + (i % 3)] += before[middle, 0, row, column] * next[output, middle, i % 9 / 3, i % 3];
                }
            }
        }

        return kernel;
    }

    private static Tensor Difference(Experiment e, Tensor a, Tensor b) =>
        e.Picture(1, a.Shape.Height, a.Shape.Width, (_, row, column) => a[0, 0, row, column] - b[0, 0, row, column]);
}
