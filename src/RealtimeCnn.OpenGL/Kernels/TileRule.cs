namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>What one invocation of a convolution by tiles computes, and how many invocations a work group has.</summary>
/// <param name="Pixels">Pixels of a plane.</param>
/// <param name="Blocks">Vec4s of output channels.</param>
/// <param name="Group">Invocations of a work group.</param>
internal readonly record struct ConvolutionTile(int Pixels, int Blocks, int Group)
{
    /// <summary>Whether neighbours in a work group are vec4s of channels, not pixels.</summary>
    public bool Across { get; init; }

    /// <summary>The tile as shaders have it compiled in.</summary>
    public string[] Defines => [$"TILE_PIXELS {Pixels}", $"TILE_BLOCKS {Blocks}", $"TILE_GROUP {Group}", .. Across ? ["ACROSS 1"] : Array.Empty<string>()];

    /// <summary>Output channels whose weights lie side by side.</summary>
    public int ChannelsInStep => Across ? Group * GpuKernels.Block : GpuKernels.Block;

    /// <summary>Tiles along what neighbours walk, tiles along the other of pixels and channels, pictures.</summary>
    public Extent3d Count(int pixels, int blocks, int batch)
    {
        int down = (pixels + Pixels - 1) / Pixels, across = (blocks + Blocks - 1) / Blocks;
        return Across ? new(across, down, batch) : new(down, across, batch);
    }
}

/// <summary>
/// Which tile computes a convolution: a pure function of its shape and the kind of device. A GPU needs many invocations before large
/// tiles. Software OpenGL walks eight lanes at a time, where a read costs nearly as much as a product and a store ten times that: the
/// tile is taken that costs least in all, by the costs of a group of eight lanes on Mesa's llvmpipe; and one of a few sizes that most
/// layers share where none is much cheaper, because each size is programs to compile.
/// </summary>
internal static class TileRule
{
    /// <summary>Tiles that <see cref="DeviceProfile.TileRank"/> can name for a convolution.</summary>
    public const int Ranks = 3;

    /// <summary>Lanes of a vector of software OpenGL, as wide as its work groups are best.</summary>
    public const int SoftwareLanes = 8;

    /// <summary>Work groups of <see cref="OfMean"/>, beneath which threads of a CPU have no work.</summary>
    public const int LeastMeanGroups = 12;

    // What a tile of its own has to cost, of the best one that most layers share.
    private const double WorthCompiling = 0.9;

    private static readonly ConvolutionTile[] SharedTiles = [Software(14, 4), Software(14, 2), Software(7, 4)], SharedMatrixTiles = [.. SharedTiles, Across(25, 2)];

    private static readonly ConvolutionTile[] SoftwareTiles =
    [
        .. from pixels in new[] { 2, 4, 7, 11, 13, 14 }
           from blocks in new[] { 1, 2, 3, 4 }
           select Software(pixels, blocks),
    ];

    // Of 4, 16 and 49 rows, which are Winograd's tiles of small planes, and of planes of 7×7 and 14×14.
    private static readonly ConvolutionTile[] SoftwareMatrixTiles = [.. SoftwareTiles, Across(4, 4), Across(16, 2), Across(25, 1), Across(25, 2)];

    // Of those, where an invocation walks a plane.
    private static readonly ConvolutionTile[] SoftwareMeanTiles = [Across(25, 2), Across(16, 2), Across(25, 1)];

    private static readonly ConvolutionTile[] SoftwareRowTiles = [Software(14, 2), Software(7, 4)];

    /// <summary>Nanoseconds on software OpenGL, of eight lanes: to read a vec4.</summary>
    public const double Read = 5.5;

    /// <summary>The same, to store a vec4.</summary>
    public const double Store = 60;

    // The same across channels: lanes that read one value, which the first cache has, and lanes that read weights of their own, which it has not.
    private const double ReadAlike = 3, ReadApart = 9;

    // To add a row of Winograd's points to 4×4 outputs that lie in memory, and to fetch the program's next part.
    private const double OutputRow = 110;

    // To read a vec4 and fold it into a window.
    private const double PooledRead = 5;

    // To activate a vec4 and fold it into windows, or into a mean.
    private const double Folded = 7;

    // To multiply a vec4 with a matrix and add, once and several times in a turn of the loop, and once in a row; to begin with a group.
    private const double Product = 6.9, RowProduct = 6.6, SingleRowProduct = 9.6, Begin = 120;

    /// <param name="pixels">Of a plane of the output.</param>
    /// <param name="blocks">Vec4s of output channels.</param>
    /// <param name="turns">Vec4s of inputs that an output sees.</param>
    /// <param name="profile">The device.</param>
    public static ConvolutionTile Of(int pixels, int blocks, int turns, DeviceProfile profile) => Of(pixels, blocks, turns, profile, SoftwareTiles, SharedTiles);

    /// <summary>A tile of a product of matrices, in which neighbours may be channels.</summary>
    /// <param name="pixels">Rows of the product.</param>
    /// <param name="blocks">Vec4s in a row of the product.</param>
    /// <param name="turns">Vec4s of which an element is the sum.</param>
    /// <param name="profile">The device.</param>
    public static ConvolutionTile OfMatrix(int pixels, int blocks, int turns, DeviceProfile profile) => Of(pixels, blocks, turns, profile, SoftwareMatrixTiles, SharedMatrixTiles);

    /// <summary>A tile of neighbours in a row, for windows of several columns.</summary>
    /// <param name="window">What it computes.</param>
    /// <param name="profile">The device.</param>
    public static ConvolutionTile OfRow(RowWindow window, DeviceProfile profile) => profile.IsSoftware
        ? SoftwareRowTiles.OrderBy(tile => Cost(tile, window)).ElementAt(Math.Min(profile.TileRank, SoftwareRowTiles.Length - 1))
        : Hardware(window.Blocks, profile);

    /// <summary>A tile of a product of matrices whose columns are averaged, by invocations that walk all rows, TILE_PIXELS at a time.</summary>
    /// <inheritdoc cref="OfMatrix"/>
    public static ConvolutionTile OfMean(int pixels, int blocks, int turns, DeviceProfile profile) => profile.IsSoftware
        ? SoftwareMeanTiles.OrderByDescending(tile => MeanGroups(tile, blocks) >= LeastMeanGroups).ThenBy(tile => SoftwareMeanCost(tile, pixels, blocks, turns)).First()
        : new ConvolutionTile(4, 1, 64) { Across = true };

    /// <summary>Nanoseconds that a plane takes on software OpenGL, all tiles one after the other.</summary>
    public static double SoftwareCost(int pixels, int blocks, int turns) => SoftwareTiles.Min(tile => Cost(tile, pixels, blocks, turns));

    /// <summary>The same of a matrix.</summary>
    public static double SoftwareMatrixCost(int pixels, int blocks, int turns) => SoftwareMatrixTiles.Min(tile => Cost(tile, pixels, blocks, turns));

    /// <summary>The same by tiles of a row.</summary>
    public static double SoftwareCost(RowWindow window) => SoftwareRowTiles.Min(tile => Cost(tile, window));

    /// <summary>The same with what is pooled of it folded at once, and only that stored.</summary>
    public static double SoftwareCost(RowWindow window, PoolRows pool)
    {
        double groups = Math.Ceiling(pool.Across * pool.Parts / (double)SoftwareLanes) * Math.Ceiling((double)window.Blocks / pool.Tile.Blocks);
        return groups * (Begin + (pool.RowsBelow * (TurnCost(window, pool.Pixels, pool.Tile.Blocks) + (pool.Pixels * pool.Tile.Blocks * Folded))) + (pool.Rows * pool.Tile.Pixels * pool.Tile.Blocks * Store));
    }

    /// <summary>Nanoseconds of products and outputs of Winograd's tiles at once, on software OpenGL, so many tiles to an invocation.</summary>
    public static double WinogradCost(ConvolutionTile tile, int tiles, int blocks, int turns, int points, int outputs)
    {
        var count = tile.Count(tiles, blocks, 1);
        double groups = Math.Ceiling((double)count.X / tile.Group) * count.Y;
        return groups * (Begin + (points * turns * TurnCost(tile)) + (tile.Pixels * ((Math.Sqrt(points) * OutputRow) + (outputs * outputs * Store))));
    }

    /// <summary>Work groups of a matrix whose columns are averaged.</summary>
    public static int MeanGroups(ConvolutionTile tile, int blocks) => (tile.Count(1, blocks, 1).X + tile.Group - 1) / tile.Group;

    /// <summary>The nanoseconds of that.</summary>
    public static double SoftwareMeanCost(ConvolutionTile tile, int pixels, int blocks, int turns)
    {
        double tiles = Math.Ceiling((double)pixels / tile.Pixels);
        return MeanGroups(tile, blocks) * (Begin + (tile.Blocks * Store) + (tiles * ((turns * TurnCost(tile)) + (tile.Pixels * tile.Blocks * Folded))));
    }

    /// <summary>Nanoseconds that a pooling by itself takes on software OpenGL, of windows of so many elements.</summary>
    public static double SoftwarePoolCost(int pixels, int blocks, int elements) => pixels * blocks / (double)SoftwareLanes * ((elements * PooledRead) + Store);

    private static ConvolutionTile Of(int pixels, int blocks, int turns, DeviceProfile profile, ConvolutionTile[] tiles, ConvolutionTile[] sharedTiles)
    {
        if (!profile.IsSoftware)
            return Hardware(blocks, profile);
        var (best, shared) = (tiles.MinBy(Of), sharedTiles.MinBy(Of));
        var first = Of(best) < WorthCompiling * Of(shared) ? best : shared;
        return profile.TileRank == 0 ? first : tiles.Where(tile => tile != first).OrderBy(Of).ElementAt(profile.TileRank - 1);

        double Of(ConvolutionTile tile) => Cost(tile, pixels, blocks, turns);
    }

    private static double Cost(ConvolutionTile tile, int pixels, int blocks, int turns)
    {
        var count = tile.Count(pixels, blocks, 1);
        double groups = Math.Ceiling((double)count.X / tile.Group) * count.Y;
        return groups * (Begin + (tile.Pixels * tile.Blocks * Store) + (turns * TurnCost(tile)));
    }

    // A vec4 of inputs of a tile.
    private static double TurnCost(ConvolutionTile tile)
    {
        double reads = tile.Across ? (tile.Pixels * ReadAlike) + (GpuKernels.Block * tile.Blocks * ReadApart) : (tile.Pixels + (GpuKernels.Block * tile.Blocks)) * Read;
        return reads + (tile.Pixels * tile.Blocks * Product);
    }

    private static double Cost(ConvolutionTile tile, RowWindow window)
    {
        double groups = Math.Ceiling(Math.Ceiling((double)window.Width / tile.Pixels) * window.Height / SoftwareLanes) * Math.Ceiling((double)window.Blocks / tile.Blocks);
        return groups * (Begin + (tile.Pixels * tile.Blocks * Store) + TurnCost(window, tile.Pixels, tile.Blocks));
    }

    // All turns of a tile of a row.
    private static double TurnCost(RowWindow window, int pixels, int blocks)
    {
        int sums = pixels * blocks, columns = ((pixels - 1) * window.Stride) + window.Kernel;
        double reads = columns + (window.Kernel * window.Lanes * blocks), products = window.Kernel * sums * window.Lanes / (double)GpuKernels.Block;
        return window.Turns * ((reads * Read) + (products * (window.Kernel == 1 ? SingleRowProduct : RowProduct)));
    }

    private static ConvolutionTile Software(int pixels, int blocks) => new(pixels, blocks, SoftwareLanes);

    private static ConvolutionTile Across(int pixels, int blocks) => Software(pixels, blocks) with { Across = true };

    private static ConvolutionTile Hardware(int blocks, DeviceProfile profile)
    {
        int pair = blocks % 2 == 0 ? 2 : 1;
        ConvolutionTile[] tiles = [new(4, pair, 64), new(2, pair, 64), pair == 1 ? new(8, 1, 64) : new(4, 1, 64)];
        return tiles[profile.TileRank];
    }
}

/// <summary>What a convolution by tiles of a row computes.</summary>
/// <param name="Height">Of the output, in pixels.</param>
/// <param name="Width">Of the output, in pixels.</param>
/// <param name="Blocks">Vec4s of output channels.</param>
/// <param name="Turns">Rows of the window, for each vec4 of input channels.</param>
/// <param name="Kernel">Columns of the window.</param>
/// <param name="Stride">Columns from one window to the next.</param>
/// <param name="Lanes">Channels in a vec4 of the input.</param>
internal readonly record struct RowWindow(int Height, int Width, int Blocks, int Turns, int Kernel, int Stride, int Lanes);

/// <summary>How a convolution by tiles of a row is pooled at once.</summary>
/// <param name="Tile">Columns and vec4s of channels of the pooling's output.</param>
/// <param name="Across">Tiles beside one another.</param>
/// <param name="Parts">Parts of a plane, one below the other, each of which an invocation walks.</param>
/// <param name="Rows">Of the pooling's output in a part.</param>
/// <param name="RowsBelow">Of the convolution under them.</param>
/// <param name="Pixels">Columns of the convolution under a tile.</param>
internal readonly record struct PoolRows(ConvolutionTile Tile, int Across, int Parts, int Rows, int RowsBelow, int Pixels);
