using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>
/// The gradients of <see cref="Linear"/>: <c>dx[n,i] = Σ over o of dy[n,o]·w[o,i]</c>, which is a linear layer itself, with the
/// weight transposed; <c>dw[o,i] = Σ over n of dy[n,o]·x[n,i]</c> and <c>db[o] = Σ over n of dy[n,o]</c>, an item being four outputs o
/// whose sums by four vectors of inputs stay in registers. Sums run in order.
/// </summary>
internal static unsafe class LinearGradientKernel
{
    /// <summary>Outputs, and vectors of inputs, of a tile.</summary>
    private const int Tile = 4;

    public static CpuDispatch PlanInput(Linear layer, LayerCall call)
    {
        // The weight [Out, In] read as that of a layer from Out to In.
        var transposed = new TransposedWeightPacking(1, layer.OutFeatures, layer.InFeatures, 1, Lanes.Count, layer.OutFeatures);
        return ProductKernel.Plan(
            call, layer.OutFeatures, layer.InFeatures, Activation.None, new PackedWeights(transposed, call.Parameters[0]), FillPacking.Of(layer.InFeatures, Lanes.Count, 0));
    }

    /// <summary>Both batches as they come; parameters in the order of their shapes out.</summary>
    public static LayoutChoice ParameterFormats(LayerCall call) =>
        new(Layout.Blocked, Layout.Plain) { PerInput = [call.Inputs[0].Layout, call.Inputs[1].Layout] };

    public static CpuDispatch PlanParameters(Linear layer, LayerCall call)
    {
        var constants = new Constants(
            call.Input.Shape.Batch, layer.InFeatures, ProductKernel.Pitch(call.Inputs[1], layer.InFeatures), layer.OutFeatures, ProductKernel.Pitch(call.Input, layer.OutFeatures), layer.HasBias ? 1 : 0);
        return CpuDispatch.Create(&Parameters, constants, (layer.OutFeatures + Tile - 1) / Tile);
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void Parameters(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        for (int item = from; item < to; item++)
        {
            int first = item * Tile, outputs = Math.Min(Tile, c.Out - first);
            float* dy = arguments->Inputs[0] + first, dw = arguments->Outputs[0] + ((long)first * c.In);
            int i = 0;
            for (; outputs == Tile && i + (Tile * Lanes.Count) <= c.In; i += Tile * Lanes.Count)
                AddTile(in c, dy, arguments->Inputs[1] + i, dw + i);
            for (int o = 0; o < outputs; o++)
            {
                float* row = dw + ((long)o * c.In);
                for (int at = i; at < c.In && c.In >= Lanes.Count; at += Lanes.Count)
                    AddVector(in c, dy + o, arguments->Inputs[1], row, at);
                for (int at = 0; at < c.In && c.In < Lanes.Count; at++)
                    AddOne(in c, dy + o, arguments->Inputs[1], row, at);
                if (c.HasBias == 0)
                    continue;
                float sum = 0;
                for (int n = 0; n < c.Batch; n++)
                    sum += dy[((long)n * c.OutStride) + o];
                arguments->Outputs[1][first + o] = sum;
            }
        }
    }

    /// <summary>Four outputs by four vectors of inputs.</summary>
    [MethodImpl(KernelCode.Optimized)]
    private static void AddTile(in Constants c, float* dy, float* x, float* dw)
    {
        Vector512<float> a0 = default, a1 = default, a2 = default, a3 = default, b0 = default, b1 = default, b2 = default, b3 = default;
        Vector512<float> c0 = default, c1 = default, c2 = default, c3 = default, d0 = default, d1 = default, d2 = default, d3 = default;
        nint step = c.OutStride, row = c.InStride;
        for (int n = c.Batch; n > 0; n--, dy += step, x += row)
        {
            Vector512<float> x0 = Vector512.Load(x), x1 = Vector512.Load(x + Lanes.Count), x2 = Vector512.Load(x + (2 * Lanes.Count)), x3 = Vector512.Load(x + (3 * Lanes.Count));
            AddRow(dy[0], x0, x1, x2, x3, ref a0, ref a1, ref a2, ref a3);
            AddRow(dy[1], x0, x1, x2, x3, ref b0, ref b1, ref b2, ref b3);
            AddRow(dy[2], x0, x1, x2, x3, ref c0, ref c1, ref c2, ref c3);
            AddRow(dy[3], x0, x1, x2, x3, ref d0, ref d1, ref d2, ref d3);
        }

        nint next = c.In;
        StoreRow(dw, a0, a1, a2, a3);
        StoreRow(dw + next, b0, b1, b2, b3);
        StoreRow(dw + (2 * next), c0, c1, c2, c3);
        StoreRow(dw + (3 * next), d0, d1, d2, d3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddRow(
        float dy, Vector512<float> x0, Vector512<float> x1, Vector512<float> x2, Vector512<float> x3,
        ref Vector512<float> s0, ref Vector512<float> s1, ref Vector512<float> s2, ref Vector512<float> s3)
    {
        var gradient = Vector512.Create(dy);
        s0 = Lanes.MultiplyAdd(gradient, x0, s0);
        s1 = Lanes.MultiplyAdd(gradient, x1, s1);
        s2 = Lanes.MultiplyAdd(gradient, x2, s2);
        s3 = Lanes.MultiplyAdd(gradient, x3, s3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreRow(float* to, Vector512<float> s0, Vector512<float> s1, Vector512<float> s2, Vector512<float> s3)
    {
        s0.Store(to);
        s1.Store(to + Lanes.Count);
        s2.Store(to + (2 * Lanes.Count));
        s3.Store(to + (3 * Lanes.Count));
    }

    /// <summary>One output by a vector of inputs: where the row ends before the vector does, by the last one of the row.</summary>
    [MethodImpl(KernelCode.Optimized)]
    private static void AddVector(in Constants c, float* dy, float* x, float* dw, int at)
    {
        at = Math.Min(at, c.In - Lanes.Count);
        x += at;
        var sum = Vector512<float>.Zero;
        for (int n = 0; n < c.Batch; n++)
            sum = Lanes.MultiplyAdd(Vector512.Create(dy[(long)n * c.OutStride]), Vector512.Load(x + ((long)n * c.InStride)), sum);
        sum.Store(dw + at);
    }

    /// <summary>One output by one input, of rows that are shorter than a vector.</summary>
    [MethodImpl(KernelCode.Optimized)]
    private static void AddOne(in Constants c, float* dy, float* x, float* dw, int at)
    {
        var sum = Vector512<float>.Zero;
        for (int n = 0; n < c.Batch; n++)
            sum = Lanes.MultiplyAdd(Vector512.Create(dy[(long)n * c.OutStride]), Vector512.Create(x[((long)n * c.InStride) + at]), sum);
        dw[at] = sum.ToScalar();
    }

    private readonly record struct Constants(int Batch, int In, int InStride, int Out, int OutStride, int HasBias);
}
