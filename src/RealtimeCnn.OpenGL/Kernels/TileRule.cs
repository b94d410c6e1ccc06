namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>What one invocation of a convolution by tiles computes, and how many invocations a work group has.</summary>
/// <param name="Pixels">Pixels of a plane.</param>
/// <param name="Blocks">Vec4s of output channels.</param>
/// <param name="Group">Invocations of a work group.</param>
internal readonly record struct ConvolutionTile(int Pixels, int Blocks, int Group)
{
    /// <summary>Pixels that a work group computes together.</summary>
    public int GroupPixels => Pixels * Group;

    /// <summary>The tile as shaders have it compiled in.</summary>
    public string[] Defines => [$"TILE_PIXELS {Pixels}", $"TILE_BLOCKS {Blocks}", $"TILE_GROUP {Group}"];

    /// <summary>Tiles of a plane, tiles of output channels, pictures.</summary>
    public Extent3d Count(int pixels, int blocks, int batch) => new((pixels + Pixels - 1) / Pixels, (blocks + Blocks - 1) / Blocks, batch);
}

/// <summary>
/// Which tile computes a convolution: a pure function of its shape and the kind of device. A GPU needs many invocations before large
/// tiles. Software OpenGL walks eight lanes at a time, where a read costs as much as a dozen products: the tile is taken that costs least
/// in all, by the costs of a group of eight lanes on Mesa's llvmpipe. More sizes would be more programs to compile.
/// </summary>
internal static class TileRule
{
    /// <summary>Tiles that <see cref="DeviceProfile.TileRank"/> can name for a convolution.</summary>
    public const int Ranks = 3;

    /// <summary>Lanes of a vector of software OpenGL, as wide as its work groups are best.</summary>
    public const int SoftwareLanes = 8;

    private static readonly ConvolutionTile[] SoftwareTiles =
    [
        .. from pixels in new[] { 2, 4, 7, 11, 13, 14 }
           from blocks in new[] { 1, 2, 3, 4 }
           select new ConvolutionTile(pixels, blocks, SoftwareLanes),
    ];

    /// <summary>Nanoseconds on software OpenGL, of eight lanes: to read a vec4.</summary>
    public const double Read = 5.5;

    /// <summary>The same, to store a vec4.</summary>
    public const double Store = 28;

    // To multiply a vec4 with a matrix and add; to begin with a group.
    private const double Product = 5.1, Begin = 120;

    /// <param name="pixels">Of a plane of the output.</param>
    /// <param name="blocks">Vec4s of output channels.</param>
    /// <param name="turns">Vec4s of inputs that an output sees.</param>
    /// <param name="profile">The device.</param>
    public static ConvolutionTile Of(int pixels, int blocks, int turns, DeviceProfile profile) => profile.IsSoftware
        ? SoftwareTiles.OrderBy(tile => Cost(tile, pixels, blocks, turns)).ElementAt(profile.TileRank)
        : GpuTiles(blocks % 2 == 0 ? 2 : 1)[profile.TileRank];

    /// <summary>Nanoseconds that a plane takes on software OpenGL, all tiles one after the other.</summary>
    public static double SoftwareCost(int pixels, int blocks, int turns) => SoftwareTiles.Min(tile => Cost(tile, pixels, blocks, turns));

    private static ConvolutionTile[] GpuTiles(int blocks) => [new(4, blocks, 64), new(2, blocks, 64), blocks == 1 ? new(8, 1, 64) : new(4, 1, 64)];

    private static double Cost(ConvolutionTile tile, int pixels, int blocks, int turns)
    {
        double groups = Math.Ceiling((double)pixels / tile.GroupPixels) * Math.Ceiling((double)blocks / tile.Blocks);
        int sums = tile.Pixels * tile.Blocks;
        return groups * (Begin + (sums * Store) + (turns * (((tile.Pixels + (GpuKernels.Block * tile.Blocks)) * Read) + (sums * Product))));
    }
}
