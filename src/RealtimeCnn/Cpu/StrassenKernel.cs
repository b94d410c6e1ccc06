using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>
/// Pointwise convolution of many channels, alone or behind a depthwise one, with seven products of half of the output channels, input
/// channels and pixels instead of eight: Winograd's variant of Strassen's algorithm, for a strip of pixels at a time. The weights' sums
/// are made when they are packed, those of a strip's inputs in the first stage, and those of the products in the second
/// (<see cref="StrassenProducts"/>) while they are in the first cache. Each output is summed in one order, whatever thread computes it.
/// </summary>
/// <remarks>
/// Twin: <see cref="TileKernel"/>, whose bits are those of strips that are not finite or so large that a sum might not be (<see cref="StrassenLimit"/>).
/// Sources: Strassen 1969, "Gaussian elimination is not optimal"; Huang et al. 2016, "Strassen's Algorithm Reloaded", SC16.
/// </remarks>
internal static unsafe class StrassenKernel
{
    /// <summary>Products, each with weights of its own.</summary>
    public const int Factors = 7;

    /// <summary>Relative L2 that it keeps: see docs/numerics.md.</summary>
    public const double Tolerance = 3e-6;

    /// <summary>Where the parameters of each kind are.</summary>
    public const int PlainWeights = 0, Bias = 1, FactorWeights = 2, Limit = 3, DepthwiseWeights = 4;

    /// <summary>Most pixels of a strip: the sums of half of them stay in the first cache beside the weights.</summary>
    public const int MostPixels = 128;

    /// <summary>Sums of inputs: T1 … T4.</summary>
    private const int InputSums = 4;

    /// <summary>Least channels on either side, and least pixels: fewer do not pay for more sums and nearly twice as many weights to fetch.</summary>
    private const int LeastChannels = 512, LeastArea = 128;

    /// <summary>Whether both halves of all channels are whole blocks, and windows of one pixel see each pixel once; behind a depthwise convolution, whether rows of a strip fit.</summary>
    public static bool Fits(ConvolutionLayer layer, LayerCall call) =>
        SeparableBlock.IsPointwise(layer) && layer.InChannels % (2 * Lanes.Count) == 0 && layer.OutChannels % (2 * Lanes.Count) == 0
        && !call.Mode.IsTraining && call.Output.Shape.Count > 0
        && (call.Nodes.Count == 1 || (call.Output.Shape.Width <= MostPixels && SeparableBlockKernel.Fits(layer, call)));

    /// <summary>Whether the eighth of the products that it saves is more than it adds.</summary>
    public static bool Pays(ConvolutionLayer layer, LayerCall call) =>
        layer.InChannels >= LeastChannels && layer.OutChannels >= LeastChannels && call.Output.Shape.Area >= LeastArea;

    public static CpuDispatch Plan(ConvolutionLayer layer, LayerCall call)
    {
        var parts = SeparableParts.Of(call);
        bool filters = parts.Length > 1;
        ConvolutionGeometry g = ConvolutionGeometry.Of(layer, parts[^1]).Flattened(), d = filters ? ConvolutionGeometry.Of((ConvolutionLayer)parts[0].Layer, parts[0]) : default;
        // Strips of equal length; behind a depthwise convolution of whole rows.
        int area = g.OutHeight * g.OutWidth, unit = filters ? d.OutWidth : 1, units = area / unit, most = MostPixels / unit;
        int strips = (units + most - 1) / most, length = (units + strips - 1) / strips * unit;
        strips = (area + length - 1) / length;
        int pairs = ((g.OutBlocks / 2) + RegisterTile.MostBlocks - 1) / RegisterTile.MostBlocks;
        // Odd numbers of vectors, so that equal pixels of different blocks do not meet in the first cache.
        var constants = new Constants(g, d, filters, area, length, strips, pairs, length | 1, ((length + 1) / 2) | 1);
        int all = checked(call.Output.Shape.Batch * strips), sums = checked(all * g.InBlocks / 2);
        PackedWeights[] weights =
        [
            ConvolutionKernel.PackWeights(layer, parts[^1]), ConvolutionGeometry.PackBias(layer, parts[^1]),
            new(new StrassenPacking(g.OutChannels, g.InChannels), parts[^1].Parameters[0]), new(new StrassenLimit(g.InChannels), parts[^1].Parameters[0]),
            .. filters ? SeparableParts.Weights(parts[0]) : [],
        ];
        return CpuDispatch.Create(&SumInputs, constants, sums, weights)
            .WithScratch((long)sums * InputSums * constants.SumPitch * Lanes.Count, sums, filters ? all * g.InBlocks * (long)constants.Pitch * Lanes.Count : 1)
            .Then(CpuDispatch.Create(&StrassenProducts.Multiply, constants, checked(all * pairs), weights));
    }

    /// <summary>The sums of a strip's inputs as <c>[T1 … T4][block of the first half][pixel][16]</c>, and the largest magnitude under them: an item is a block of a strip.</summary>
    [MethodImpl(KernelCode.Optimized)]
    private static void SumInputs(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        int blocks = c.Geometry.InBlocks / 2;
        nint step = c.SumStep;
        for (int item = from; item < to; item++)
        {
            int strip = Math.DivRem(item, blocks, out int block);
            var at = c.Place(strip);
            if (c.Filters)
                Filter(arguments, in c, strip, block);
            nint right = at.Half * Lanes.Count, below = blocks * c.InputStep;
            float* x = c.Input(arguments, strip) + (block * c.InputStep), sum = c.InputSums(arguments, strip) + (block * (nint)c.SumPitch * Lanes.Count);
            var largest = Vector512<int>.Zero;
            for (int pixel = 0; pixel < at.Half; pixel++, x += Lanes.Count, sum += Lanes.Count)
            {
                bool both = pixel + at.Half < at.Count;
                Vector512<float> b11 = Vector512.LoadAligned(x), b21 = Vector512.LoadAligned(x + below);
                var b12 = both ? Vector512.LoadAligned(x + right) : Vector512<float>.Zero;
                var b22 = both ? Vector512.LoadAligned(x + right + below) : Vector512<float>.Zero;
                largest = Vector512.Max(Vector512.Max(Vector512.Max(largest, Magnitude(b11)), Vector512.Max(Magnitude(b12), Magnitude(b21))), Magnitude(b22));
                Vector512<float> t1 = b12 - b11, t2 = b22 - t1;
                t1.StoreAligned(sum);
                t2.StoreAligned(sum + step);
                (b22 - b12).StoreAligned(sum + (2 * step));
                (t2 - b21).StoreAligned(sum + (3 * step));
            }

            int most = 0;
            for (int lane = 0; lane < Lanes.Count; lane++)
                most = Math.Max(most, largest.GetElement(lane));
            ((int*)arguments->Scratch[1])[item] = most;
        }
    }

    /// <summary>The rows of a strip behind the depthwise convolution, in a block of either half.</summary>
    [MethodImpl(KernelCode.Optimized)]
    private static void Filter(CpuArguments* arguments, in Constants c, int strip, int block)
    {
        var at = c.Place(strip);
        var d = c.Depthwise;
        nint plane = d.InPlane * Lanes.Count;
        float* input = SeparableParts.PlaneOf(arguments, in d, at.Image), output = c.Input(arguments, strip);
        for (int half = 0; half < 2; half++, block += d.OutBlocks / 2)
            SeparableParts.Filter(arguments, DepthwiseWeights, in d, block, 1, at.First / d.OutWidth, at.Count / d.OutWidth, input + (block * plane), 0, output + (block * c.InputStep), 0);
    }

    /// <summary>Bits without the sign: in the order of magnitudes, infinity and NaN behind all others.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Magnitude(Vector512<float> x) => x.AsInt32() & Vector512.Create(int.MaxValue);

    /// <summary>A strip.</summary>
    /// <param name="Image">The number of its picture.</param>
    /// <param name="First">Its first pixel.</param>
    /// <param name="Count">How many it has.</param>
    /// <param name="Half">How many its first half has, which may be one more than the other.</param>
    public readonly record struct Strip(int Image, int First, int Count, int Half);

    /// <param name="Geometry">The pointwise convolution.</param>
    /// <param name="Depthwise">The one before, where <paramref name="Filters"/> says that there is one.</param>
    /// <param name="Filters">Whether a depthwise convolution makes the inputs.</param>
    /// <param name="Area">Pixels of a picture.</param>
    /// <param name="Length">Most pixels of a strip.</param>
    /// <param name="Strips">Strips of a picture.</param>
    /// <param name="Pairs">Items of a strip: register tiles side by side in half of the output channels.</param>
    /// <param name="Pitch">Pixels from a block that the depthwise convolution made to the next.</param>
    /// <param name="SumPitch">Pixels from a block of a sum to the next.</param>
    public readonly record struct Constants(
        ConvolutionGeometry Geometry, ConvolutionGeometry Depthwise, bool Filters, int Area, int Length, int Strips, int Pairs, int Pitch, int SumPitch)
    {
        /// <summary>Floats from a block of the inputs to the next.</summary>
        public nint InputStep => (nint)(Filters ? Pitch : Area) * Lanes.Count;

        /// <summary>Floats from a sum of inputs to the next.</summary>
        public nint SumStep => (nint)Geometry.InBlocks / 2 * SumPitch * Lanes.Count;

        /// <summary>Where a strip is.</summary>
        public Strip Place(int strip)
        {
            int n = Math.DivRem(strip, Strips, out int index), first = index * Length, count = Math.Min(Length, Area - first);
            return new Strip(n, first, count, (count + 1) / 2);
        }

        /// <summary>The first block of a strip's inputs.</summary>
        public float* Input(CpuArguments* arguments, int strip)
        {
            if (Filters)
                return arguments->Scratch[2] + (strip * Geometry.InBlocks * InputStep);
            var at = Place(strip);
            return arguments->Inputs[0] + (at.Image * Geometry.InBlocks * InputStep) + (at.First * Lanes.Count);
        }

        /// <summary>T1 of a strip.</summary>
        public float* InputSums(CpuArguments* arguments, int strip) => arguments->Scratch[0] + (strip * StrassenKernel.InputSums * SumStep);

        /// <summary>Whether all inputs of a strip are within <see cref="StrassenLimit"/>.</summary>
        public bool IsTame(CpuArguments* arguments, int strip)
        {
            int blocks = Geometry.InBlocks / 2, most = 0;
            for (int block = 0; block < blocks; block++)
                most = Math.Max(most, ((int*)arguments->Scratch[1])[(strip * blocks) + block]);
            return most <= *(int*)arguments->Weights[Limit];
        }
    }
}
