using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using static RealtimeCnn.Cpu.BatchNormKernel;

namespace RealtimeCnn.Cpu;

/// <summary>
/// The gradients of batch normalisation in training, and of the activation behind it, whose slope follows from what normalisation gives
/// again. With g, which is dy where the activation has a slope, and sums over the M elements of a channel:
/// <c>dbias = Σ g</c>, <c>dscale = Σ g·x̂</c>, <c>dx = factor · (g − dbias / M − x̂ · dscale / M)</c>.
/// Sums are of floats within a run of pixels and of doubles over the runs; items are those of <see cref="BatchNormKernel"/>.
/// </summary>
/// <remarks>Source: Ioffe and Szegedy 2015, "Batch Normalization", arXiv:1502.03167, section 3.</remarks>
internal static unsafe class BatchNormGradientKernel
{
    /// <summary>Pixels whose sums are in float; even, because neighbours have sums of their own.</summary>
    private const int RunLength = 64;

    public static CpuDispatch Plan(BatchNorm2d layer, LayerCall call)
    {
        var c = Constants.Of(layer, call, layer.Epsilon);
        int parts = c.Parts * c.Blocks, planes = c.Batch * c.Blocks;
        return (c.IsBounded ? CpuDispatch.Create(&Sum<Bounded>, c, parts) : CpuDispatch.Create(&Sum<Unbounded>, c, parts))
            .WithScratch((long)c.Parts * c.Blocks * Constants.SumsOfPart, c.Blocks * 2L * Lanes.Count)
            .Then(CpuDispatch.Create(&Combine, c, c.Blocks))
            .Then(c.IsBounded ? CpuDispatch.Create(&Backward<Bounded>, c, planes) : CpuDispatch.Create(&Backward<Unbounded>, c, planes));
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void Sum<TBounds>(CpuArguments* arguments, int from, int to)
        where TBounds : struct, IBounds
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        for (int item = from; item < to; item++)
        {
            var (part, block) = Math.DivRem(item, c.Blocks);
            var of = Block.Load(arguments, block, in c);
            Vector512<double> biasLower = default, biasUpper = default, scaleLower = default, scaleUpper = default;
            for (int n = c.First(part); n < c.First(part + 1); n++)
            {
                long at = (n * c.Picture) + (block * c.Plane);
                float* dy = arguments->Inputs[0] + at, x = arguments->Inputs[1] + at;
                for (int left = c.Area; left > 0; left -= RunLength, dy += RunLength * Lanes.Count, x += RunLength * Lanes.Count)
                {
                    Vector512<float> bias0 = default, bias1 = default, scale0 = default, scale1 = default;
                    int pixels = Math.Min(left, RunLength), i = 0;
                    for (; i + 1 < pixels; i += 2)
                    {
                        Add<TBounds>(dy + (i * Lanes.Count), x + (i * Lanes.Count), in of, ref bias0, ref scale0);
                        Add<TBounds>(dy + ((i + 1) * Lanes.Count), x + ((i + 1) * Lanes.Count), in of, ref bias1, ref scale1);
                    }

                    if (i < pixels)
                        Add<TBounds>(dy + (i * Lanes.Count), x + (i * Lanes.Count), in of, ref bias0, ref scale0);
                    var (lower, upper) = Vector512.Widen(bias0 + bias1);
                    biasLower += lower;
                    biasUpper += upper;
                    (lower, upper) = Vector512.Widen(scale0 + scale1);
                    scaleLower += lower;
                    scaleUpper += upper;
                }
            }

            var sums = (double*)(arguments->Scratch[0] + (item * (long)Constants.SumsOfPart));
            biasLower.Store(sums);
            biasUpper.Store(sums + 8);
            scaleLower.Store(sums + 16);
            scaleUpper.Store(sums + 24);
        }
    }

    /// <summary>Adds a pixel's gradient, and its product with the distance from the mean.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<TBounds>(float* dy, float* x, in Block of, ref Vector512<float> bias, ref Vector512<float> scale)
        where TBounds : struct, IBounds
    {
        var distance = Vector512.Load(x) - of.Mean;
        var g = TBounds.Backward(Vector512.Load(dy), Lanes.MultiplyAdd(distance, of.Factor, of.Offset), of.Lower, of.Upper);
        bias += g;
        scale = Lanes.MultiplyAdd(g, distance, scale);
    }

    /// <summary>The gradients of a block's scales and biases, and what the input's takes from each.</summary>
    [MethodImpl(KernelCode.Optimized)]
    private static void Combine(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        float count = (float)c.Batch * c.Area;
        for (int block = from; block < to; block++)
        {
            float* numbers = arguments->Scratch[1] + (block * 2L * Lanes.Count);
            int channel = block * Lanes.Count;
            for (int lane = 0; lane < Lanes.Count; lane++, channel++)
            {
                numbers[lane] = numbers[Lanes.Count + lane] = 0;
                if (channel >= c.Channels)
                    continue;
                double bias = 0, scale = 0;
                for (int part = 0; part < c.Parts; part++)
                {
                    var sums = (double*)(arguments->Scratch[0] + (((part * (long)c.Blocks) + block) * Constants.SumsOfPart));
                    bias += sums[lane];
                    scale += sums[Lanes.Count + lane];
                }

                float inverse = 1 / MathF.Sqrt(arguments->Inputs[3][channel] + c.Epsilon), factor = arguments->Inputs[4][channel];
                float dscale = (float)scale * inverse, dbias = (float)bias;
                arguments->Outputs[1][channel] = dscale;
                arguments->Outputs[2][channel] = dbias;
                numbers[lane] = -factor * (dbias / count);
                numbers[Lanes.Count + lane] = -factor * inverse * (dscale / count);
            }
        }
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void Backward<TBounds>(CpuArguments* arguments, int from, int to)
        where TBounds : struct, IBounds
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        for (int plane = from; plane < to; plane++)
        {
            int block = plane % c.Blocks;
            var of = Block.Load(arguments, block, in c);
            float* numbers = arguments->Scratch[1] + (block * 2L * Lanes.Count);
            Vector512<float> ofBias = Vector512.Load(numbers), ofScale = Vector512.Load(numbers + Lanes.Count), lanes = Lanes.KeepFirst(Vector512<float>.AllBitsSet, c.Channels - (block * Lanes.Count));
            float* dy = arguments->Inputs[0] + (plane * c.Plane), x = arguments->Inputs[1] + (plane * c.Plane), dx = arguments->Output + (plane * c.Plane);
            for (float* end = dx + c.Plane; dx < end; dx += Lanes.Count, dy += Lanes.Count, x += Lanes.Count)
            {
                var distance = Vector512.Load(x) - of.Mean;
                var g = TBounds.Backward(Vector512.Load(dy), Lanes.MultiplyAdd(distance, of.Factor, of.Offset), of.Lower, of.Upper);
                (Lanes.MultiplyAdd(g, of.Factor, Lanes.MultiplyAdd(distance, ofScale, ofBias)) & lanes).StoreAligned(dx);
            }
        }
    }

    /// <summary>What forward saved of a block of channels.</summary>
    private readonly struct Block(Vector512<float> mean, Vector512<float> factor, Vector512<float> offset, float lower, float upper)
    {
        public readonly Vector512<float> Mean = mean, Factor = factor, Offset = offset, Lower = Vector512.Create(lower), Upper = Vector512.Create(upper);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Block Load(CpuArguments* arguments, int block, in Constants c)
        {
            int at = block * Lanes.Count;
            return new Block(Vector512.Load(arguments->Inputs[2] + at), Vector512.Load(arguments->Inputs[4] + at), Vector512.Load(arguments->Inputs[5] + at), c.Lower, c.Upper);
        }
    }
}
