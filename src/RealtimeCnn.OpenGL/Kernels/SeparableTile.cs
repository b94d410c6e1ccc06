using System.Numerics;
using RealtimeCnn.Layers;

namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>
/// What one work group of a block of separable convolutions computes: pixels of some vec4s of output channels, through shared memory
/// that holds so many vec4s of wide channels (those of the depthwise convolution) at a time.
/// </summary>
/// <param name="Rows">Rows of output pixels.</param>
/// <param name="Columns">Columns of output pixels.</param>
/// <param name="HaloRows">Rows of wide pixels under them in shared memory; 0 where they are read from the input.</param>
/// <param name="HaloColumns">Columns of them.</param>
/// <param name="Wide">Vec4s of wide channels.</param>
/// <param name="Sums">Vec4s of output channels of one invocation, which has one pixel.</param>
/// <param name="Group">Invocations.</param>
/// <param name="Groups">Work groups of all pictures.</param>
internal readonly record struct SeparableTile(int Rows, int Columns, int HaloRows, int HaloColumns, int Wide, int Sums, int Group, long Groups)
{
    // Up to here nothing larger is gained on a device whose processors hold several groups.
    private const int MostWide = 8, SharedBytes = 16384;

    private const int VectorBytes = 16;

    // What is computed again where tiles share wide pixels, as a multiple.
    private const double MostRepeated = 2.5;

    private static readonly (int Rows, int Columns)[] Tiles = [(8, 8), (4, 8), (4, 4), (2, 4)];

    private static readonly int[] ManySums = [8, 6, 4, 3, 2, 1];

    /// <summary>Output pixels of a group.</summary>
    public int Area => Rows * Columns;

    /// <summary>Vec4s of output channels of a group.</summary>
    public int Blocks => Group / Area * Sums;

    /// <summary>The tile as the shader has it compiled in.</summary>
    public string[] Defines =>
    [
        .. HaloRows > 0 ? [$"EXPANDS 1", $"HALO_ROWS {HaloRows}", $"HALO_COLUMNS {HaloColumns}"] : new[] { "EXPANDS 0" },
        $"TILE_ROWS {Rows}", $"TILE_COLUMNS {Columns}", $"WIDE {Wide}", $"SUMS {Sums}", $"TILE_GROUP {Group}",
    ];

    /// <summary>
    /// The largest tile with work groups for all processors of a device, else the one with the most (or, by <see cref="DeviceProfile.TileRank"/>, one that comes behind); null
    /// where none fits. Where wide
    /// pixels are computed, a group has all output channels, so that no other computes the same.
    /// </summary>
    /// <param name="depthwise">The depthwise convolution.</param>
    /// <param name="expands">Whether what it reads is computed on the way.</param>
    /// <param name="y">The shape of the output.</param>
    /// <param name="profile">The device.</param>
    public static SeparableTile? Of(DepthwiseConv2d depthwise, bool expands, Shape y, DeviceProfile profile)
    {
        int blocks = BlockedLayout.Blocks(y.Channels, GpuKernels.Block), wide = BlockedLayout.Blocks(depthwise.Channels, GpuKernels.Block);
        int group = expands && profile.Kind is ProfileKind.Discrete or ProfileKind.Integrated && profile.Limits.GroupInvocations >= 256 ? 256 : 128;
        var fitting = new List<SeparableTile>();
        foreach (var (rows, columns) in Tiles)
        {
            long haloRows = expands ? Extent(rows, depthwise.Stride.Height, depthwise.Kernel.Height, depthwise.Dilation.Height) : 0;
            long haloColumns = expands ? Extent(columns, depthwise.Stride.Width, depthwise.Kernel.Width, depthwise.Dilation.Width) : 0;
            int lanes = group / (rows * columns);
            long vectors = (rows * columns) + (haloRows * haloColumns);
            int atOnce = (int)Math.Min(Math.Min(MostWide, wide), SharedBytes / VectorBytes / vectors);
            bool repeats = haloRows * haloColumns > MostRepeated * rows * columns * depthwise.Stride.Height * depthwise.Stride.Width;
            if (atOnce < 1 || repeats)
                continue;
            // Powers of two, so that networks share programs.
            atOnce = 1 << BitOperations.Log2((uint)atOnce);
            foreach (int sums in ManySums.Where(sums => expands ? Least(blocks, lanes) == sums : sums <= 4))
            {
                long groups = Cost.Product(Tiled(y.Height, rows), Tiled(y.Width, columns), Tiled(blocks, lanes * sums), y.Batch);
                fitting.Add(new(rows, columns, (int)haloRows, (int)haloColumns, atOnce, sums, group, groups));
            }
        }

        var inOrder = fitting.OrderByDescending(tile => tile.Groups >= Wanted(profile.Kind)).ThenByDescending(tile => tile.Groups >= Wanted(profile.Kind) ? tile.Area * tile.Sums : tile.Groups);
        return inOrder.Skip(profile.TileRank).Select(tile => (SeparableTile?)tile).FirstOrDefault();
    }

    /// <summary>Work groups from which on a device is busy.</summary>
    private static int Wanted(ProfileKind kind) => kind == ProfileKind.Discrete ? 64 : 16;

    private static int Tiled(int length, int tile) => (length + tile - 1) / tile;

    // The fewest sums of an invocation with which so many lanes have all blocks; 0 where there are too many.
    private static int Least(int blocks, int lanes) => ManySums.LastOrDefault(sums => sums * lanes >= blocks);

    private static long Extent(int outputs, int stride, int kernel, int dilation) => ((outputs - 1L) * stride) + ((kernel - 1L) * dilation) + 1;
}
