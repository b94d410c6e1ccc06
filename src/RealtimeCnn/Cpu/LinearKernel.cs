using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>
/// The plain fully connected layer: lane = output, an item is one block of 16 outputs of up to four batch items, which share each
/// weight vector. Sums run over the inputs in order, so that a batch item's result does not depend on its neighbours.
/// </summary>
internal static unsafe class LinearKernel
{
    private const int Tile = 4;

    public static CpuDispatch Plan(Linear layer, LayerCall call) => Plan(
        call.Input.Shape.Batch, layer.InFeatures, layer.OutFeatures, layer.Activation, PackWeights(layer, call), VectorPacking.BiasOf(call, layer.OutFeatures, Lanes.Count));

    /// <summary>Any product of a batch of vectors with a matrix.</summary>
    /// <param name="batch">Vectors.</param>
    /// <param name="inputs">Elements of each.</param>
    /// <param name="outputs">Elements of each result.</param>
    /// <param name="activation">Applied to each sum.</param>
    /// <param name="weights">The matrix as <c>[outputs/16][inputs][16]</c>.</param>
    /// <param name="bias">Added to each sum, in whole blocks.</param>
    public static CpuDispatch Plan(int batch, int inputs, int outputs, Activation activation, PackedWeights weights, PackedWeights bias)
    {
        var constants = new Constants(batch, inputs, BlockedLayout.Blocks(inputs, Lanes.Count) * Lanes.Count, outputs, BlockedLayout.Blocks(outputs, Lanes.Count), activation);
        return CpuDispatch.Create(&Forward, constants, (batch + Tile - 1) / Tile * constants.OutBlocks, weights, bias);
    }

    /// <summary>Weights as <c>[out/16][in][16]</c>.</summary>
    private static PackedWeights PackWeights(Linear layer, LayerCall call) => new(new WeightPacking(layer.OutFeatures, layer.InFeatures, 1, Lanes.Count), call.Parameters[0]);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Forward(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        var sums = stackalloc Vector512<float>[Tile];
        for (int item = from; item < to; item++)
        {
            int block = item % c.OutBlocks, first = item / c.OutBlocks * Tile, rows = Math.Min(Tile, c.Batch - first);
            float* x = arguments->Inputs[0] + ((long)first * c.InStride);
            float* w = arguments->Weights[0] + ((long)block * c.In * Lanes.Count);
            for (int row = 0; row < rows; row++)
                sums[row] = Vector512.Load(arguments->Weights[1] + (block * Lanes.Count));
            if (rows == Tile)
                AccumulateTile(x, w, c.In, c.InStride, sums);
            else
                AccumulateRows(x, w, c.In, c.InStride, sums, rows);
            for (int row = 0; row < rows; row++)
            {
                var y = Lanes.KeepFirst(c.Activation.Apply(sums[row]), c.Out - (block * Lanes.Count));
                Vector512.StoreAligned(y, arguments->Output + ((((long)(first + row) * c.OutBlocks) + block) * Lanes.Count));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AccumulateTile(float* x, float* w, int count, int stride, Vector512<float>* sums)
    {
        Vector512<float> s0 = sums[0], s1 = sums[1], s2 = sums[2], s3 = sums[3];
        float* x1 = x + stride, x2 = x1 + stride, x3 = x2 + stride;
        for (int i = 0; i < count; i++, w += Lanes.Count)
        {
            var weight = Vector512.Load(w);
            s0 = Vector512.MultiplyAddEstimate(Vector512.Create(x[i]), weight, s0);
            s1 = Vector512.MultiplyAddEstimate(Vector512.Create(x1[i]), weight, s1);
            s2 = Vector512.MultiplyAddEstimate(Vector512.Create(x2[i]), weight, s2);
            s3 = Vector512.MultiplyAddEstimate(Vector512.Create(x3[i]), weight, s3);
        }

        (sums[0], sums[1], sums[2], sums[3]) = (s0, s1, s2, s3);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AccumulateRows(float* x, float* w, int count, int stride, Vector512<float>* sums, int rows)
    {
        for (int row = 0; row < rows; row++, x += stride)
        {
            var sum = sums[row];
            for (int i = 0; i < count; i++)
                sum = Vector512.MultiplyAddEstimate(Vector512.Create(x[i]), Vector512.Load(w + (i * (long)Lanes.Count)), sum);
            sums[row] = sum;
        }
    }

    private readonly record struct Constants(int Batch, int In, int InStride, int Out, int OutBlocks, Activation Activation);
}
