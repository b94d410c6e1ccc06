using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace RealtimeCnn.Cpu;

/// <summary>
/// Rows of one block of a depthwise convolution whose windows all lie in memory: sums of a bias and the window's products in the
/// order kh, kw, clamped to an interval. Distances are in floats.
/// </summary>
internal unsafe struct DepthwiseStrip
{
    /// <summary>What the first window reads first.</summary>
    public float* Input;

    /// <summary>From the window of an output row to that of the next.</summary>
    public long RowStep;

    /// <summary>From the window of an output column to that of the next.</summary>
    public long ColumnStep;

    /// <summary>From a row of a window to the next.</summary>
    public long KernelRowStep;

    /// <summary>From a column of a window to the next.</summary>
    public long KernelColumnStep;

    /// <summary>Extent of a window.</summary>
    public int KernelHeight;

    /// <inheritdoc cref="KernelHeight"/>
    public int KernelWidth;

    /// <summary>Weights <c>[kh][kw][16]</c>.</summary>
    public float* Weights;

    /// <summary>One vector.</summary>
    public float* Bias;

    /// <summary>The first output pixel.</summary>
    public float* Output;

    /// <summary>From an output row to the next.</summary>
    public long OutputRowStep;

    /// <summary>How many output rows.</summary>
    public int Rows;

    /// <summary>How many pixels of each.</summary>
    public int Columns;

    /// <summary>The least results; NaN stays NaN.</summary>
    public Vector512<float> Lower;

    /// <summary>The largest results.</summary>
    public Vector512<float> Upper;

    /// <summary>Pixels of a tile: with 512 bits 8 sums, 5 weights and a value are in registers; else 4 sums of two halves.</summary>
    private static readonly int MostPixels = Vector512.IsHardwareAccelerated ? 8 : 4;

    /// <summary>Strips of a convolution whose input rows have its pitch, unclamped.</summary>
    public static DepthwiseStrip Of(in ConvolutionGeometry g) => new()
    {
        RowStep = g.StrideHeight * (long)g.InPitch * Lanes.Count,
        ColumnStep = g.StrideWidth * Lanes.Count,
        KernelRowStep = g.DilationHeight * (long)g.InPitch * Lanes.Count,
        KernelColumnStep = g.DilationWidth * Lanes.Count,
        KernelHeight = g.KernelHeight,
        KernelWidth = g.KernelWidth,
        OutputRowStep = g.OutWidth * (long)Lanes.Count,
        Columns = g.OutWidth,
        Lower = Vector512.Create(float.NegativeInfinity),
        Upper = Vector512.Create(float.PositiveInfinity),
    };

    /// <summary>What computes strips of such windows: those that most networks have know their extent and step.</summary>
    public static delegate*<DepthwiseStrip*, void> Kernel(int kernelWidth, int stride, int dilation) => (kernelWidth, stride, dilation) switch
    {
        (3, 1, 1) => &Compute<Three, One>,
        (3, 2, 1) => &Compute<Three, Two>,
        (5, 1, 1) => &Compute<Five, One>,
        (5, 2, 1) => &Compute<Five, Two>,
        _ => &Compute<Any, Any>,
    };

    /// <summary>A row is tiles of 8 and of 4 pixels, of which the last overlaps the one before; only rows of fewer than 4 are computed pixel by pixel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Compute<TWidth, TStride>(DepthwiseStrip* strip)
        where TWidth : INumber
        where TStride : INumber
    {
        var s = *strip;
        for (int row = 0; row < s.Rows; row++, s.Input += s.RowStep, s.Output += s.OutputRowStep)
        {
            for (int column = 0; column < s.Columns;)
            {
                int left = s.Columns - column;
                if (left > 4 && s.Columns >= 8 && MostPixels == 8)
                {
                    column = Math.Min(column, s.Columns - 8);
                    Tile<TWidth, TStride>(8, &s, column);
                    column += 8;
                }
                else if (left > 1 && s.Columns >= 4)
                {
                    column = Math.Min(column, s.Columns - 4);
                    Tile<TWidth, TStride>(4, &s, column);
                    column += 4;
                }
                else
                {
                    Tile<TWidth, TStride>(1, &s, column++);
                }
            }
        }
    }

    /// <summary>So many pixels of a row: 1, 4 or 8, constant where this is inlined.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Tile<TWidth, TStride>(int pixels, DepthwiseStrip* strip, int column)
        where TWidth : INumber
        where TStride : INumber
    {
        long step = TStride.IsKnown ? TStride.Value * Lanes.Count : strip->ColumnStep, next = TWidth.IsKnown ? Lanes.Count : strip->KernelColumnStep;
        var s0 = Vector512.Load(strip->Bias);
        Vector512<float> s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
        float* w = strip->Weights, row = strip->Input + (column * step);
        for (int kh = 0; kh < strip->KernelHeight; kh++, row += strip->KernelRowStep)
        {
            float* p = row;
            if (TWidth.IsKnown)
            {
                Add(pixels, p, w, step, ref s0, ref s1, ref s2, ref s3, ref s4, ref s5, ref s6, ref s7);
                Add(pixels, p + next, w + Lanes.Count, step, ref s0, ref s1, ref s2, ref s3, ref s4, ref s5, ref s6, ref s7);
                Add(pixels, p + (2 * next), w + (2 * Lanes.Count), step, ref s0, ref s1, ref s2, ref s3, ref s4, ref s5, ref s6, ref s7);
                if (TWidth.Value > 3)
                {
                    Add(pixels, p + (3 * next), w + (3 * Lanes.Count), step, ref s0, ref s1, ref s2, ref s3, ref s4, ref s5, ref s6, ref s7);
                    Add(pixels, p + (4 * next), w + (4 * Lanes.Count), step, ref s0, ref s1, ref s2, ref s3, ref s4, ref s5, ref s6, ref s7);
                }

                w += TWidth.Value * Lanes.Count;
            }
            else
            {
                for (int kw = 0; kw < strip->KernelWidth; kw++, p += next, w += Lanes.Count)
                    Add(pixels, p, w, step, ref s0, ref s1, ref s2, ref s3, ref s4, ref s5, ref s6, ref s7);
            }
        }

        Vector512<float> lower = strip->Lower, upper = strip->Upper;
        float* y = strip->Output + (column * (long)Lanes.Count);
        Store(s0, lower, upper, y);
        if (pixels > 1)
        {
            Store(s1, lower, upper, y + Lanes.Count);
            Store(s2, lower, upper, y + (2 * Lanes.Count));
            Store(s3, lower, upper, y + (3 * Lanes.Count));
        }

        if (pixels > 4)
        {
            Store(s4, lower, upper, y + (4 * Lanes.Count));
            Store(s5, lower, upper, y + (5 * Lanes.Count));
            Store(s6, lower, upper, y + (6 * Lanes.Count));
            Store(s7, lower, upper, y + (7 * Lanes.Count));
        }
    }

    /// <summary>One place of the window for all pixels of a tile.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(
        int pixels, float* p, float* weights, long step, ref Vector512<float> s0, ref Vector512<float> s1, ref Vector512<float> s2, ref Vector512<float> s3,
        ref Vector512<float> s4, ref Vector512<float> s5, ref Vector512<float> s6, ref Vector512<float> s7)
    {
        var weight = Vector512.Load(weights);
        s0 = Vector512.MultiplyAddEstimate(Vector512.Load(p), weight, s0);
        if (pixels > 1)
        {
            s1 = Vector512.MultiplyAddEstimate(Vector512.Load(p + step), weight, s1);
            s2 = Vector512.MultiplyAddEstimate(Vector512.Load(p + (2 * step)), weight, s2);
            s3 = Vector512.MultiplyAddEstimate(Vector512.Load(p + (3 * step)), weight, s3);
        }

        if (pixels > 4)
        {
            s4 = Vector512.MultiplyAddEstimate(Vector512.Load(p + (4 * step)), weight, s4);
            s5 = Vector512.MultiplyAddEstimate(Vector512.Load(p + (5 * step)), weight, s5);
            s6 = Vector512.MultiplyAddEstimate(Vector512.Load(p + (6 * step)), weight, s6);
            s7 = Vector512.MultiplyAddEstimate(Vector512.Load(p + (7 * step)), weight, s7);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector512<float> sum, Vector512<float> lower, Vector512<float> upper, float* y) => Vector512.StoreAligned(Lanes.Clamp(sum, lower, upper), y);

    /// <summary>A number that the compiler of the running program may know.</summary>
    private interface INumber
    {
        static virtual bool IsKnown => true;

        static abstract int Value { get; }
    }

    private readonly struct Any : INumber
    {
        public static bool IsKnown => false;

        public static int Value => 0;
    }

    private readonly struct One : INumber { public static int Value => 1; }

    private readonly struct Two : INumber { public static int Value => 2; }

    private readonly struct Three : INumber { public static int Value => 3; }

    private readonly struct Five : INumber { public static int Value => 5; }
}
