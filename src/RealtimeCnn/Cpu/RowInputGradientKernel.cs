using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>
/// The gradient of a convolution by an input of few channels, row-major, in tiles of pixels (<see cref="PixelTile"/>):
/// <c>dx[ic,h,w] = Σ over kh,kw,oc of dy[oc,h − kh,w − kw]·w[oc,ic,kh,kw]</c>, in that order, for windows of step 1 that reach over no
/// edge. An item is some pictures, of which the output's gradients are brought into row-major planes with zeros between their
/// rows; rows over the edge are left out.
/// </summary>
/// <remarks>
/// Twin: <see cref="InputGradientKernel"/>. The zeros are multiplied with the weights; where a weight is not finite, they are left out one
/// by one.
/// </remarks>
internal static unsafe class RowInputGradientKernel
{
    /// <summary>Whether the input has few channels, and was row-major.</summary>
    public static bool Fits(ConvolutionLayer layer, LayerCall call) =>
        call.Forward!.Input.Layout == Layout.Plain && layer.InChannels <= PixelTile.Channels && RowConvolutionKernel.Slides(layer, call.Output.Shape, call.Input.Shape);

    /// <summary>Channel-blocked in, row-major out.</summary>
    public static LayoutChoice Formats(LayerCall call) => new(Layout.Blocked, Layout.Plain);

    public static CpuDispatch Plan(ConvolutionLayer layer, LayerCall call)
    {
        var c = new Constants(ConvolutionGeometry.Of(layer, call.Output, call.Input), call.Input.Shape.Batch);
        var g = c.Geometry;
        int taps = g.KernelHeight * g.KernelWidth;
        int[] offsets = new int[taps * g.OutChannels];
        for (int i = 0; i < offsets.Length; i++)
        {
            var (tap, channel) = Math.DivRem(i, g.OutChannels);
            var (kh, kw) = Math.DivRem(tap, g.KernelWidth);
            offsets[i] = (((channel * g.OutHeight) - (kh * g.DilationHeight)) * c.Pitch) - (kw * g.DilationWidth);
        }

        int items = (c.Batch + c.Pictures - 1) / c.Pictures;
        var weights = new PackedWeights(new TransposedWeightPacking(1, g.OutChannels, g.InChannels, taps, PixelTile.Channels, g.OutChannels), call.Parameters[0]);
        return CpuDispatch.CreateWithTable(&Backward, c, offsets, items, weights, FillPacking.Of(g.InChannels, Lanes.Count, 0), new PackedWeights(new FinitePacking(), call.Parameters[0]))
            .WithScratch(items * c.Pictures * c.FloatsOfPicture);
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void Backward(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        var g = c.Geometry;
        float** inputs = stackalloc float*[PixelTile.Places], outputs = stackalloc float*[PixelTile.Places];
        int* offsets = CpuDispatch.Table<Constants>(arguments);
        int tapsOfRow = g.KernelWidth * g.OutChannels;
        var tile = new PixelTile { Bias = arguments->Weights[1], Written = g.InChannels, OutputStride = (nint)g.InHeight * g.InWidth, Pixels = Math.Min(g.InWidth, Lanes.Count) };
        float* planes = arguments->Scratch[0] + (from * c.Pictures * c.FloatsOfPicture);
        // Of all items, only what lies between the zeros differs.
        new Span<float>(planes, (int)(c.Pictures * c.FloatsOfPicture)).Clear();
        for (int item = from; item < to; item++)
        {
            int picture = item * c.Pictures, pictures = Math.Min(c.Pictures, c.Batch - picture), places = pictures * c.Vectors;
            for (int i = 0; i < pictures; i++)
                Fill(arguments, in c, picture + i, planes + (i * c.FloatsOfPicture));
            for (int row = 0; row < g.InHeight; row++)
            {
                // The rows of windows that see the row: those of outputs that there are.
                int first = Math.Max((row - g.OutHeight + g.DilationHeight) / g.DilationHeight, 0), end = Math.Min(row / g.DilationHeight, g.KernelHeight - 1) + 1;
                tile.Offsets = offsets + (first * tapsOfRow);
                tile.Weights = arguments->Weights[0] + ((nint)first * tapsOfRow * PixelTile.Channels);
                tile.Taps = Math.Max(end - first, 0) * tapsOfRow;
                for (int place = 0; place < places; place += PixelTile.Places)
                {
                    for (int i = 0; i < PixelTile.Places; i++)
                    {
                        // Behind the last place stands that one again, and the last of a row begins early enough to be whole.
                        var (p, v) = Math.DivRem(Math.Min(place + i, places - 1), c.Vectors);
                        int column = Math.Min(v * Lanes.Count, Math.Max(g.InWidth - Lanes.Count, 0));
                        inputs[i] = planes + (p * c.FloatsOfPicture) + (row * c.Pitch) + c.Left + column;
                        outputs[i] = arguments->Output + (((((long)picture + p) * g.InChannels * g.InHeight) + row) * g.InWidth) + column;
                    }

                    PixelTile.Compute(&tile, inputs, outputs);
                }
            }

            if (arguments->Weights[2][0] == 0)
                ComputeInside(arguments, in c, picture, pictures, planes);
        }
    }

    /// <summary>Brings the gradients of a picture's outputs into planes.</summary>
    [MethodImpl(KernelCode.Optimized)]
    private static void Fill(CpuArguments* arguments, in Constants c, int n, float* planes)
    {
        var g = c.Geometry;
        for (int channel = 0; channel < g.OutChannels; channel += 4)
        {
            int channels = Math.Min(g.OutChannels - channel, 4);
            nint plane = (nint)g.OutHeight * c.Pitch;
            float* dy = arguments->Inputs[0] + ((((long)n * g.OutBlocks) + (channel / Lanes.Count)) * g.OutPlane * Lanes.Count) + (channel % Lanes.Count);
            for (int row = 0; row < g.OutHeight; row++)
            {
                float* to = planes + (channel * plane) + (row * (nint)c.Pitch) + c.Left;
                int column = 0;
                for (; column <= g.OutWidth - 4; column += 4, dy += 4 * Lanes.Count)
                {
                    var t = new Transposed(dy, 4, Lanes.Count);
                    t.R0.Store(to + column);
                    if (channels > 1)
                        t.R1.Store(to + plane + column);
                    if (channels > 2)
                        t.R2.Store(to + (2 * plane) + column);
                    if (channels > 3)
                        t.R3.Store(to + (3 * plane) + column);
                }

                for (; column < g.OutWidth; column++, dy += Lanes.Count)
                {
                    for (int k = 0; k < channels; k++)
                        to[(k * plane) + column] = dy[k];
                }
            }
        }
    }

    /// <summary>Some pictures without the zeros: a weight that is not finite, times zero, would be NaN.</summary>
    private static void ComputeInside(CpuArguments* arguments, in Constants c, int picture, int pictures, float* planes)
    {
        var g = c.Geometry;
        int plane = g.InHeight * g.InWidth;
        for (int i = 0; i < pictures * g.InChannels * plane; i++)
        {
            var (map, place) = Math.DivRem(i, plane);
            var (p, channel) = Math.DivRem(map, g.InChannels);
            var (row, column) = Math.DivRem(place, g.InWidth);
            float sum = 0;
            float* w = arguments->Weights[0] + channel;
            for (int tap = 0; tap < g.KernelHeight * g.KernelWidth; tap++, w += (nint)g.OutChannels * PixelTile.Channels)
            {
                int outRow = row - (tap / g.KernelWidth * g.DilationHeight), outColumn = column - (tap % g.KernelWidth * g.DilationWidth);
                if ((uint)outRow >= (uint)g.OutHeight || (uint)outColumn >= (uint)g.OutWidth)
                    continue;
                float* dy = planes + (p * c.FloatsOfPicture) + (outRow * c.Pitch) + c.Left + outColumn;
                for (int output = 0; output < g.OutChannels; output++)
                    sum = float.MultiplyAddEstimate(dy[(nint)output * g.OutHeight * c.Pitch], w[(nint)output * PixelTile.Channels], sum);
            }

            arguments->Output[((long)picture * g.InChannels * plane) + i] = sum;
        }
    }

    /// <param name="Geometry">The convolution.</param>
    /// <param name="Batch">Pictures.</param>
    private readonly record struct Constants(ConvolutionGeometry Geometry, int Batch)
    {
        /// <summary>Zeros before a row, which are those behind the row above, too.</summary>
        public int Left => (Geometry.KernelWidth - 1) * Geometry.DilationWidth;

        /// <summary>Floats from a row to the next.</summary>
        public int Pitch => Left + Geometry.OutWidth;

        /// <summary>Floats of a picture's planes, with zeros behind the last row and for the last vector.</summary>
        public long FloatsOfPicture => ((long)Geometry.OutChannels * Geometry.OutHeight * Pitch) + Left + Lanes.Count;

        /// <summary>Places of a row.</summary>
        public int Vectors => (Geometry.InWidth + Lanes.Count - 1) / Lanes.Count;

        /// <summary>Pictures of an item: enough for a tile.</summary>
        public int Pictures => Math.Max(PixelTile.Places / Vectors, 1);
    }
}
