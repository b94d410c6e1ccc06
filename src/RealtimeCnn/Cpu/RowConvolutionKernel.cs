using System.Runtime.CompilerServices;
using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>
/// Convolution of a row-major picture into few channels, which stay row-major, in training: windows of step 1 that reach over no edge, in
/// tiles of pixels (<see cref="PixelTile"/>). An item is a strip of output rows; each output is summed over kh, kw, ic in that order.
/// </summary>
/// <remarks>Twin: <see cref="ConvolutionKernel"/>.</remarks>
internal static unsafe class RowConvolutionKernel
{
    /// <summary>Output rows of an item.</summary>
    private const int RowsOfItem = 4;

    /// <summary>Whether a training step reads few row-major channels and writes few; at inference an activation is part of the convolution.</summary>
    public static bool Fits(ConvolutionLayer layer, LayerCall call) =>
        call.Mode.IsTraining && call.Input.Layout == Layout.Plain && layer is { InChannels: <= PixelTile.Channels, OutChannels: <= PixelTile.Channels }
        && Slides(layer, call.Input.Shape, call.Output.Shape) && call.Output.Shape.Width >= Lanes.Count;

    /// <summary>Whether windows of more than a pixel go step by step over a picture and over none of its edges.</summary>
    public static bool Slides(ConvolutionLayer layer, Shape x, Shape y) =>
        layer is { GroupCount: 1, Stride: { Height: 1, Width: 1 }, AddsResidual: false } && layer.Activation == Activation.None && layer.Kernel.Height * layer.Kernel.Width > 1
        && layer.PaddingFor(x).IsNone && y.Area > 0;

    public static CpuDispatch Plan(ConvolutionLayer layer, LayerCall call)
    {
        var g = ConvolutionGeometry.Of(layer, call);
        int[] offsets = new int[g.KernelHeight * g.KernelWidth * g.InChannels];
        for (int tap = 0; tap < offsets.Length; tap++)
        {
            var (place, channel) = Math.DivRem(tap, g.InChannels);
            var (kh, kw) = Math.DivRem(place, g.KernelWidth);
            offsets[tap] = (((channel * g.InHeight) + (kh * g.DilationHeight)) * g.InWidth) + (kw * g.DilationWidth);
        }

        int strips = (g.OutHeight + RowsOfItem - 1) / RowsOfItem;
        var weights = new PackedWeights(new WeightPacking(g.OutChannels, g.InChannels, g.KernelHeight * g.KernelWidth, PixelTile.Channels), call.Parameters[0]);
        return CpuDispatch.CreateWithTable(&Forward, new Constants(g, offsets.Length, strips), offsets, call.Output.Shape.Batch * strips, weights, ConvolutionGeometry.PackBias(layer, call));
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void Forward(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        var g = c.Geometry;
        int vectors = (g.OutWidth + Lanes.Count - 1) / Lanes.Count;
        float** inputs = stackalloc float*[PixelTile.Places], outputs = stackalloc float*[PixelTile.Places];
        var tile = new PixelTile
        {
            Bias = arguments->Weights[1], Weights = arguments->Weights[0], Offsets = CpuDispatch.Table<Constants>(arguments), Taps = c.Taps,
            Written = g.OutChannels, OutputStride = (nint)g.OutHeight * g.OutWidth, Pixels = Lanes.Count,
        };
        for (int item = from; item < to; item++)
        {
            int n = Math.DivRem(item, c.Strips, out int strip), row = strip * RowsOfItem, places = Math.Min(RowsOfItem, g.OutHeight - row) * vectors;
            float* x = arguments->Inputs[0] + ((((long)n * g.InChannels * g.InHeight) + row) * g.InWidth);
            float* y = arguments->Output + ((((long)n * g.OutChannels * g.OutHeight) + row) * g.OutWidth);
            for (int first = 0; first < places; first += PixelTile.Places)
            {
                for (int i = 0; i < PixelTile.Places; i++)
                {
                    // Behind the last place stands that one again, and the last of a row begins early enough to be whole.
                    var (r, v) = Math.DivRem(Math.Min(first + i, places - 1), vectors);
                    int column = Math.Min(v * Lanes.Count, g.OutWidth - Lanes.Count);
                    inputs[i] = x + (r * (long)g.InWidth) + column;
                    outputs[i] = y + (r * (long)g.OutWidth) + column;
                }

                PixelTile.Compute(&tile, inputs, outputs);
            }
        }
    }

    /// <param name="Geometry">The convolution.</param>
    /// <param name="Taps">Numbers under a window.</param>
    /// <param name="Strips">Items of a picture.</param>
    private readonly record struct Constants(ConvolutionGeometry Geometry, int Taps, int Strips);
}
