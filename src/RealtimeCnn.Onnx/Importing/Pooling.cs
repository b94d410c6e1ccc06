using RealtimeCnn.Layers;

namespace RealtimeCnn.Onnx.Importing;

/// <summary>Pooling.</summary>
internal static class Pooling
{
    public static void MaxPool(OnnxNode node)
    {
        var x = node.Input(0);
        bool wantsIndices = node.HasOutput(1), columnFirst = node.Flag("storage_order");
        node.Return(Run(node, kernel => new MaxPool2d(kernel)));
        if (!wantsIndices)
            return;
        if (columnFirst && x.Shape.Rank == 4)
            throw OnnxNode.Unsupported("attribute 'storage_order'", "is 1; indices are given row by row (0) only.");
        var window = WindowAttributes.Read(node, x.Shape);
        var layer = Fit(node, window, new MaxPool2dIndices(window.Kernel));
        node.Return(Planar.Through(node, x, planar => node.Add(layer, [planar], OnnxType.Int64)), 1);
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
