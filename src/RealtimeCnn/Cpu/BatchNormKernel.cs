using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>
/// Batch normalisation forward, with an activation of bounds behind it. In training the batch is measured in one pass, as sums in double of
/// the distances from the channel's first element and of their squares; then each plane is normalised as
/// <c>y = (x − mean) · factor + offset</c>, and written with the border that its reader asks for. Where a plan asks for them, mean, biased
/// variance, factor and offset of each channel are saved, and the running statistics moved. Lane = channel. An item of the first pass is
/// a block of channels for a part of the batch, as many parts as follow from the shapes, whose sums are added in order.
/// </summary>
/// <remarks>Source: Ioffe and Szegedy 2015, "Batch Normalization", arXiv:1502.03167, section 3.</remarks>
internal static unsafe class BatchNormKernel
{
    /// <summary>What forward saves: mean, biased variance, factor and offset.</summary>
    public static Shape[] Saves(LayerCall call) => call.Mode.IsTraining ? [.. Enumerable.Repeat(new Shape(call.Input.Shape.Channels), 4)] : [];

    /// <summary>Blocks; in training with the border that the reader asks for.</summary>
    public static LayoutChoice Formats(LayerCall call) =>
        new(Layout.Blocked, call.Mode.IsTraining ? new TensorFormat(Layout.Blocked, Border: call.Wish.Border) : Layout.Blocked);

    public static CpuDispatch Plan(BatchNorm2d layer, LayerCall call)
    {
        if (!call.Mode.IsTraining)
            return ChannelAffineKernel.Plan(layer, call);
        var c = Constants.Of(layer, call, layer.BatchStatistics(call.Input.Shape).Epsilon);
        PackedWeights[] parameters = [VectorPacking.Of(call, 0, Lanes.Count), VectorPacking.Of(call, 1, Lanes.Count), VectorPacking.Of(call, 2), VectorPacking.Of(call, 3)];
        return CpuDispatch.Create(&Measure, c, c.Parts * c.Blocks).WithScratch((long)c.Parts * c.Blocks * Constants.SumsOfPart, c.Blocks * (long)Constants.NumbersOfBlock)
            .Then(CpuDispatch.Create(&Combine, c, c.Blocks, parameters))
            .Then(c.IsBounded ? CpuDispatch.Create(&Normalise<Bounded>, c, c.Batch * c.Blocks) : CpuDispatch.Create(&Normalise<Unbounded>, c, c.Batch * c.Blocks));
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void Measure(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        for (int item = from; item < to; item++)
        {
            var (part, block) = Math.DivRem(item, c.Blocks);
            float* x = arguments->Inputs[0] + (block * c.Plane);
            var first = Vector512.Load(x);
            Vector512<double> lower = default, upper = default, squaresLower = default, squaresUpper = default;
            for (int n = c.First(part); n < c.First(part + 1); n++)
            {
                float* p = x + (n * c.Picture);
                for (float* end = p + c.Plane; p < end; p += Lanes.Count)
                {
                    var (l, u) = Vector512.Widen(Vector512.Load(p) - first);
                    lower += l;
                    upper += u;
                    squaresLower += l * l;
                    squaresUpper += u * u;
                }
            }

            var sums = (double*)(arguments->Scratch[0] + (item * (long)Constants.SumsOfPart));
            lower.Store(sums);
            upper.Store(sums + 8);
            squaresLower.Store(sums + 16);
            squaresUpper.Store(sums + 24);
        }
    }

    /// <summary>What normalises a block of channels, and what is kept of it.</summary>
    [MethodImpl(KernelCode.Optimized)]
    private static void Combine(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        double count = (double)c.Batch * c.Area;
        for (int block = from; block < to; block++)
        {
            float* numbers = arguments->Scratch[1] + (block * (long)Constants.NumbersOfBlock);
            int channel = block * Lanes.Count;
            for (int lane = 0; lane < Lanes.Count; lane++, channel++)
            {
                double sum = 0, squares = 0;
                for (int part = 0; part < c.Parts; part++)
                {
                    var sums = (double*)(arguments->Scratch[0] + (((part * (long)c.Blocks) + block) * Constants.SumsOfPart));
                    sum += sums[lane];
                    squares += sums[Lanes.Count + lane];
                }

                double mean = arguments->Inputs[0][(block * c.Plane) + lane] + (sum / count);
                // Rounding may make it less than nothing, and a NaN stays one.
                double variance = (squares - (sum * sum / count)) / count;
                variance = variance < 0 ? 0 : variance;
                float deviation = (float)Math.Sqrt(variance + c.Epsilon), scale = arguments->Weights[0][channel];
                float factor = deviation == 0 ? 0 : scale / deviation;
                numbers[lane] = (float)mean;
                numbers[Lanes.Count + lane] = (float)variance;
                numbers[(2 * Lanes.Count) + lane] = factor;
                // Far from zero a mean in float would cost digits: what it lacks is part of the offset.
                numbers[(3 * Lanes.Count) + lane] = (float)(arguments->Weights[1][channel] - ((mean - (float)mean) * factor));
                if (c.Keeps && channel < c.Channels)
                {
                    arguments->Outputs[5][channel] = arguments->Weights[2][channel] + (c.Momentum * ((float)mean - arguments->Weights[2][channel]));
                    arguments->Outputs[6][channel] = arguments->Weights[3][channel] + (c.Momentum * ((float)(variance * count / (count - 1)) - arguments->Weights[3][channel]));
                }
            }

            for (int i = 0; i < Constants.Numbers && c.Keeps; i++)
                Vector512.Load(numbers + (i * Lanes.Count)).Store(arguments->Outputs[1 + i] + (block * Lanes.Count));
        }
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void Normalise<TBounds>(CpuArguments* arguments, int from, int to)
        where TBounds : struct, IBounds
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        for (int plane = from; plane < to; plane++)
        {
            int block = plane % c.Blocks, channels = c.Channels - (block * Lanes.Count);
            float* numbers = arguments->Scratch[1] + (block * (long)Constants.NumbersOfBlock), x = arguments->Inputs[0] + (plane * c.Plane);
            float* y = arguments->Output + (plane * c.OutPlane);
            Lanes.Clear(y, c.Top * c.OutPitch);
            y += c.Top * c.OutPitch * (long)Lanes.Count;
            for (int row = 0; row < c.Rows; row++, x += c.Width * (long)Lanes.Count, y += c.OutPitch * (long)Lanes.Count)
            {
                Lanes.Clear(y, c.Left);
                NormaliseRow<TBounds>(x, y + (c.Left * Lanes.Count), numbers, c.Width, c.Lower, c.Upper, channels);
                Lanes.Clear(y + ((c.Left + c.Width) * (long)Lanes.Count), c.OutPitch - c.Left - c.Width);
            }

            Lanes.Clear(y, c.Bottom * c.OutPitch);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void NormaliseRow<TBounds>(float* x, float* y, float* numbers, int count, float least, float most, int channels)
        where TBounds : struct, IBounds
    {
        Vector512<float> mean = Vector512.Load(numbers), factor = Vector512.Load(numbers + (2 * Lanes.Count)), offset = Vector512.Load(numbers + (3 * Lanes.Count));
        Vector512<float> lower = Vector512.Create(least), upper = Vector512.Create(most), lanes = Lanes.KeepFirst(Vector512<float>.AllBitsSet, channels);
        for (int i = 0; i < count; i++, x += Lanes.Count, y += Lanes.Count)
            (TBounds.Apply(Lanes.MultiplyAdd(Vector512.Load(x) - mean, factor, offset), lower, upper) & lanes).StoreAligned(y);
    }

    /// <summary>The numbers of a call, forward or backward.</summary>
    /// <param name="Channels">Channels.</param>
    /// <param name="Blocks">Blocks of them.</param>
    /// <param name="Area">Pixels of a plane.</param>
    /// <param name="Batch">Pictures.</param>
    /// <param name="Parts">Parts of the batch.</param>
    /// <param name="Epsilon">Added to the variance.</param>
    /// <param name="Momentum">How far running statistics move.</param>
    /// <param name="Keeps">Whether forward saves what backward reads.</param>
    /// <param name="IsBounded">Whether an activation follows.</param>
    /// <param name="Lower">Its bounds.</param>
    /// <param name="Upper"><inheritdoc cref="Constants" path="/param[@name='Lower']"/></param>
    internal readonly record struct Constants(int Channels, int Blocks, int Area, int Batch, int Parts, float Epsilon, float Momentum, bool Keeps, bool IsBounded, float Lower, float Upper)
    {
        /// <summary>Floats of the sums of a part: two for each channel, in double.</summary>
        public const int SumsOfPart = 4 * Lanes.Count;

        /// <summary>What is known of a channel: mean, variance, factor, offset.</summary>
        public const int Numbers = 4;

        /// <summary>Floats of that for a block.</summary>
        public const int NumbersOfBlock = Numbers * Lanes.Count;

        /// <summary>Items that are enough for all threads.</summary>
        private const int EnoughItems = 16;

        /// <summary>Rows of a plane, or 1 where it is written as it is read, and pixels of them.</summary>
        public int Rows { get; private init; }

        /// <inheritdoc cref="Rows"/>
        public int Width { get; private init; }

        /// <summary>Pixels from a row of the output to the next, and floats from a plane to the next.</summary>
        public int OutPitch { get; private init; }

        /// <inheritdoc cref="OutPitch"/>
        public long OutPlane { get; private init; }

        /// <summary>Rows above and below the output, and pixels on its left.</summary>
        public int Top { get; private init; }

        /// <inheritdoc cref="Top"/>
        public int Bottom { get; private init; }

        /// <inheritdoc cref="Top"/>
        public int Left { get; private init; }

        /// <summary>Floats of a plane.</summary>
        public long Plane => Area * (long)Lanes.Count;

        /// <summary>Floats of a picture.</summary>
        public long Picture => Blocks * Plane;

        /// <summary>The first picture of a part.</summary>
        public int First(int part) => (int)((long)part * Batch / Parts);

        /// <summary>Those of a forward or backward call, whose first output is a picture.</summary>
        public static Constants Of(BatchNorm2d layer, LayerCall call, float epsilon)
        {
            var x = call.Input.Shape;
            var border = call.Output.Border;
            int blocks = BlockedLayout.Blocks(x.Channels, Lanes.Count), rows = border.IsNone ? 1 : x.Height, width = border.IsNone ? x.Area : x.Width;
            var (lower, upper) = layer.Activation.Bounds();
            int parts = Math.Clamp((EnoughItems + blocks - 1) / Math.Max(blocks, 1), 1, Math.Max(x.Batch, 1)), pitch = width + border.Left + border.Right;
            return new Constants(x.Channels, blocks, x.Area, x.Batch, parts, epsilon, layer.Momentum, call.Outputs.Length > 1, layer.Activation.Function != ActivationFunction.None, lower, upper)
            {
                Rows = rows, Width = width, OutPitch = pitch, OutPlane = (rows + border.Top + border.Bottom) * (long)pitch * Lanes.Count, Top = border.Top, Bottom = border.Bottom, Left = border.Left,
            };
        }
    }

    /// <summary>An activation that is no more than bounds, or none.</summary>
    internal interface IBounds
    {
        /// <summary>The activation.</summary>
        static abstract Vector512<float> Apply(Vector512<float> y, Vector512<float> lower, Vector512<float> upper);

        /// <summary>Its gradient, y being what it was applied to.</summary>
        static abstract Vector512<float> Backward(Vector512<float> dy, Vector512<float> y, Vector512<float> lower, Vector512<float> upper);
    }

    internal readonly struct Unbounded : IBounds
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Apply(Vector512<float> y, Vector512<float> lower, Vector512<float> upper) => y;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Backward(Vector512<float> dy, Vector512<float> y, Vector512<float> lower, Vector512<float> upper) => dy;
    }

    internal readonly struct Bounded : IBounds
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Apply(Vector512<float> y, Vector512<float> lower, Vector512<float> upper) => Lanes.Clamp(y, lower, upper);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Backward(Vector512<float> dy, Vector512<float> y, Vector512<float> lower, Vector512<float> upper) =>
            Vector512.AndNot(dy, Vector512.LessThanOrEqual(y, lower) | Vector512.GreaterThanOrEqual(y, upper));
    }
}
