using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>
/// The plain convolution of the CPU path, for any parameters. An item is one output row of one block of 16 output channels;
/// lane = output channel, and a tile of pixels shares each weight vector. Sums run over kh, kw, ic in that order, with FMA where
/// the machine has it.
/// </summary>
internal static unsafe class ConvolutionKernel
{
    private const int Tile = 8;

    public static CpuDispatch Plan(ConvolutionLayer layer, LayerCall call)
    {
        var geometry = ConvolutionGeometry.Of(layer, call);
        int items = call.Output.Shape.Batch * geometry.OutBlocks * geometry.OutHeight;
        int outPerGroup = layer.OutChannels / layer.GroupCount;
        // Lanes of a block share their input channels when the block lies inside one group.
        bool shared = layer.GroupCount == 1 || outPerGroup % Lanes.Count == 0;
        return CpuDispatch.Create(
            shared ? &ForwardShared : &ForwardMixed, geometry, items,
            PackWeights(layer, call), ConvolutionGeometry.PackBias(layer, call));
    }

    /// <summary>Weights as <c>[oc/16][kh][kw][ic][16]</c>, ic within the group.</summary>
    public static PackedWeights PackWeights(ConvolutionLayer layer, LayerCall call) =>
        new(new WeightPacking(layer.OutChannels, layer.ChannelsPerGroup, layer.Kernel.Height * layer.Kernel.Width, Lanes.Count), call.Parameters[0]);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ForwardShared(CpuArguments* arguments, int from, int to)
    {
        ref readonly var g = ref *(ConvolutionGeometry*)arguments->Constants;
        for (int item = from; item < to; item++)
            ForwardRow(arguments, in g, item / g.OutHeight / g.OutBlocks, item / g.OutHeight % g.OutBlocks, item % g.OutHeight);
    }

    /// <summary>A row of an output block whose lanes share their input channels. Input and output may have a border.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ForwardRow(CpuArguments* arguments, in ConvolutionGeometry g, int n, int block, int row)
    {
        var bias = Vector512.Load(arguments->Weights[1] + (block * Lanes.Count));
        var sums = stackalloc Vector512<float>[Tile];
        for (int column = 0; column < g.OutWidth; column += Tile)
        {
            int count = Math.Min(Tile, g.OutWidth - column);
            Sum(arguments->Inputs[0], arguments->Weights[0], in g, n, block, row, column, count, bias, sums);
            Store(arguments, in g, n, block, row, column, count, sums);
        }
    }

    /// <summary>The sums of at most 8 pixels of a row of such a block, before residual and activation.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Sum(
        float* input, float* weights, in ConvolutionGeometry g, int n, int block, int row, int column, int count, Vector512<float> bias, Vector512<float>* sums)
    {
        int channels = g.InChannels / g.Groups, firstChannel = block * Lanes.Count / (g.OutChannels / g.Groups) * channels;
        int* pixels = stackalloc int[Tile], sources = stackalloc int[Tile];
        float* x = input + ((((long)n * g.InBlocks * g.InPlane) + g.InOrigin) * Lanes.Count);
        float* w = weights + ((long)block * g.KernelHeight * g.KernelWidth * channels * Lanes.Count);
        for (int p = 0; p < count; p++)
            sums[p] = bias;
        for (int kh = 0; kh < g.KernelHeight; kh++)
        {
            int sourceRow = g.SourceRow(row, kh);
            for (int kw = 0; kw < g.KernelWidth; kw++, w += channels * Lanes.Count)
            {
                if (sourceRow < 0)
                    continue;
                int valid = 0;
                for (int p = 0; p < count; p++)
                {
                    int sourceColumn = g.SourceColumn(column + p, kw);
                    if (sourceColumn < 0)
                        continue;
                    pixels[valid] = p;
                    sources[valid++] = ((sourceRow * g.InPitch) + sourceColumn) * Lanes.Count;
                }

                Accumulate(x, w, firstChannel, channels, g.InPlane, sums, pixels, sources, valid);
            }
        }
    }

    /// <summary>Adds one tap of the window, all input channels of the group, to the pixels it lies inside the picture for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Accumulate(
        float* x, float* w, int firstChannel, int channels, int plane, Vector512<float>* sums, int* pixels, int* sources, int valid)
    {
        if (valid == Tile)
        {
            AccumulateWholeTile(x, w, firstChannel, channels, plane, sums, sources);
            return;
        }

        for (int c = 0; c < channels; c++)
        {
            int channel = firstChannel + c;
            float* values = x + ((long)(channel / Lanes.Count) * plane * Lanes.Count) + (channel % Lanes.Count);
            var weight = Vector512.Load(w + (c * Lanes.Count));
            for (int i = 0; i < valid; i++)
            {
                ref var sum = ref sums[pixels[i]];
                sum = Vector512.MultiplyAddEstimate(Vector512.Create(values[sources[i]]), weight, sum);
            }
        }
    }

    /// <summary>The same for a whole tile, with the sums in registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AccumulateWholeTile(float* x, float* w, int firstChannel, int channels, int plane, Vector512<float>* sums, int* sources)
    {
        Vector512<float> s0 = sums[0], s1 = sums[1], s2 = sums[2], s3 = sums[3], s4 = sums[4], s5 = sums[5], s6 = sums[6], s7 = sums[7];
        int o0 = sources[0], o1 = sources[1], o2 = sources[2], o3 = sources[3], o4 = sources[4], o5 = sources[5], o6 = sources[6], o7 = sources[7];
        for (int c = 0; c < channels; c++)
        {
            int channel = firstChannel + c;
            float* values = x + ((long)(channel / Lanes.Count) * plane * Lanes.Count) + (channel % Lanes.Count);
            var weight = Vector512.Load(w + (c * Lanes.Count));
            s0 = Vector512.MultiplyAddEstimate(Vector512.Create(values[o0]), weight, s0);
            s1 = Vector512.MultiplyAddEstimate(Vector512.Create(values[o1]), weight, s1);
            s2 = Vector512.MultiplyAddEstimate(Vector512.Create(values[o2]), weight, s2);
            s3 = Vector512.MultiplyAddEstimate(Vector512.Create(values[o3]), weight, s3);
            s4 = Vector512.MultiplyAddEstimate(Vector512.Create(values[o4]), weight, s4);
            s5 = Vector512.MultiplyAddEstimate(Vector512.Create(values[o5]), weight, s5);
            s6 = Vector512.MultiplyAddEstimate(Vector512.Create(values[o6]), weight, s6);
            s7 = Vector512.MultiplyAddEstimate(Vector512.Create(values[o7]), weight, s7);
        }

        (sums[0], sums[1], sums[2], sums[3], sums[4], sums[5], sums[6], sums[7]) = (s0, s1, s2, s3, s4, s5, s6, s7);
    }

    /// <summary>Adds the residual, applies the activation, and stores.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Store(CpuArguments* arguments, in ConvolutionGeometry g, int n, int block, int row, int column, int tile, Vector512<float>* sums)
    {
        float* y = arguments->Output + g.OutputAt(n, block, row, column);
        long residual = g.ResidualAt(n, block, row, column);
        int channels = g.OutChannels - (block * Lanes.Count);
        for (int p = 0; p < tile; p++, residual += Lanes.Count, y += Lanes.Count)
        {
            var sum = sums[p];
            if (g.Residual != 0)
                sum += Vector512.Load(arguments->Inputs[1] + residual);
            Vector512.StoreAligned(Lanes.KeepFirst(g.Activation.Apply(sum), channels), y);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ForwardMixed(CpuArguments* arguments, int from, int to)
    {
        ref readonly var g = ref *(ConvolutionGeometry*)arguments->Constants;
        for (int item = from; item < to; item++)
            ForwardMixedRow(arguments, in g, item / g.OutHeight / g.OutBlocks, item / g.OutHeight % g.OutBlocks, item % g.OutHeight);
    }

    /// <summary>A row of a block in which groups may end: each lane finds its own input channels. Input and output may have a border.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ForwardMixedRow(CpuArguments* arguments, in ConvolutionGeometry g, int n, int block, int row)
    {
        int channels = g.InChannels / g.Groups, outPerGroup = g.OutChannels / g.Groups;
        var sums = stackalloc Vector512<float>[1];
        float* x = arguments->Inputs[0] + ((((long)n * g.InBlocks * g.InPlane) + g.InOrigin) * Lanes.Count), lanes = (float*)sums;
        for (int column = 0; column < g.OutWidth; column++)
        {
            sums[0] = Vector512.Load(arguments->Weights[1] + (block * Lanes.Count));
            for (int lane = 0; lane < Math.Min(Lanes.Count, g.OutChannels - (block * Lanes.Count)); lane++)
            {
                int firstChannel = ((block * Lanes.Count) + lane) / outPerGroup * channels;
                float* w = arguments->Weights[0] + ((long)block * g.KernelHeight * g.KernelWidth * channels * Lanes.Count) + lane;
                lanes[lane] = SumLane(x, w, in g, row, column, firstChannel, channels, lanes[lane]);
            }

            Store(arguments, in g, n, block, row, column, 1, sums);
        }
    }

    private static float SumLane(float* x, float* w, in ConvolutionGeometry g, int row, int column, int firstChannel, int channels, float sum)
    {
        for (int kh = 0; kh < g.KernelHeight; kh++)
        {
            int sourceRow = g.SourceRow(row, kh);
            for (int kw = 0; kw < g.KernelWidth; kw++, w += channels * Lanes.Count)
            {
                int sourceColumn = g.SourceColumn(column, kw);
                if (sourceRow < 0 || sourceColumn < 0)
                    continue;
                int source = ((sourceRow * g.InPitch) + sourceColumn) * Lanes.Count;
                for (int c = 0; c < channels; c++)
                {
                    int channel = firstChannel + c;
                    sum = float.MultiplyAddEstimate(x[((long)(channel / Lanes.Count) * g.InPlane * Lanes.Count) + source + (channel % Lanes.Count)], w[c * Lanes.Count], sum);
                }
            }
        }

        return sum;
    }
}
