using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>
/// The gradients of <see cref="Linear"/>: <c>dx[n,i] = Σ over o of dy[n,o]·w[o,i]</c>, which is a linear layer itself, with the
/// weight transposed; <c>dw[o,i] = Σ over n of dy[n,o]·x[n,i]</c> and <c>db[o] = Σ over n of dy[n,o]</c>, an item being one output o.
/// Sums run in order.
/// </summary>
internal static unsafe class LinearGradientKernel
{
    private const int Tile = 4;

    public static CpuDispatch PlanInput(Linear layer, LayerCall call)
    {
        // The weight [Out, In] read as that of a layer from Out to In.
        var transposed = new TransposedWeightPacking(1, layer.OutFeatures, layer.InFeatures, 1, Lanes.Count, layer.OutFeatures);
        return ProductKernel.Plan(
            call, layer.OutFeatures, layer.InFeatures, Activation.None, new PackedWeights(transposed, call.Parameters[0]), FillPacking.Of(layer.InFeatures, Lanes.Count, 0));
    }

    public static CpuDispatch PlanParameters(Linear layer, LayerCall call)
    {
        var constants = new Constants(
            call.Input.Shape.Batch, layer.InFeatures, BlockedLayout.Blocks(layer.InFeatures, Lanes.Count) * Lanes.Count, BlockedLayout.Blocks(layer.OutFeatures, Lanes.Count) * Lanes.Count, layer.HasBias ? 1 : 0);
        return CpuDispatch.Create(&Parameters, constants, layer.OutFeatures);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Parameters(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        for (int o = from; o < to; o++)
        {
            float* dy = arguments->Inputs[0] + o, row = arguments->Outputs[0] + ((long)o * c.In);
            for (int i = 0; i < c.In; i += Tile * Lanes.Count)
            {
                int vectors = Math.Min(Tile, (c.InStride - i) / Lanes.Count);
                Vector512<float> s0 = default, s1 = default, s2 = default, s3 = default;
                float* x = arguments->Inputs[1] + i;
                for (int n = 0; n < c.Batch; n++, x += c.InStride)
                {
                    var gradient = Vector512.Create(dy[(long)n * c.OutStride]);
                    s0 = Vector512.MultiplyAddEstimate(gradient, Vector512.Load(x), s0);
                    if (vectors > 1)
                        s1 = Vector512.MultiplyAddEstimate(gradient, Vector512.Load(x + Lanes.Count), s1);
                    if (vectors > 2)
                        s2 = Vector512.MultiplyAddEstimate(gradient, Vector512.Load(x + 32), s2);
                    if (vectors > 3)
                        s3 = Vector512.MultiplyAddEstimate(gradient, Vector512.Load(x + 48), s3);
                }

                Store(s0, row + i, c.In - i);
                Store(s1, row + i + Lanes.Count, c.In - i - Lanes.Count);
                Store(s2, row + i + 32, c.In - i - 32);
                Store(s3, row + i + 48, c.In - i - 48);
            }

            if (c.HasBias == 0)
                continue;
            float sum = 0;
            for (int n = 0; n < c.Batch; n++)
                sum += dy[(long)n * c.OutStride];
            arguments->Outputs[1][o] = sum;
        }
    }

    /// <summary>The lanes that lie within the row; the next row belongs to another item.</summary>
    private static void Store(Vector512<float> value, float* to, int count)
    {
        if (count >= Lanes.Count)
            Vector512.Store(value, to);
        for (int lane = 0; lane < count && count < Lanes.Count; lane++)
            to[lane] = value[lane];
    }

    private readonly record struct Constants(int Batch, int In, int InStride, int OutStride, int HasBias);
}
