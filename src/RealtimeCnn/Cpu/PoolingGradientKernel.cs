using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>How a pooling layer shares the gradient of one output out among the elements of its window; lane = channel.</summary>
internal unsafe interface IPoolingGradient
{
    /// <summary>What the elements share.</summary>
    /// <param name="dy">The output's gradient.</param>
    /// <param name="window">The elements that the output saw.</param>
    /// <param name="g">The numbers of the layer.</param>
    /// <param name="weights">Packed parameters of the layer.</param>
    static abstract Vector512<float> Start(Vector512<float> dy, in PoolingWindow window, in PoolingGeometry g, float** weights);

    /// <summary>The part of one element.</summary>
    /// <param name="share">What the elements share.</param>
    /// <param name="x">The element.</param>
    /// <param name="y">The output.</param>
    /// <param name="tap">The element's place in the window.</param>
    /// <param name="plane">The number of the plane that the window lies in: <c>n · blocks + block</c>.</param>
    /// <param name="open">All bits at first; what an element leaves here, the next one finds.</param>
    /// <param name="g">The numbers of the layer.</param>
    /// <param name="weights">Packed parameters of the layer.</param>
    static abstract Vector512<float> Part(Vector512<float> share, Vector512<float> x, Vector512<float> y, int tap, int plane, ref Vector512<float> open, in PoolingGeometry g, float** weights);
}

/// <summary>
/// The gradient of a pooling layer by its input: each output's is shared out among the elements of its window. An item is one plane, in
/// which the windows follow each other row by row, so that the sums of elements that several windows see have one order. Where windows
/// lie side by side and whole, each element is written once, and may be multiplied by the slope of the activation before the layer.
/// </summary>
internal static unsafe class PoolingGradientKernel
{
    /// <summary>Whether windows lie side by side, behind an activation whose slope follows from its value.</summary>
    public static bool TakesSlope(PoolingLayer layer, LayerCall call) =>
        PoolingGeometry.Of(layer, call.Output.Shape, call.Input.Shape).IsTiled && ActivationGradientKernel.Fits(ActivationGradientKernel.Before(call));

    /// <summary>Reads the forward input and output behind the gradient, or the gradient alone; behind an activation always the input.</summary>
    public static CpuDispatch Plan<TGradient>(PoolingGeometry geometry, LayerCall call, params Kernels.PackedWeights[] weights)
        where TGradient : IPoolingGradient =>
        geometry.IsTiled
            ? CpuDispatch.Create(&BackwardTiles<TGradient>, Constants.Of(geometry, call), geometry.Planes, weights)
            : CpuDispatch.Create(&Backward<TGradient>, Constants.Of(geometry, call), geometry.Planes, weights);

    [MethodImpl(KernelCode.Optimized)]
    private static void BackwardTiles<TGradient>(CpuArguments* arguments, int from, int to)
        where TGradient : IPoolingGradient
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        var g = c.Geometry;
        long inPlane = (long)g.InHeight * g.InWidth * Lanes.Count, outPlane = (long)g.OutHeight * g.OutWidth * Lanes.Count;
        var window = new PoolingWindow(new PoolingRange(0, g.KernelHeight, 1, 0, g.KernelHeight, g.KernelHeight), new PoolingRange(0, g.KernelWidth, 1, 0, g.KernelWidth, g.KernelWidth));
        bool covers = g.OutHeight * g.KernelHeight == g.InHeight && g.OutWidth * g.KernelWidth == g.InWidth;
        nint rowStep = (nint)g.InWidth * Lanes.Count;
        for (int plane = from; plane < to; plane++)
        {
            float* dx = arguments->Output + (plane * inPlane), dy = arguments->Inputs[0] + (plane * outPlane);
            float* x = c.ReadsInput ? arguments->Inputs[1] + (plane * inPlane) : dx, y = c.ReadsOutput ? arguments->Inputs[2] + (plane * outPlane) : dy;
            if (!covers)
                Lanes.Clear(dx, g.InHeight * g.InWidth);
            for (int row = 0; row < g.OutHeight; row++)
            {
                nint first = row * g.KernelHeight * rowStep;
                for (int column = 0; column < g.OutWidth; column++, dy += Lanes.Count, y += Lanes.Count, first += g.KernelWidth * Lanes.Count)
                {
                    var share = TGradient.Start(Vector512.Load(dy), in window, in g, arguments->Weights);
                    Vector512<float> value = Vector512.Load(y), open = Vector512<float>.AllBitsSet;
                    nint at = first;
                    for (int i = 0, tap = 0; i < g.KernelHeight; i++, at += rowStep - (g.KernelWidth * Lanes.Count))
                    {
                        for (int j = 0; j < g.KernelWidth; j++, tap++, at += Lanes.Count)
                        {
                            var element = Vector512.Load(x + at);
                            var part = TGradient.Part(share, element, value, tap, plane, ref open, in g, arguments->Weights);
                            ActivationGradientKernel.Multiply(c.Before, element, part).StoreAligned(dx + at);
                        }
                    }
                }
            }
        }
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void Backward<TGradient>(CpuArguments* arguments, int from, int to)
        where TGradient : IPoolingGradient
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        var g = c.Geometry;
        long inPlane = (long)g.InHeight * g.InWidth * Lanes.Count, outPlane = (long)g.OutHeight * g.OutWidth * Lanes.Count;
        for (int plane = from; plane < to; plane++)
        {
            float* dx = arguments->Output + (plane * inPlane), dy = arguments->Inputs[0] + (plane * outPlane);
            float* x = c.ReadsInput ? arguments->Inputs[1] + (plane * inPlane) : dx, y = c.ReadsOutput ? arguments->Inputs[2] + (plane * outPlane) : dy;
            Lanes.Clear(dx, g.InHeight * g.InWidth);
            for (int row = 0; row < g.OutHeight; row++)
            {
                var window = new PoolingWindow(g.RowsOf(row), default);
                for (int column = 0; column < g.OutWidth; column++, dy += Lanes.Count, y += Lanes.Count)
                {
                    // Most windows reach over no edge: they begin a step behind the one before.
                    int first = (column * g.StrideWidth) - g.Left, end = first + ((g.KernelWidth - 1) * g.DilationWidth) + 1;
                    bool isWhole = !g.IsAdaptive && first >= 0 && end <= g.InWidth;
                    window = window with { Columns = isWhole ? new PoolingRange(first, end, g.DilationWidth, 0, g.KernelWidth, g.KernelWidth) : g.ColumnsOf(column) };
                    ShareOut<TGradient>(x, dx, plane, Vector512.Load(dy), Vector512.Load(y), in window, in g, arguments->Weights);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ShareOut<TGradient>(float* x, float* dx, int plane, Vector512<float> dy, Vector512<float> y, in PoolingWindow window, in PoolingGeometry g, float** weights)
        where TGradient : IPoolingGradient
    {
        var share = TGradient.Start(dy, in window, in g, weights);
        var open = Vector512<float>.AllBitsSet;
        nint step = (nint)window.Columns.Step * Lanes.Count, rowStep = (nint)window.Rows.Step * g.InWidth * Lanes.Count;
        nint row = (((nint)window.Rows.First * g.InWidth) + window.Columns.First) * Lanes.Count;
        for (int i = 0; i < window.Rows.Count; i++, row += rowStep)
        {
            int tap = ((window.Rows.Tap + i) * g.KernelWidth) + window.Columns.Tap;
            nint at = row;
            for (int left = window.Columns.Count; left > 0; left--, at += step, tap++)
                (Vector512.Load(dx + at) + TGradient.Part(share, Vector512.Load(x + at), y, tap, plane, ref open, in g, weights)).Store(dx + at);
        }
    }

    /// <summary>What kernels of pooling gradients work by.</summary>
    /// <param name="Geometry">The windows.</param>
    /// <param name="ReadsInput">Whether the forward input is read, or the gradient's place in its stead.</param>
    /// <param name="ReadsOutput">Whether the forward output is read, or the gradient in its stead.</param>
    /// <param name="Before">The activation before the layer, whose slope is multiplied by; none for no such.</param>
    public readonly record struct Constants(PoolingGeometry Geometry, bool ReadsInput, bool ReadsOutput, Activation Before)
    {
        public static Constants Of(PoolingGeometry geometry, LayerCall call) => new(geometry, call.Inputs.Length > 1, call.Inputs.Length > 2, ActivationGradientKernel.Before(call));
    }
}
