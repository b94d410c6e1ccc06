using System.Runtime.CompilerServices;
using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>
/// Transposed convolution in register tiles. Outputs a stride apart see the same taps, so that they are the pixels of an ordinary
/// convolution with those taps: one for each row and column that a stride has. The input's planes lie in zeros as wide as windows
/// reach. An item is one output row of a pair of blocks of 16 channels; each output is summed over kh, kw, ic in that order.
/// </summary>
/// <remarks>
/// Twin: <see cref="ConvTransposeKernel"/>, whose weights it shares, and which computes what weights that are not finite would make
/// of the border's zeros. Source: Dumoulin and Visin 2016, "A guide to convolution arithmetic for deep learning", arXiv:1603.07285,
/// section 4.6.
/// </remarks>
internal static unsafe class ConvTransposeTileKernel
{
    /// <summary>Most rows and columns of a stride: so many tables of taps are kept.</summary>
    private const int MostStride = 64;

    /// <summary>Whether blocks of 16 input and output channels lie inside one group, and the input with its border is not much more than without.</summary>
    public static bool Fits(ConvTranspose2d layer, LayerCall call)
    {
        bool whole = layer.Groups == 1 || (layer.InChannels / layer.Groups % Lanes.Count == 0 && layer.OutChannels / layer.Groups % Lanes.Count == 0);
        return whole && Math.Max(layer.Stride.Height, layer.Stride.Width) <= MostStride && Reach(layer, call).Pixels(call.Input.Shape) <= TileKernel.MostGrowth * (long)call.Input.Shape.Area;
    }

    /// <summary>The input with the border that its windows reach over; the output with the border that its reader asks for.</summary>
    public static LayoutChoice Formats(LayerCall call) => new(
        new TensorFormat(Layout.Blocked, Border: Reach((ConvTranspose2d)call.Layer, call)), new TensorFormat(Layout.Blocked, Border: call.Wish.Border));

    public static CpuDispatch Plan(ConvTranspose2d layer, LayerCall call)
    {
        var g = ConvolutionGeometry.Of(layer, call);
        int blocksPerGroup = BlockedLayout.Blocks(g.OutChannels / g.Groups, Lanes.Count);
        int width = g.Groups == 1 || blocksPerGroup % RegisterTile.MostBlocks == 0 ? RegisterTile.MostBlocks : 1;
        var constants = new Constants(g, width, (g.OutBlocks + width - 1) / width);
        var order = StrideOrder.Of(layer);
        int[] places = order.Places(), table = [.. places, .. Offsets(in g, places), .. order.Rows.Table(), .. order.Columns.Table()];
        return CpuDispatch.CreateWithTable(
            &Forward, constants, table, checked(call.Output.Shape.Batch * constants.Columns * g.OutHeight),
            ConvTransposeKernel.PackWeights(layer, call), VectorPacking.BiasOf(call, layer.OutChannels, Lanes.Count), new PackedWeights(new FinitePacking(), call.Parameters[0]));
    }

    /// <summary>How far windows reach over each edge of the input.</summary>
    private static Border Reach(ConvTranspose2d layer, LayerCall call)
    {
        Shape x = call.Input.Shape, y = call.Output.Shape;
        var padding = layer.PaddingFor(x);
        var (top, bottom) = Reach(x.Height, y.Height, padding.Top, layer.Kernel.Height, layer.Stride.Height, layer.Dilation.Height);
        var (left, right) = Reach(x.Width, y.Width, padding.Left, layer.Kernel.Width, layer.Stride.Width, layer.Dilation.Width);
        return new Border(top, left, bottom, right);
    }

    private static (int Before, int After) Reach(int inputs, int outputs, int padding, int kernel, int stride, int dilation) => (
        Math.Max(Floor(((kernel - 1) * dilation) - padding, stride), 0),
        Math.Max(Floor(outputs - 1 + padding, stride) - inputs + 1, 0));

    /// <summary>For each tap, in the order of the weights, floats from the input pixel at an output's place divided by the stride.</summary>
    private static int[] Offsets(in ConvolutionGeometry g, int[] places)
    {
        int[] offsets = new int[places.Length];
        for (int tap = 0; tap < places.Length; tap++)
        {
            int row = tap / g.KernelWidth * g.DilationHeight / g.StrideHeight, column = tap % g.KernelWidth * g.DilationWidth / g.StrideWidth;
            offsets[places[tap]] = -((row * g.InPitch) + column) * Lanes.Count;
        }

        return offsets;
    }

    /// <summary>The largest whole number that is at most <c>a / b</c>, b &gt; 0.</summary>
    private static int Floor(int a, int b) => (a / b) - (a % b < 0 ? 1 : 0);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Forward(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        var g = c.Geometry;
        bool finite = arguments->Weights[2][0] != 0;
        int taps = g.KernelHeight * g.KernelWidth;
        int* places = CpuDispatch.Table<Constants>(arguments), offsets = places + taps, rows = offsets + taps, columns = rows + (2 * g.StrideHeight);
        int channels = g.InChannels / g.Groups, outPerGroup = g.OutChannels / g.Groups;
        var tile = new RegisterTile
        {
            Channels = channels, BlockLength = Lanes.Count, BlockStride = (nint)g.InPlane * Lanes.Count, InputStep = Lanes.Count * sizeof(float),
            WeightStride = (nint)taps * channels * Lanes.Count,
            OutputStride = (nint)g.OutPlane * Lanes.Count, OutputStep = g.StrideWidth * Lanes.Count,
        };
        (tile.Lower, tile.Upper) = g.Activation.Bounds();
        for (int item = from; item < to; item++)
        {
            int row = item % g.OutHeight, block = item / g.OutHeight % c.Columns * c.Width, n = item / g.OutHeight / c.Columns, blocks = Math.Min(c.Width, g.OutBlocks - block);
            for (int b = 0; b < blocks; b++)
            {
                if (!g.OutBorder.IsNone)
                    g.ClearBorder(arguments->Output, (n * g.OutBlocks) + block + b, row);
                if (!finite)
                    ConvTransposeKernel.ForwardRow(arguments, in g, places, n, block + b, row);
            }

            if (!finite)
                continue;
            long plane = ((long)n * g.InBlocks) + (block * Lanes.Count / outPerGroup * channels / Lanes.Count);
            float* input = arguments->Inputs[0] + (((plane * g.InPlane) + g.InOrigin) * Lanes.Count), weights = arguments->Weights[0] + (block * tile.WeightStride);
            float* output = arguments->Output + g.OutputAt(n, block, row, 0);
            tile.Bias = arguments->Weights[1] + (block * Lanes.Count);
            int inputRow = Floor(row + g.Top, g.StrideHeight);
            int* seenRows = rows + (2 * (row + g.Top - (inputRow * g.StrideHeight)));
            for (int column = 0; column < Math.Min(g.StrideWidth, g.OutWidth); column++)
            {
                int inputColumn = Floor(column + g.Left, g.StrideWidth);
                int* seenColumns = columns + (2 * (column + g.Left - (inputColumn * g.StrideWidth)));
                int first = (seenRows[0] * g.KernelWidth) + (seenRows[1] * seenColumns[0]);
                tile.Offsets = offsets + first;
                tile.Taps = seenRows[1] * seenColumns[1];
                tile.Weights = weights + ((nint)first * channels * Lanes.Count);
                tile.Input = input + (((inputRow * (long)g.InPitch) + inputColumn) * Lanes.Count);
                tile.Output = output + (column * Lanes.Count);
                RegisterTile.ComputeRow(&tile, (g.OutWidth - column + g.StrideWidth - 1) / g.StrideWidth, blocks);
            }

            g.FinishRun(output, tile.OutputStride, g.OutWidth, block, blocks);
        }
    }

    /// <param name="Geometry">The convolution.</param>
    /// <param name="Width">Blocks of output channels of an item.</param>
    /// <param name="Columns">Items of an output row.</param>
    private readonly record struct Constants(ConvolutionGeometry Geometry, int Width, int Columns);
}
