using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>
/// The plain transposed convolution, and the gradient of a convolution by its input, which is the same with the same weights: lane =
/// output channel, an item is one output row of one block of 16 channels, which gathers what reaches it. Sums run over kh, kw, ic in
/// that order; what reaches the places over the edge that repeat or reflect an element is added to it in their order.
/// </summary>
internal static unsafe class ConvTransposeKernel
{
    public static CpuDispatch Plan(ConvTranspose2d layer, LayerCall call)
    {
        var padding = layer.PaddingFor(call.Input.Shape);
        return Plan(
            call, new Window2d(layer.Kernel, layer.Stride, layer.Dilation, padding), PaddingMode.Zero, layer.Groups, layer.Activation,
            PackWeights(layer, call, Lanes.Count, 1), VectorPacking.BiasOf(call, layer.OutChannels, Lanes.Count));
    }

    /// <summary>The gradient of a convolution by its input, from that of its output.</summary>
    public static CpuDispatch PlanInputGradient(ConvolutionLayer layer, LayerCall call)
    {
        var (groups, taps) = (layer.GroupCount, layer.Kernel.Height * layer.Kernel.Width);
        int inputs = layer.OutChannels / groups;
        return Plan(
            call, new Window2d(layer.Kernel, layer.Stride, layer.Dilation, layer.PaddingFor(call.Output.Shape)), layer.PaddingMode, groups, Activation.None,
            new PackedWeights(new TransposedWeightPacking(groups, inputs, layer.ChannelsPerGroup, taps, Lanes.Count, inputs), call.Parameters[0]),
            FillPacking.Of(layer.InChannels, Lanes.Count, 0));
    }

    private static CpuDispatch Plan(LayerCall call, Window2d window, PaddingMode mode, int groups, Activation activation, PackedWeights weights, PackedWeights bias)
    {
        Shape x = call.Input.Shape, y = call.Output.Shape;
        var constants = new Constants(
            x.Channels, BlockedLayout.Blocks(x.Channels, Lanes.Count), x.Height, x.Width, y.Channels, BlockedLayout.Blocks(y.Channels, Lanes.Count), y.Height, y.Width,
            window, mode, groups, activation);
        return CpuDispatch.Create(&Forward, constants, y.Batch * constants.OutBlocks * y.Height, weights, bias);
    }

    /// <summary>Weights as <c>[oc/block][kh][kw][ic][block]</c>, ic within the group and rounded up to a multiple of <paramref name="align"/>.</summary>
    public static PackedWeights PackWeights(ConvTranspose2d layer, LayerCall call, int block, int align)
    {
        int inputs = layer.InChannels / layer.Groups, taps = layer.Kernel.Height * layer.Kernel.Width;
        return new(new TransposedWeightPacking(layer.Groups, inputs, layer.OutChannels / layer.Groups, taps, block, BlockedLayout.Blocks(inputs, align) * align), call.Parameters[0]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Forward(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        int channels = c.InChannels / c.Groups, area = c.InHeight * c.InWidth;
        int* firstChannel = stackalloc int[Lanes.Count];
        for (int item = from; item < to; item++)
        {
            int row = item % c.OutHeight, block = item / c.OutHeight % c.OutBlocks, n = item / c.OutHeight / c.OutBlocks;
            bool shared = FindGroups(in c, block, firstChannel);
            float* x = arguments->Inputs[0] + ((long)n * c.InBlocks * area * Lanes.Count);
            float* y = arguments->Output + ((long)item * c.OutWidth * Lanes.Count);
            float* w = arguments->Weights[0] + ((long)block * c.Window.Kernel.Height * c.Window.Kernel.Width * channels * Lanes.Count);
            for (int column = 0; column < c.OutWidth; column++, y += Lanes.Count)
            {
                var sum = Vector512.Load(arguments->Weights[1] + (block * Lanes.Count));
                for (int i = 0; i <= c.RowsOutside; i++)
                {
                    int atRow = Place(i, row, c.Window.Padding.Top, c.OutHeight);
                    if (i > 0 && Window.Source(atRow, c.OutHeight, c.Mode) != row)
                        continue;
                    for (int j = 0; j <= c.ColumnsOutside; j++)
                    {
                        int atColumn = Place(j, column, c.Window.Padding.Left, c.OutWidth);
                        if (j == 0 || Window.Source(atColumn, c.OutWidth, c.Mode) == column)
                            sum = Gather(sum, in c, x, w, atRow, atColumn, shared, firstChannel);
                    }
                }

                Vector512.StoreAligned(Lanes.KeepFirst(c.Activation.Apply(sum), c.OutChannels - (block * Lanes.Count)), y);
            }
        }
    }

    /// <summary>An element itself, then the places before the first element and behind the last.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Place(int number, int element, int before, int length) => number == 0 ? element : number <= before ? -number : length + number - before - 1;

    /// <summary>Adds what reaches one place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Gather(Vector512<float> sum, in Constants c, float* x, float* w, int row, int column, bool shared, int* firstChannel)
    {
        int channels = c.InChannels / c.Groups, area = c.InHeight * c.InWidth;
        for (int kh = 0; kh < c.Window.Kernel.Height; kh++)
        {
            int h = Source(row + c.Window.Padding.Top - (kh * c.Window.Dilation.Height), c.Window.Stride.Height, c.InHeight);
            for (int kw = 0; kw < c.Window.Kernel.Width; kw++, w += channels * Lanes.Count)
            {
                int source = Source(column + c.Window.Padding.Left - (kw * c.Window.Dilation.Width), c.Window.Stride.Width, c.InWidth);
                if (h < 0 || source < 0)
                    continue;
                float* pixel = x + (((h * c.InWidth) + source) * (long)Lanes.Count);
                sum = shared ? AddShared(sum, pixel, w, firstChannel[0], channels, area) : AddMixed(sum, pixel, w, firstChannel, channels, area);
            }
        }

        return sum;
    }

    /// <summary>The first input channel of each lane's group; whether all lanes are of one group.</summary>
    private static bool FindGroups(in Constants c, int block, int* firstChannel)
    {
        int channels = c.InChannels / c.Groups, outPerGroup = c.OutChannels / c.Groups;
        for (int lane = 0; lane < Lanes.Count; lane++)
            firstChannel[lane] = Math.Min((block * Lanes.Count) + lane, c.OutChannels - 1) / outPerGroup * channels;
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

    /// <summary>A window as the convolution slides it over the output.</summary>
    private readonly record struct Window2d(Size2d Kernel, Size2d Stride, Size2d Dilation, Padding2d Padding);

    private readonly record struct Constants(
        int InChannels, int InBlocks, int InHeight, int InWidth, int OutChannels, int OutBlocks, int OutHeight, int OutWidth,
        Window2d Window, PaddingMode Mode, int Groups, Activation Activation)
    {
        /// <summary>Rows over the edge in which the window sees elements of the output again.</summary>
        public int RowsOutside => Mode == PaddingMode.Zero ? 0 : Window.Padding.Top + Window.Padding.Bottom;

        /// <inheritdoc cref="RowsOutside"/>
        public int ColumnsOutside => Mode == PaddingMode.Zero ? 0 : Window.Padding.Left + Window.Padding.Right;
    }
}
