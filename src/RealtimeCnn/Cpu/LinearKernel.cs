using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>
/// The plain fully connected layer, a matrix times a vector for each batch item, which reads the matrix as fast as memory gives it:
/// lane = output, and an item is up to four blocks of 16 outputs of a batch item. Sums run over the inputs in order, so that a result
/// depends neither on the batch nor on the blocks beside it.
/// </summary>
internal static unsafe class LinearKernel
{
    /// <summary>Blocks of an item, whose sums run side by side.</summary>
    private const int Tile = 4;

    public static CpuDispatch Plan(Linear layer, LayerCall call)
    {
        var constants = new Constants(
            layer.InFeatures, BlockedLayout.Blocks(layer.InFeatures, Lanes.Count) * Lanes.Count, layer.OutFeatures, BlockedLayout.Blocks(layer.OutFeatures, Lanes.Count), layer.Activation);
        return CpuDispatch.Create(&Forward, constants, call.Input.Shape.Batch * constants.Columns, PackWeights(layer, call), VectorPacking.BiasOf(call, layer.OutFeatures, Lanes.Count));
    }

    /// <summary>Weights as <c>[out/16][in][16]</c>.</summary>
    public static PackedWeights PackWeights(Linear layer, LayerCall call) => new(new WeightPacking(layer.OutFeatures, layer.InFeatures, 1, Lanes.Count), call.Parameters[0]);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Forward(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        var sums = stackalloc Vector512<float>[Tile];
        long stride = c.In * (long)Lanes.Count;
        for (int item = from; item < to; item++)
        {
            var (row, column) = Math.DivRem(item, c.Columns);
            int block = column * Tile, blocks = Math.Min(Tile, c.OutBlocks - block);
            float* x = arguments->Inputs[0] + ((long)row * c.InStride), w = arguments->Weights[0] + (block * stride), bias = arguments->Weights[1] + (block * Lanes.Count);
            switch (blocks)
            {
                case 1: SumBlocks<One>(x, w, bias, c.In, sums); break;
                case 2: SumBlocks<Two>(x, w, bias, c.In, sums); break;
                case 3: SumBlocks<Three>(x, w, bias, c.In, sums); break;
                default: SumBlocks<Four>(x, w, bias, c.In, sums); break;
            }

            for (int b = 0; b < blocks; b++)
            {
                var y = Lanes.KeepFirst(c.Activation.Apply(sums[b]), c.Out - ((block + b) * Lanes.Count));
                y.StoreAligned(arguments->Output + ((((long)row * c.OutBlocks) + block + b) * Lanes.Count));
            }
        }
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

    private readonly record struct Constants(int In, int InStride, int Out, int OutBlocks, Activation Activation)
    {
        /// <summary>Items of a batch item.</summary>
        public int Columns => (OutBlocks + Tile - 1) / Tile;
    }
}
