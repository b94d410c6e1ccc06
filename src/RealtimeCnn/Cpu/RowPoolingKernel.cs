using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>
/// Pooling of few row-major channels by windows of 2×2 side by side, and its gradient: lanes are pixels of a row, of which eight windows
/// take 16. An item is one plane; values are combined row by row, then column by column, and a gradient is shared out window by window.
/// </summary>
/// <remarks>Twins: <see cref="SeparablePoolingKernel"/> and <see cref="PoolingGradientKernel"/>, whose bits it gives.</remarks>
internal static unsafe class RowPoolingKernel
{
    /// <summary>Windows of a vector.</summary>
    private const int Windows = Lanes.Count / 2;

    /// <summary>Pixels in pairs: the left ones of all windows, then the right ones.</summary>
    private static Vector512<int> Sorted => Vector512.Create(0, 2, 4, 6, 8, 10, 12, 14, 1, 3, 5, 7, 9, 11, 13, 15);

    /// <summary>The way back.</summary>
    private static Vector512<int> Paired => Vector512.Create(0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15);

    /// <summary>Whether the input came row-major, with few channels, and a row has windows enough.</summary>
    public static bool Fits(PoolingLayer layer, LayerCall call) => Fits(layer, call.Input, call.Output);

    /// <summary>The same of a backward call.</summary>
    public static bool FitsGradient(PoolingLayer layer, LayerCall call) => Fits(layer, call.Forward!.Input, call.Forward.Output);

    private static bool Fits(PoolingLayer layer, TensorInfo x, TensorInfo y) =>
        x is { Layout: Layout.Plain, Shape.Channels: <= PixelTile.Channels }
        && PoolingGeometry.Of(layer, x.Shape, y.Shape) is { IsTiled: true, KernelHeight: 2, KernelWidth: 2, OutWidth: >= Windows };

    public static CpuDispatch Plan(MaxPool2d layer, LayerCall call) => Plan<SeparablePoolingKernel.Largest, SeparablePoolingKernel.Largest>(layer, call);

    public static CpuDispatch Plan(AveragePool2d layer, LayerCall call) => Plan<SeparablePoolingKernel.Sum, SeparablePoolingKernel.Mean>(layer, call);

    private static CpuDispatch Plan<TRows, TColumns>(PoolingLayer layer, LayerCall call)
        where TRows : SeparablePoolingKernel.ISeparablePooling
        where TColumns : SeparablePoolingKernel.ISeparablePooling =>
        CpuDispatch.Create(&Forward<TRows, TColumns>, PoolingGeometry.Of(layer, call), call.Output.Shape.Batch * call.Output.Shape.Channels);

    /// <summary>Reads the forward input and output behind the gradient, or the gradient alone; behind an activation always the input.</summary>
    public static CpuDispatch PlanGradient<TGradient>(PoolingLayer layer, LayerCall call)
        where TGradient : IPoolingGradient =>
        CpuDispatch.Create(&Backward<TGradient>, PoolingGradientKernel.Constants.Of(PoolingGeometry.Of(layer, call.Output.Shape, call.Input.Shape), call), call.Input.Shape.Batch * call.Input.Shape.Channels);

    [MethodImpl(KernelCode.Optimized)]
    private static void Forward<TRows, TColumns>(CpuArguments* arguments, int from, int to)
        where TRows : SeparablePoolingKernel.ISeparablePooling
        where TColumns : SeparablePoolingKernel.ISeparablePooling
    {
        var g = *(PoolingGeometry*)arguments->Constants;
        var sorted = Sorted;
        for (int plane = from; plane < to; plane++)
        {
            float* x = arguments->Inputs[0] + ((long)plane * g.InHeight * g.InWidth), y = arguments->Output + ((long)plane * g.OutHeight * g.OutWidth);
            for (int row = 0; row < g.OutHeight; row++, x += 2 * (nint)g.InWidth, y += g.OutWidth)
            {
                for (int column = 0; column < g.OutWidth; column += Windows)
                {
                    // The last ones begin early enough to be whole.
                    int first = Math.Min(column, g.OutWidth - Windows);
                    var pixels = Vector512.Shuffle(TRows.Combine(Vector512.Load(x + (2 * first)), Vector512.Load(x + g.InWidth + (2 * first))), sorted);
                    TColumns.Finish(TColumns.Combine(pixels, Right(pixels)), 4).GetLower().Store(y + first);
                }
            }
        }
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void Backward<TGradient>(CpuArguments* arguments, int from, int to)
        where TGradient : IPoolingGradient
    {
        ref readonly var c = ref *(PoolingGradientKernel.Constants*)arguments->Constants;
        var g = c.Geometry;
        int inArea = g.InHeight * g.InWidth, outArea = g.OutHeight * g.OutWidth;
        var window = new PoolingWindow(new PoolingRange(0, 2, 1, 0, 2, 2), new PoolingRange(0, 2, 1, 0, 2, 2));
        bool covers = g.OutHeight * 2 == g.InHeight && g.OutWidth * 2 == g.InWidth;
        Vector512<int> sorted = Sorted, paired = Paired;
        for (int plane = from; plane < to; plane++)
        {
            float* dx = arguments->Output + (plane * (long)inArea), dy = arguments->Inputs[0] + (plane * (long)outArea);
            float* x = c.ReadsInput ? arguments->Inputs[1] + (plane * (long)inArea) : dx, y = c.ReadsOutput ? arguments->Inputs[2] + (plane * (long)outArea) : dy;
            if (!covers)
                new Span<float>(dx, inArea).Clear();
            for (int row = 0; row < g.OutHeight; row++, dy += g.OutWidth, y += g.OutWidth)
            {
                for (int column = 0; column < g.OutWidth; column += Windows)
                {
                    int first = Math.Min(column, g.OutWidth - Windows);
                    nint upper = (2 * row * (nint)g.InWidth) + (2 * first), lower = upper + g.InWidth;
                    Vector512<float> x0 = Vector512.Load(x + upper), x1 = Vector512.Load(x + lower);
                    if (!c.ReadsOutput)
                    {
                        // What asks for no forward output gives each element of a window the same.
                        var pairs = TGradient.Start(Vector512.Shuffle(Twice(dy + first), paired), in window, in g, arguments->Weights);
                        ActivationGradientKernel.Multiply(c.Before, x0, pairs).Store(dx + upper);
                        ActivationGradientKernel.Multiply(c.Before, x1, pairs).Store(dx + lower);
                        continue;
                    }

                    var share = TGradient.Start(Twice(dy + first), in window, in g, arguments->Weights);
                    Vector512<float> value = Twice(y + first), open = Vector512<float>.AllBitsSet;
                    Vector512<float> above = Vector512.Shuffle(x0, sorted), below = Vector512.Shuffle(x1, sorted);
                    var part0 = TGradient.Part(share, above, value, 0, plane, ref open, in g, arguments->Weights);
                    var part1 = TGradient.Part(share, Right(above), value, 1, plane, ref open, in g, arguments->Weights);
                    var part2 = TGradient.Part(share, below, value, 2, plane, ref open, in g, arguments->Weights);
                    var part3 = TGradient.Part(share, Right(below), value, 3, plane, ref open, in g, arguments->Weights);
                    ActivationGradientKernel.Multiply(c.Before, x0, Vector512.Shuffle(Lanes.Join(part0.GetLower(), part1.GetLower()), paired)).Store(dx + upper);
                    ActivationGradientKernel.Multiply(c.Before, x1, Vector512.Shuffle(Lanes.Join(part2.GetLower(), part3.GetLower()), paired)).Store(dx + lower);
                }
            }
        }
    }

    /// <summary>The right pixels of sorted ones in the place of the left ones.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Right(Vector512<float> sorted) => Lanes.Join(sorted.GetUpper(), sorted.GetUpper());

    /// <summary>What eight windows have, for both their columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Twice(float* windows) => Lanes.Join(Vector256.Load(windows), Vector256.Load(windows));
}
