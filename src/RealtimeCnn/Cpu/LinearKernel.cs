using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>
/// The plain fully connected layer: lane = output. An item is up to four blocks of 16 outputs of up to four batch items: four batch
/// items share each weight vector, fewer bring each input to all four blocks. Sums run over the inputs in order, so that a result
/// depends neither on the batch nor on the blocks beside it.
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
        return CpuDispatch.Create(&Forward, constants, (batch + Tile - 1) / Tile * constants.Columns, weights, bias);
    }

    /// <summary>Weights as <c>[out/16][in][16]</c>.</summary>
    private static PackedWeights PackWeights(Linear layer, LayerCall call) => new(new WeightPacking(layer.OutFeatures, layer.InFeatures, 1, Lanes.Count), call.Parameters[0]);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Forward(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        var sums = stackalloc Vector512<float>[Tile];
        long stride = c.In * (long)Lanes.Count;
        for (int item = from; item < to; item++)
        {
            int block = item % c.Columns * Tile, blocks = Math.Min(Tile, c.OutBlocks - block), row = item / c.Columns * Tile, rows = Math.Min(Tile, c.Batch - row);
            float* x = arguments->Inputs[0] + ((long)row * c.InStride), w = arguments->Weights[0] + (block * stride), bias = arguments->Weights[1] + (block * Lanes.Count);
            if (rows == Tile)
            {
                for (int b = 0; b < blocks; b++)
                {
                    SumRows(x, w + (b * stride), bias + (b * Lanes.Count), c.In, c.InStride, sums);
                    for (int r = 0; r < rows; r++)
                        Store(arguments, in c, row + r, block + b, sums[r]);
                }

                continue;
            }

            for (int r = 0; r < rows; r++, x += c.InStride)
            {
                switch (blocks)
                {
                    case 1: SumBlocks<One>(x, w, bias, c.In, sums); break;
                    case 2: SumBlocks<Two>(x, w, bias, c.In, sums); break;
                    case 3: SumBlocks<Three>(x, w, bias, c.In, sums); break;
                    default: SumBlocks<Four>(x, w, bias, c.In, sums); break;
                }

                for (int b = 0; b < blocks; b++)
                    Store(arguments, in c, row + r, block + b, sums[b]);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(CpuArguments* arguments, in Constants c, int row, int block, Vector512<float> sum)
    {
        var y = Lanes.KeepFirst(c.Activation.Apply(sum), c.Out - (block * Lanes.Count));
        Vector512.StoreAligned(y, arguments->Output + ((((long)row * c.OutBlocks) + block) * Lanes.Count));
    }

    /// <summary>One block of four batch items.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SumRows(float* x, float* w, float* bias, int count, int stride, Vector512<float>* sums)
    {
        var s0 = Vector512.Load(bias);
        Vector512<float> s1 = s0, s2 = s0, s3 = s0;
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

    /// <summary>Up to four blocks of one batch item.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SumBlocks<TBlocks>(float* x, float* w, float* bias, int count, Vector512<float>* sums)
        where TBlocks : ICount
    {
        var s0 = Vector512.Load(bias);
        Vector512<float> s1 = s0, s2 = s0, s3 = s0;
        if (TBlocks.Value > 1)
            s1 = Vector512.Load(bias + Lanes.Count);
        if (TBlocks.Value > 2)
            s2 = Vector512.Load(bias + (2 * Lanes.Count));
        if (TBlocks.Value > 3)
            s3 = Vector512.Load(bias + (3 * Lanes.Count));
        long stride = count * (long)Lanes.Count;
        for (int i = 0; i < count; i++, w += Lanes.Count)
        {
            var value = Vector512.Create(x[i]);
            s0 = Vector512.MultiplyAddEstimate(value, Vector512.Load(w), s0);
            if (TBlocks.Value > 1)
                s1 = Vector512.MultiplyAddEstimate(value, Vector512.Load(w + stride), s1);
            if (TBlocks.Value > 2)
                s2 = Vector512.MultiplyAddEstimate(value, Vector512.Load(w + (2 * stride)), s2);
            if (TBlocks.Value > 3)
                s3 = Vector512.MultiplyAddEstimate(value, Vector512.Load(w + (3 * stride)), s3);
        }

        (sums[0], sums[1], sums[2], sums[3]) = (s0, s1, s2, s3);
    }

    /// <summary>A number that the compiler of the running program knows.</summary>
    private interface ICount
    {
        static abstract int Value { get; }
    }

    private readonly struct One : ICount { public static int Value => 1; }

    private readonly struct Two : ICount { public static int Value => 2; }

    private readonly struct Three : ICount { public static int Value => 3; }

    private readonly struct Four : ICount { public static int Value => 4; }

    private readonly record struct Constants(int Batch, int In, int InStride, int Out, int OutBlocks, Activation Activation)
    {
        /// <summary>Items that see the same batch items.</summary>
        public int Columns => (OutBlocks + Tile - 1) / Tile;
    }
}
