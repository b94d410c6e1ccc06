using RealtimeCnn.Layers;

namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>How a convolution by tiles of a row is filtered at once by the depthwise one that reads it.</summary>
/// <param name="Tile">Columns and vec4s of channels of the depthwise convolution's output.</param>
/// <param name="Across">Tiles beside one another.</param>
/// <param name="Parts">Parts of a plane, one below the other, each of which an invocation walks.</param>
/// <param name="Rows">Of the output in a part.</param>
/// <param name="Open">Windows that are open when rows come that complete the first of them: so many rows of windows are walked before the first of a part.</param>
/// <param name="Pixels">Columns of the first convolution under a tile.</param>
/// <param name="Groups">Work groups of a picture.</param>
internal readonly record struct FilterRows(ConvolutionTile Tile, int Across, int Parts, int Rows, int Open, int Pixels, int Groups)
{
    // Of a plane, one below the other; more compute more rows twice.
    private const int MostParts = 8;

    // Threads that share the work groups, if there are no more.
    private const int Threads = 2;

    // Nanoseconds on software OpenGL, of eight lanes: to multiply a vec4 with a matrix and add, to activate and mask a vec4 of the first convolution, to multiply one with a vec4 and add; to begin with a group.
    private const double Product = 6.6, Finish = 5, Tap = 3.3, Begin = 120;

    /// <summary>
    /// The tile and the parts that cost least on software OpenGL, of those whose loops a driver walks to their end (or, by
    /// <see cref="DeviceProfile.TileRank"/>, of another tile); one output an invocation on GPUs. Null where loops are too long.
    /// </summary>
    /// <param name="window">What the first convolution computes.</param>
    /// <param name="depthwise">The second.</param>
    /// <param name="y">The shape of its output.</param>
    /// <param name="kernelHeight">Rows of the first convolution's window.</param>
    /// <param name="profile">The device.</param>
    public static FilterRows? Of(RowWindow window, DepthwiseConv2d depthwise, Shape y, int kernelHeight, DeviceProfile profile)
    {
        if (!profile.IsSoftware)
            return Fitting(new ConvolutionTile(1, 1, Lanes.Group), y.Height);
        var best = Tiles(window, depthwise)
            .SelectMany(tile => Enumerable.Range(1, Math.Min(MostParts, y.Height)).Select(parts => Fitting(tile, parts)).OfType<FilterRows>().OrderBy(Cost).Take(1))
            .OrderBy(Cost).ToList();
        return best.Count == 0 ? null : best[Math.Min(profile.TileRank, best.Count - 1)];

        double Cost(FilterRows rows) => rows.SoftwareCost(window, depthwise);

        FilterRows? Fitting(ConvolutionTile tile, int parts)
        {
            int stride = depthwise.Stride.Height, kernel = depthwise.Kernel.Height, rows = Tiled(y.Height, parts), open = (kernel - 1) / stride, across = Tiled(y.Width, tile.Pixels);
            // Parts of so many rows may be fewer.
            parts = Tiled(y.Height, rows);
            long turns = (rows + (long)open) * (1 + tile.Blocks + (stride * (1 + kernelHeight + (long)window.Turns)));
            var found = new FilterRows(tile, across, parts, rows, open, ((tile.Pixels - 1) * stride) + kernel, Tiled(checked(across * parts * Tiled(window.Blocks, tile.Blocks)), tile.Group));
            return turns <= Kernels.Lanes.MostTurns ? found : null;
        }
    }

    /// <summary>Nanoseconds of a picture on software OpenGL.</summary>
    public double SoftwareCost(RowWindow window, DepthwiseConv2d depthwise)
    {
        int sums = Pixels * Tile.Blocks, outputs = Tile.Pixels * Tile.Blocks, taps = depthwise.Kernel.Height * depthwise.Kernel.Width;
        double reads = ((Pixels - 1) * window.Stride) + window.Kernel + (window.Kernel * window.Lanes * Tile.Blocks), products = window.Kernel * sums * window.Lanes / (double)GpuKernels.Block;
        double row = (depthwise.Stride.Height * ((window.Turns * ((reads * TileRule.Read) + (products * Product))) + (sums * Finish))) + (outputs * taps * Tap);
        return Tiled(Groups, Threads) * Threads * (Begin + ((Rows + Open) * row) + (Rows * outputs * TileRule.Store));
    }

    // Of two blocks, as wide as a driver compiles within half a second: open windows and sums are kept in registers, or in memory beside them.
    // Behind a window of several columns they begin at whole vec4s of a row, as first layers are read.
    private static IEnumerable<ConvolutionTile> Tiles(RowWindow window, DepthwiseConv2d depthwise)
    {
        int[] widths = (depthwise.Stride.Height, depthwise.Kernel.Height) switch
        {
            (1, 3) when window.Kernel > 1 => [8],
            (1, 3) => [14, 7],
            (1, _) => [7],
            _ => [7, 4],
        };
        return widths.Select(pixels => new ConvolutionTile(pixels, 2, TileRule.SoftwareLanes));
    }

    private static int Tiled(int length, int tile) => (length + tile - 1) / tile;
}
