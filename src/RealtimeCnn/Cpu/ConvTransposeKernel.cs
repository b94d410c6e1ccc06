using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>
/// The plain transposed convolution: lane = output channel, an item is one output row of one block of 16 channels, which gathers
/// what reaches it. Sums run over kh, kw, ic in that order.
/// </summary>
internal static unsafe class ConvTransposeKernel
{
    public static CpuDispatch Plan(ConvTranspose2d layer, LayerCall call)
    {
        var g = ConvolutionGeometry.Of(layer, call);
        return CpuDispatch.CreateWithTable(
            &Forward, g, StrideOrder.Of(layer).Places(), call.Output.Shape.Batch * g.OutBlocks * g.OutHeight,
            PackWeights(layer, call), VectorPacking.BiasOf(call, layer.OutChannels, Lanes.Count));
    }

    /// <summary>Weights as <c>[oc/16][taps][ic][16]</c>, ic within the group, taps in the order of <see cref="StrideOrder"/>.</summary>
    public static PackedWeights PackWeights(ConvTranspose2d layer, LayerCall call)
    {
        int inputs = layer.InChannels / layer.Groups, taps = layer.Kernel.Height * layer.Kernel.Width;
        return new(new TransposedWeightPacking(layer.Groups, inputs, layer.OutChannels / layer.Groups, taps, Lanes.Count, inputs) { Order = StrideOrder.Of(layer) }, call.Parameters[0]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Forward(CpuArguments* arguments, int from, int to)
    {
        ref readonly var g = ref *(ConvolutionGeometry*)arguments->Constants;
        for (int item = from; item < to; item++)
            ForwardRow(arguments, in g, CpuDispatch.Table<ConvolutionGeometry>(arguments), item / g.OutHeight / g.OutBlocks, item / g.OutHeight % g.OutBlocks, item % g.OutHeight);
    }

    /// <summary>A row of an output block. Input and output may have a border.</summary>
    /// <param name="arguments">What the step reads and writes.</param>
    /// <param name="g">The convolution.</param>
    /// <param name="places">Where the weights of each tap stand.</param>
    /// <param name="n">Batch item.</param>
    /// <param name="block">Block of output channels.</param>
    /// <param name="row">Row of the output.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ForwardRow(CpuArguments* arguments, in ConvolutionGeometry g, int* places, int n, int block, int row)
    {
        int channels = g.InChannels / g.Groups;
        int* firstChannel = stackalloc int[Lanes.Count];
        bool shared = FindGroups(in g, block, firstChannel);
        float* x = arguments->Inputs[0] + ((((long)n * g.InBlocks * g.InPlane) + g.InOrigin) * Lanes.Count), y = arguments->Output + g.OutputAt(n, block, row, 0);
        float* weights = arguments->Weights[0] + ((long)block * g.KernelHeight * g.KernelWidth * channels * Lanes.Count);
        for (int column = 0; column < g.OutWidth; column++, y += Lanes.Count)
        {
            var sum = Vector512.Load(arguments->Weights[1] + (block * Lanes.Count));
            for (int kh = 0; kh < g.KernelHeight; kh++)
            {
                int h = Source(row + g.Top - (kh * g.DilationHeight), g.StrideHeight, g.InHeight);
                for (int kw = 0; kw < g.KernelWidth; kw++)
                {
                    int source = Source(column + g.Left - (kw * g.DilationWidth), g.StrideWidth, g.InWidth);
                    if (h < 0 || source < 0)
                        continue;
                    float* pixel = x + (((h * g.InPitch) + source) * (long)Lanes.Count), w = weights + ((long)places[(kh * g.KernelWidth) + kw] * channels * Lanes.Count);
                    sum = shared ? AddShared(sum, pixel, w, firstChannel[0], channels, g.InPlane) : AddMixed(sum, pixel, w, firstChannel, channels, g.InPlane);
                }
            }

            Vector512.StoreAligned(Lanes.KeepFirst(g.Activation.Apply(sum), g.OutChannels - (block * Lanes.Count)), y);
        }
    }

    /// <summary>The first input channel of each lane's group; whether all lanes are of one group.</summary>
    private static bool FindGroups(in ConvolutionGeometry g, int block, int* firstChannel)
    {
        int channels = g.InChannels / g.Groups, outPerGroup = g.OutChannels / g.Groups;
        for (int lane = 0; lane < Lanes.Count; lane++)
            firstChannel[lane] = Math.Min((block * Lanes.Count) + lane, g.OutChannels - 1) / outPerGroup * channels;
        return firstChannel[0] == firstChannel[Lanes.Count - 1];
    }

    /// <summary>The input element that a position of the spread-out input holds, or −1 between elements and outside.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Source(int position, int stride, int length)
    {
        var (index, rest) = Math.DivRem(position, stride);
        return position >= 0 && rest == 0 && index < length ? index : -1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> AddShared(Vector512<float> sum, float* pixel, float* w, int first, int channels, int area)
    {
        for (int i = 0; i < channels; i++)
        {
            int channel = first + i;
            float value = pixel[((long)(channel / Lanes.Count) * area * Lanes.Count) + (channel % Lanes.Count)];
            sum = Vector512.MultiplyAddEstimate(Vector512.Create(value), Vector512.Load(w + (i * Lanes.Count)), sum);
        }

        return sum;
    }

    private static Vector512<float> AddMixed(Vector512<float> sum, float* pixel, float* w, int* firstChannel, int channels, int area)
    {
        Vector512<float> values = default;
        for (int i = 0; i < channels; i++)
        {
            for (int lane = 0; lane < Lanes.Count; lane++)
            {
                int channel = firstChannel[lane] + i;
                ((float*)&values)[lane] = pixel[((long)(channel / Lanes.Count) * area * Lanes.Count) + (channel % Lanes.Count)];
            }

            sum = Vector512.MultiplyAddEstimate(values, Vector512.Load(w + (i * Lanes.Count)), sum);
        }

        return sum;
    }
}
