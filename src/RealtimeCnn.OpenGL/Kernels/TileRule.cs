namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>What one invocation of a convolution by tiles computes, and how many invocations a work group has.</summary>
/// <param name="Pixels">Pixels of a plane.</param>
/// <param name="Blocks">Vec4s of output channels.</param>
/// <param name="Group">Invocations of a work group.</param>
internal readonly record struct Tile(int Pixels, int Blocks, int Group)
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
    private const int SoftwareLanes = 8;
    private static readonly int[] SoftwarePixels = [2, 7, 14], SoftwareBlocks = [1, 2, 3, 4];

    // Nanoseconds: to read a vec4 in each lane; to multiply one with a matrix and add; to store one; to begin with a group.
    private const double Read = 5.5, Product = 5.1, Store = 28, Begin = 120;

    /// <param name="pixels">Of a plane of the output.</param>
    /// <param name="blocks">Vec4s of output channels.</param>
    /// <param name="turns">Vec4s of inputs that an output sees.</param>
    /// <param name="isSoftware">Whether the CPU does the device's work.</param>
    public static Tile Of(int pixels, int blocks, int turns, bool isSoftware)
    {
        if (!isSoftware)
            return new Tile(4, blocks % 2 == 0 ? 2 : 1, 64);
        var tiles = from tilePixels in SoftwarePixels
                    from tileBlocks in SoftwareBlocks
                    where tileBlocks <= blocks
                    select new Tile(tilePixels, tileBlocks, SoftwareLanes);
        return tiles.MinBy(tile => Cost(tile, pixels, blocks, turns));
    }

    /// <summary>Nanoseconds that all tiles of a plane take on software OpenGL.</summary>
    private static double Cost(Tile tile, int pixels, int blocks, int turns)
    {
        double groups = Math.Ceiling((double)pixels / tile.GroupPixels) * Math.Ceiling((double)blocks / tile.Blocks);
        int sums = tile.Pixels * tile.Blocks;
        return groups * (Begin + (sums * Store) + (turns * (((tile.Pixels + (GpuKernels.Block * tile.Blocks)) * Read) + (sums * Product))));
    }
}
