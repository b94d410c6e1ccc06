using System.Runtime.CompilerServices;
using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>The numbers that every CPU convolution kernel reads: extents, steps, and where the window starts.</summary>
internal readonly record struct ConvolutionGeometry(
    int InChannels, int InBlocks, int InHeight, int InWidth,
    int OutChannels, int OutBlocks, int OutHeight, int OutWidth,
    int KernelHeight, int KernelWidth, int StrideHeight, int StrideWidth,
    int Top, int Left, int DilationHeight, int DilationWidth,
    PaddingMode PaddingMode, Activation Activation, int Residual, int Groups)
{
    /// <summary>Pixels from an input row to the next, and from a plane to the next, its border included.</summary>
    public int InPitch { get; init; }

    /// <inheritdoc cref="InPitch"/>
    public int InPlane { get; private init; }

    /// <summary>The first pixel of an input plane that is no border.</summary>
    public int InOrigin { get; private init; }

    /// <summary>The zeros that the output is written with.</summary>
    public Border OutBorder { get; private init; }

    /// <summary>Pixels from an output row to the next.</summary>
    public int OutPitch
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => OutWidth + OutBorder.Left + OutBorder.Right;
    }

    /// <summary>Pixels from an output plane to the next.</summary>
    public int OutPlane
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (OutHeight + OutBorder.Top + OutBorder.Bottom) * OutPitch;
    }

    /// <summary>Floats from the output's first to a pixel of one of its blocks.</summary>
    public long OutputAt(int n, int block, int row, int column) =>
        (((((long)n * OutBlocks) + block) * OutPlane) + ((row + OutBorder.Top) * (long)OutPitch) + OutBorder.Left + column) * Lanes.Count;

    /// <summary>The same of the residual, which has no border.</summary>
    public long ResidualAt(int n, int block, int row, int column) => ((((((long)n * OutBlocks) + block) * OutHeight) + row) * OutWidth + column) * Lanes.Count;

    /// <summary>The picture as a single row, where windows of one pixel see each of its pixels once; else as it is.</summary>
    public ConvolutionGeometry Flattened()
    {
        bool single = this is { KernelHeight: 1, KernelWidth: 1, StrideHeight: 1, StrideWidth: 1, Top: 0, Left: 0, OutBorder.IsNone: true };
        if (!single || InHeight != OutHeight || InWidth != OutWidth)
            return this;
        int area = InHeight * InWidth;
        return this with { InHeight = 1, InWidth = area, OutHeight = 1, OutWidth = area, InPitch = area, InPlane = area };
    }

    /// <summary>How far windows reach over each edge of the input, and what lies there.</summary>
    public Border Reach
    {
        get
        {
            var reach = new Border(
                Math.Max(Top, 0), Math.Max(Left, 0),
                Math.Max(((OutHeight - 1) * StrideHeight) + ((KernelHeight - 1) * DilationHeight) - Top - InHeight + 1, 0),
                Math.Max(((OutWidth - 1) * StrideWidth) + ((KernelWidth - 1) * DilationWidth) - Left - InWidth + 1, 0));
            return reach.IsNone ? default : reach with { Mode = PaddingMode };
        }
    }

    /// <summary>Whether windows see zeros over the edge of the input, which weights that are not finite would make NaN.</summary>
    public bool ReachesZeros => PaddingMode == PaddingMode.Zero && !Reach.IsNone;

    /// <summary>Whether the input's planes with what windows see over their edges are at most so many times as large as without: wide borders of small planes are checked cheaper than stored.</summary>
    public static bool HasNarrowBorder(ConvolutionLayer layer, LayerCall call, int mostGrowth) =>
        Of(layer, call).Reach.Pixels(call.Input.Shape) <= mostGrowth * (long)call.Input.Shape.Area;

    /// <summary>The numbers of a forward call.</summary>
    public static ConvolutionGeometry Of(ConvolutionLayer layer, LayerCall call) => Of(layer, call.Input, call.Output);

    /// <summary>The numbers of a convolution that reads and writes tensors like these.</summary>
    public static ConvolutionGeometry Of(ConvolutionLayer layer, TensorInfo input, TensorInfo output) => Of(
        input, output, layer.Kernel, layer.Stride, layer.PaddingFor(input.Shape), layer.Dilation, layer.PaddingMode, layer.Activation, layer.AddsResidual ? 1 : 0, layer.GroupCount);

    /// <summary>The numbers of a transposed convolution, whose steps and paddings are those of its output.</summary>
    public static ConvolutionGeometry Of(ConvTranspose2d layer, LayerCall call) => Of(
        call.Input, call.Output, layer.Kernel, layer.Stride, layer.PaddingFor(call.Input.Shape), layer.Dilation, PaddingMode.Zero, layer.Activation, 0, layer.Groups);

    private static ConvolutionGeometry Of(
        TensorInfo input, TensorInfo output, Size2d kernel, Size2d stride, Padding2d padding, Size2d dilation, PaddingMode mode, Activation activation, int residual, int groups)
    {
        Shape x = input.Shape, y = output.Shape;
        return new ConvolutionGeometry(
            x.Channels, BlockedLayout.Blocks(x.Channels, Lanes.Count), x.Height, x.Width,
            y.Channels, BlockedLayout.Blocks(y.Channels, Lanes.Count), y.Height, y.Width,
            kernel.Height, kernel.Width, stride.Height, stride.Width, padding.Top, padding.Left, dilation.Height, dilation.Width, mode, activation, residual, groups)
        {
            InPitch = input.Border.Pitch(x),
            InPlane = input.Border.Plane(x),
            InOrigin = input.Border.Origin(x),
            OutBorder = output.Border,
        };
    }

    /// <summary>The input row under row <paramref name="kernelRow"/> of the window of output row <paramref name="outRow"/>, or −1 for zeros.</summary>
    public int SourceRow(int outRow, int kernelRow) =>
        Window.Source((outRow * StrideHeight) - Top + (kernelRow * DilationHeight), InHeight, PaddingMode);

    /// <summary>The input column under column <paramref name="kernelColumn"/> of the window of output column <paramref name="outColumn"/>, or −1 for zeros.</summary>
    public int SourceColumn(int outColumn, int kernelColumn) =>
        Window.Source((outColumn * StrideWidth) - Left + (kernelColumn * DilationWidth), InWidth, PaddingMode);

    /// <summary>Writes the zeros at both ends of an output row, and all rows of them above the first and below the last.</summary>
    [MethodImpl(KernelCode.Optimized)]
    public unsafe void ClearBorder(float* output, int plane, int row)
    {
        float* start = output + (((long)plane * OutPlane) + ((row + OutBorder.Top) * (long)OutPitch)) * Lanes.Count;
        Lanes.Clear(start, OutBorder.Left);
        Lanes.Clear(start + ((OutBorder.Left + OutWidth) * Lanes.Count), OutBorder.Right);
        if (row == 0)
            Lanes.Clear(start - (OutBorder.Top * (long)OutPitch * Lanes.Count), OutBorder.Top * OutPitch);
        if (row == OutHeight - 1)
            Lanes.Clear(start + (OutPitch * Lanes.Count), OutBorder.Bottom * OutPitch);
    }

    /// <summary>Does to outputs that are clamped already what the activation does beyond, and zeroes the lanes behind the last channel.</summary>
    /// <param name="outputs">The first block's.</param>
    /// <param name="stride">Floats from one block's to the next's.</param>
    /// <param name="count">Pixels.</param>
    /// <param name="block">Number of the first block.</param>
    /// <param name="blocks">Blocks.</param>
    public unsafe void FinishRun(float* outputs, nint stride, int count, int block, int blocks)
    {
        for (int b = 0; b < blocks; b++, outputs += stride)
        {
            int channels = OutChannels - ((block + b) * Lanes.Count);
            Activation.ApplyCurve(outputs, count, channels);
            if (channels < Lanes.Count)
                Lanes.ClearTail(outputs, count, channels);
        }
    }

    /// <summary>Bias values of whole blocks, zero behind the last channel and where the layer has none.</summary>
    public static PackedWeights PackBias(ConvolutionLayer layer, LayerCall call) => VectorPacking.BiasOf(call, layer.OutChannels, Lanes.Count);
}
