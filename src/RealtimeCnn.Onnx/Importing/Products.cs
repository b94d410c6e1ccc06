using RealtimeCnn.Layers;

namespace RealtimeCnn.Onnx.Importing;

/// <summary>Matrix products.</summary>
internal static class Products
{
    /// <summary>Gemm: <c>alpha · A' · B' + beta · C</c>; a <see cref="Linear"/> where B is a constant.</summary>
    public static void Gemm(OnnxNode node)
    {
        Value a = node.Input(0), b = node.Input(1);
        if (a.Shape.Rank != 2 || b.Shape.Rank != 2)
            throw OnnxNode.Problem("A and B", $"{a.Shape} and {b.Shape} must be matrices.");
        float alpha = node.Float("alpha", 1), beta = node.Float("beta", 1);
        bool transposeA = node.Flag("transA"), transposeB = node.Flag("transB");
        var left = transposeA ? node.Add(new Transpose(1, 0), a) : a;
        _ = (node.Flag("broadcast"), node.Int("axis", 0));
        if (b.MayBeKnown)
        {
            var weight = node.Constant(1, "B");
            var bias = BiasOf(node, beta, transposeB ? weight.Shape[0] : weight.Shape[1]);
            var product = Linear(node, left, weight, transposeB, alpha, bias);
            node.Return(bias == null && node.HasInput(2) ? node.Add(new Add(), [product, Scaled(node, node.Input(2), beta)]) : product);
            return;
        }

        var result = Scaled(node, node.Add(new MatMul(), [left, transposeB ? node.Add(new Transpose(1, 0), b) : b]), alpha);
        node.Return(node.HasInput(2) ? node.Add(new Add(), [result, Scaled(node, node.Input(2), beta)]) : result);
    }

    /// <summary>MatMul: a <see cref="Layers.Linear"/> over the last axis where B is a constant matrix.</summary>
    public static void MatMul(OnnxNode node)
    {
        Value a = node.Input(0), b = node.Input(1);
        if (!b.MayBeKnown || b.Shape.Rank != 2 || a.Shape.Rank < 2)
        {
            node.Return(node.Add(new MatMul(), [a, b]));
            return;
        }

        var weight = node.Constant(1, "B");
        if (a.Shape.Rank == 2)
        {
            node.Return(Linear(node, a, weight, false, 1, null));
            return;
        }

        int depth = a.Shape[a.Shape.Rank - 1];
        var rows = node.Add(new Reshape(-1, depth), a);
        int[] extents = [.. a.Shape.ToArray()[..^1], weight.Shape[1]];
        node.Return(node.Add(new Reshape(extents), Linear(node, rows, weight, false, 1, null)));
    }

    private static Value Linear(OnnxNode node, Value x, OnnxTensor weight, bool isTransposed, float alpha, float[]? bias)
    {
        int rows = weight.Shape[0], columns = weight.Shape[1];
        int inFeatures = isTransposed ? columns : rows, outFeatures = isTransposed ? rows : columns;
        var layer = new Linear(inFeatures, outFeatures) { HasBias = bias != null };
        Tensor parameter;
        if (isTransposed && alpha == 1)
        {
            parameter = node.Graph.Parameter(weight);
        }
        else
        {
            node.Graph.Budget.Step(weight.Count, "The weights");
            float[] values = new float[weight.Count];
            for (int o = 0; o < outFeatures; o++)
            {
                for (int i = 0; i < inFeatures; i++)
                    values[(o * inFeatures) + i] = alpha * (float)weight.DoubleAt(isTransposed ? (o * columns) + i : (i * columns) + o);
            }

            parameter = node.Graph.Parameter(new Shape(outFeatures, inFeatures), values);
        }

        return bias == null ? node.Add(layer, x, parameter) : node.Add(layer, x, parameter, node.Graph.Parameter(new Shape(outFeatures), bias));
    }

    /// <summary>C as a bias, where it is one number, or one for each column.</summary>
    private static float[]? BiasOf(OnnxNode node, float beta, int columns)
    {
        if (node.OptionalInput(2) is not { MayBeKnown: true } c || (c.Shape.Count != 1 && (c.Shape.Count != columns || c.Shape.Rank == 0 || c.Shape[c.Shape.Rank - 1] != columns)))
            return null;
        var values = node.Constant(2, "C");
        return [.. Enumerable.Range(0, columns).Select(column => beta * (float)values.DoubleAt(values.Count == 1 ? 0 : column))];
    }

    private static Value Scaled(OnnxNode node, Value x, float factor) =>
        factor == 1 ? x : node.Add(new Multiply(), [x, OnnxNode.Scalar(factor)]);
}
