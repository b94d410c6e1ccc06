using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>
/// The gradient of a convolution by its input, which is a transposed convolution of the output's gradient with the same weights. Where
/// zeros are what lies over the edge, the kernels of <see cref="ConvTranspose2d"/> compute it; this one computes it for every padding:
/// what reaches the places over the edge that repeat or reflect an element is added to that element's. Lane = input channel, an item is
/// one row of one block of 16; sums run over the places, kh, kw, oc in that order.
/// </summary>
internal static unsafe class InputGradientKernel
{
    /// <summary>Whether it is a transposed convolution that <see cref="ConvTransposeTileKernel"/> computes.</summary>
    public static bool FitsTiles(ConvolutionLayer layer, LayerCall call) =>
        layer.PaddingMode == PaddingMode.Zero && AsTransposed(call) is var transposed && ConvTransposeTileKernel.Fits((ConvTranspose2d)transposed.Layer, transposed);

    /// <summary>The formats of that.</summary>
    public static LayoutChoice TileFormats(LayerCall call) => ConvTransposeTileKernel.Formats(AsTransposed(call));

    /// <summary>The work of that.</summary>
    public static CpuDispatch PlanTiles(ConvolutionLayer layer, LayerCall call)
    {
        var transposed = AsTransposed(call);
        return ConvTransposeTileKernel.Plan((ConvTranspose2d)transposed.Layer, transposed);
    }

    public static CpuDispatch Plan(ConvolutionLayer layer, LayerCall call)
    {
        int groups = layer.GroupCount, outputs = layer.OutChannels / groups, taps = layer.Kernel.Height * layer.Kernel.Width;
        var constants = new Constants(ConvolutionGeometry.Of(layer, call.Output, call.Input), layer.PaddingFor(call.Output.Shape));
        var weights = new PackedWeights(new TransposedWeightPacking(groups, outputs, layer.ChannelsPerGroup, taps, Lanes.Count, outputs), call.Parameters[0]);
        return CpuDispatch.Create(&Backward, constants, call.Output.Shape.Batch * constants.Geometry.InBlocks * constants.Geometry.InHeight, weights);
    }

    /// <summary>The backward call as a forward call of a transposed convolution without a bias.</summary>
    private static LayerCall AsTransposed(LayerCall call)
    {
        var layer = (ConvolutionLayer)call.Layer;
        var transposed = new ConvTranspose2d(layer.OutChannels, layer.InChannels, layer.Kernel)
        {
            Stride = layer.Stride, Padding = layer.PaddingFor(call.Output.Shape), Dilation = layer.Dilation, Groups = layer.GroupCount, HasBias = false,
        };
        return call with { Nodes = [new Node(call.Node.Name, transposed, [call.Node], [call.Parameters[0]])] };
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void Backward(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        var g = c.Geometry;
        int outputs = g.OutChannels / g.Groups;
        int* firstOutput = stackalloc int[Lanes.Count];
        for (int item = from; item < to; item++)
        {
            int row = item % g.InHeight, block = item / g.InHeight % g.InBlocks, n = item / g.InHeight / g.InBlocks, channels = g.InChannels - (block * Lanes.Count);
            for (int lane = 0; lane < Lanes.Count; lane++)
                firstOutput[lane] = Math.Min((block * Lanes.Count) + lane, g.InChannels - 1) / (g.InChannels / g.Groups) * outputs;
            float* dy = arguments->Inputs[0] + ((long)n * g.OutBlocks * g.OutPlane * Lanes.Count), dx = arguments->Output + ((long)item * g.InWidth * Lanes.Count);
            float* w = arguments->Weights[0] + ((long)block * g.KernelHeight * g.KernelWidth * outputs * Lanes.Count);
            for (int column = 0; column < g.InWidth; column++, dx += Lanes.Count)
            {
                var sum = Vector512<float>.Zero;
                for (int i = 0; i <= c.RowsOutside; i++)
                {
                    int atRow = Place(i, row, c.Padding.Top, g.InHeight);
                    for (int j = 0; j <= c.ColumnsOutside && (i == 0 || Window.Source(atRow, g.InHeight, g.PaddingMode) == row); j++)
                    {
                        int atColumn = Place(j, column, c.Padding.Left, g.InWidth);
                        if (j == 0 || Window.Source(atColumn, g.InWidth, g.PaddingMode) == column)
                            sum = Gather(sum, in g, dy, w, atRow, atColumn, firstOutput);
                    }
                }

                Vector512.StoreAligned(Lanes.KeepFirst(sum, channels), dx);
            }
        }
    }

    /// <summary>An element itself, then the places before the first element and behind the last.</summary>
    private static int Place(int number, int element, int before, int length) => number == 0 ? element : number <= before ? -number : length + number - before - 1;

    /// <summary>Adds what reaches one place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Vector512<float> Gather(Vector512<float> sum, in ConvolutionGeometry g, float* dy, float* w, int row, int column, int* firstOutput)
    {
        int outputs = g.OutChannels / g.Groups;
        var values = stackalloc float[Lanes.Count];
        for (int kh = 0; kh < g.KernelHeight; kh++)
        {
            var (h, restOfRow) = Math.DivRem(row + g.Top - (kh * g.DilationHeight), g.StrideHeight);
            for (int kw = 0; kw < g.KernelWidth; kw++, w += outputs * Lanes.Count)
            {
                var (v, restOfColumn) = Math.DivRem(column + g.Left - (kw * g.DilationWidth), g.StrideWidth);
                if (restOfRow != 0 || restOfColumn != 0 || (uint)h >= (uint)g.OutHeight || (uint)v >= (uint)g.OutWidth)
                    continue;
                float* pixel = dy + (((h * (long)g.OutWidth) + v) * Lanes.Count);
                for (int o = 0; o < outputs; o++)
                {
                    for (int lane = 0; lane < Lanes.Count; lane++)
                    {
                        int channel = firstOutput[lane] + o;
                        values[lane] = pixel[((long)(channel / Lanes.Count) * g.OutPlane * Lanes.Count) + (channel % Lanes.Count)];
                    }

                    sum = Vector512.MultiplyAddEstimate(Vector512.Load(values), Vector512.Load(w + (o * (long)Lanes.Count)), sum);
                }
            }
        }

        return sum;
    }

    private readonly record struct Constants(ConvolutionGeometry Geometry, Padding2d Padding)
    {
        /// <summary>Rows over the edge in which windows see elements of the input again.</summary>
        public int RowsOutside => Geometry.PaddingMode == PaddingMode.Zero ? 0 : Padding.Top + Padding.Bottom;

        /// <inheritdoc cref="RowsOutside"/>
        public int ColumnsOutside => Geometry.PaddingMode == PaddingMode.Zero ? 0 : Padding.Left + Padding.Right;
    }
}
