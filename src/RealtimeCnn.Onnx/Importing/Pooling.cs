using RealtimeCnn.Layers;

namespace RealtimeCnn.Onnx.Importing;

/// <summary>Pooling.</summary>
internal static class Pooling
{
    public static void MaxPool(OnnxNode node)
    {
        var x = node.Input(0);
        bool wantsIndices = node.HasOutput(1), columnFirst = node.Flag("storage_order");
        Value? indices = null;
        var window = WindowAttributes.Read(node, x.Shape);
        var layer = Fit(node, window, new MaxPool2d(window.Kernel) { ReturnIndices = wantsIndices });
        var values = Planar.Through(node, x, planar =>
        {
            var pooled = node.Add(layer, planar);
            if (wantsIndices)
                indices = node.Output(pooled, 1, OnnxType.Int64);
            return pooled;
        });
        node.Return(values);
        if (indices == null)
            return;
        if (x.Shape.Rank == 3)
            indices = node.Add(new Squeeze(2), indices);
        node.Return(columnFirst && x.Shape.Rank == 4 ? ColumnFirst(node, indices, x.Shape.Height, x.Shape.Width) : indices, 1);
    }

    /// <summary>Indices that count down columns first, of indices that count along rows first: <c>p·H·W + h·W + w → p·H·W + w·H + h</c>.</summary>
    private static Value ColumnFirst(OnnxNode node, Value indices, int height, int width)
    {
        Value Scaled(Value value, int factor) => node.Add(new Multiply(), [value, OnnxNode.Scalar(factor)]);
        // Half an element more, so that a quotient a little too small still falls into the right whole number.
        Value Whole(Value value, int divisor) => node.Add(new Floor(), node.Add(new Divide(), [node.Add(new Add(), [value, OnnxNode.Scalar(0.5)]), OnnxNode.Scalar(divisor)]));
        var rows = Whole(indices, width);
        var plane = Whole(indices, height * width);
        var column = node.Add(new Subtract(), [indices, Scaled(rows, width)]);
        var row = node.Add(new Subtract(), [rows, Scaled(plane, height)]);
        return node.Add(new Add(), [Scaled(plane, height * width), node.Add(new Add(), [Scaled(column, height), row])]);
    }

    public static void AveragePool(OnnxNode node)
    {
        bool countsPadding = node.Flag("count_include_pad");
        node.Return(Run(node, kernel => new AveragePool2d(kernel) { CountIncludePad = countsPadding }));
    }

    public static void LpPool(OnnxNode node)
    {
        float p = node.Int("p", 2);
        node.Return(Run(node, kernel => new LpPool2d(kernel, p)));
    }

    public static void GlobalLpPool(OnnxNode node) => node.Return(node.Add(new GlobalLpPool(node.Int("p", 2)), node.Input(0)));

    private static Value Run(OnnxNode node, Func<Size2d, PoolingLayer> make)
    {
        var x = node.Input(0);
        var window = WindowAttributes.Read(node, x.Shape);
        var layer = Fit(node, window, make(window.Kernel));
        return Planar.Through(node, x, planar => node.Add(layer, planar));
    }

    private static PoolingLayer Fit(OnnxNode node, WindowAttributes window, PoolingLayer layer) => layer with
    {
        Stride = window.Stride, Dilation = window.Dilation, Padding = window.Padding, CeilMode = node.Flag("ceil_mode"),
    };
}
