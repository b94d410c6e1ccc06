using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Kernels;

namespace RealtimeCnn.Tests.OpenGL.Kernels;

/// <summary>Which kernel and which tile computes a convolution, by shapes and the kind of device alone: nothing here needs a context.</summary>
public sealed class TileRuleTests
{
    [Theory]
    [InlineData(12544, 24, 4, 14, 4)] // 16 channels to 96 at 112×112
    [InlineData(784, 8, 36, 14, 4)] // 144 to 32 at 28×28
    [InlineData(3136, 6, 24, 14, 2)] // 96 to 24 at 56×56
    [InlineData(196, 96, 144, 14, 4)] // 64 to 384 by 3×3 at 14×14: 13 pixels would be a little faster, and programs more
    [InlineData(169, 250, 128, 11, 4)] // 512 to 1000 at 13×13: 14 pixels would be a fifth slower
    public void Software_takes_large_tiles_that_its_planes_fill(int pixels, int blocks, int turns, int tilePixels, int tileBlocks) =>
        Assert.Equal(new ConvolutionTile(tilePixels, tileBlocks, 8), TileRule.Of(pixels, blocks, turns, Profile(ProfileKind.Software)));

    [Theory]
    [InlineData(4, 128, 128, true)] // Winograd's at 7×7
    [InlineData(16, 64, 64, true)] // at 14×14
    [InlineData(49, 320, 80, true)] // 320 channels to 1280 at 7×7
    [InlineData(196, 128, 128, true)] // 512 to 512 at 14×14
    [InlineData(3136, 6, 24, false)] // 96 to 24 at 56×56: lanes would have no channels
    [InlineData(12544, 24, 4, false)] // 16 to 96 at 112×112
    public void Neighbours_are_channels_where_a_matrix_has_few_rows(int pixels, int blocks, int turns, bool across) =>
        Assert.Equal(across, TileRule.OfMatrix(pixels, blocks, turns, Profile(ProfileKind.Software)).Across);

    [Theory]
    [InlineData(4, 128, 128, 4, 4)] // Winograd's at 7×7
    [InlineData(16, 64, 64, 16, 2)] // at 14×14
    [InlineData(49, 32, 32, 25, 2)] // at 28×28, and every 1×1 at 7×7
    [InlineData(196, 128, 128, 25, 2)] // at 14×14
    [InlineData(49, 40, 240, 25, 2)] // 960 to 160: one block would leave no lane without channels, and be one program more
    [InlineData(49, 23, 17, 25, 1)] // two blocks would leave a quarter of the lanes without channels
    public void Tiles_across_channels_are_as_high_as_small_planes(int pixels, int blocks, int turns, int tilePixels, int tileBlocks) =>
        Assert.Equal(new ConvolutionTile(tilePixels, tileBlocks, 8) { Across = true }, TileRule.OfMatrix(pixels, blocks, turns, Profile(ProfileKind.Software)));

    [Theory]
    [InlineData(112, 1, 4, 4)]
    [InlineData(112, 2, 7, 2)] // windows that share few columns
    [InlineData(28, 1, 7, 2)]
    public void Depthwise_tiles_are_wide_where_windows_share_columns(int height, int stride, int rows, int columns) =>
        Assert.Equal((rows, columns, 8), DepthwiseConv2dTileKernel.Tile(height, stride, Profile(ProfileKind.Software)));

    [Theory]
    [InlineData(12544, 24)]
    [InlineData(49, 29)]
    public void A_GPU_has_many_invocations_first(int pixels, int blocks) =>
        Assert.Equal(64, TileRule.Of(pixels, blocks, 16, Profile(ProfileKind.Discrete)).Group);

    [Fact]
    public void Tiles_cover_every_pixel_and_every_channel()
    {
        foreach (int pixels in new[] { 4, 49, 50, 783, 784, 785 })
        {
            foreach (int blocks in new[] { 1, 2, 3, 5, 29, 64 })
            {
                foreach (var kind in Enum.GetValues<ProfileKind>())
                {
                    var tile = TileRule.Of(pixels, blocks, 16, Profile(kind));
                    var count = tile.Count(pixels, blocks, 3);
                    Assert.InRange(count.X * tile.Pixels, pixels, pixels + tile.Pixels - 1);
                    Assert.InRange(count.Y * tile.Blocks, blocks, blocks + tile.Blocks - 1);
                    Assert.Equal(3, count.Z);
                }
            }
        }
    }

    [Theory]
    [InlineData(ProfileKind.Software, 64, 64, 3, 56, "winograd 4×4")]
    [InlineData(ProfileKind.Software, 512, 512, 3, 7, "winograd 4×4")] // four tiles for eight lanes of channels
    [InlineData(ProfileKind.Software, 96, 96, 3, 28, "winograd 4×4")]
    [InlineData(ProfileKind.Software, 16, 64, 3, 56, "winograd 4×4 fused")] // few channels: what points come to costs more to store than weights to read again
    [InlineData(ProfileKind.Discrete, 16, 64, 3, 56, "tile")]
    [InlineData(ProfileKind.Software, 4, 64, 3, 56, "row tile")] // too few channels for what points cost
    [InlineData(ProfileKind.Software, 64, 64, 9, 56, "tile")] // too wide a window to be written out
    [InlineData(ProfileKind.Discrete, 64, 64, 3, 56, "tile")] // measured on software alone
    [InlineData(ProfileKind.Software, 64, 384, 1, 14, "pointwise tile")]
    [InlineData(ProfileKind.Discrete, 64, 384, 1, 28, "pointwise shared")]
    [InlineData(ProfileKind.Discrete, 64, 384, 1, 14, "pointwise split")]
    [InlineData(ProfileKind.Discrete, 320, 1280, 1, 7, "pointwise split")]
    [InlineData(ProfileKind.Discrete, 32, 384, 1, 14, "pointwise shared")] // too short a sum to be shared
    [InlineData(ProfileKind.Integrated, 64, 384, 1, 14, "pointwise shared")] // few processors, which these groups keep busy
    [InlineData(ProfileKind.Integrated, 64, 384, 1, 7, "pointwise tile")] // too few pixels for a group
    [InlineData(ProfileKind.Discrete, 16, 96, 1, 112, "pointwise tile")] // too short a sum
    public void Shapes_and_the_kind_of_device_choose_the_kernel(ProfileKind kind, int ins, int outs, int kernel, int side, string name)
    {
        var builder = new GraphBuilder();
        using var graph = builder.Build(builder.Start(new Shape(1, ins, side, side)).Conv2d(outs, kernel, padding: kernel / 2));
        var step = Plan.Build(graph, [], new PlanOptions(GpuKernels.For(Profile(kind)))).Steps.Single(step => step.Call.Layer is ConvolutionLayer);
        Assert.Equal(name, step.Kernel.Name);
    }

    private static DeviceProfile Profile(ProfileKind kind) => DeviceProfile.Of(kind, GlLimits.Guaranteed with { StorageBlockBytes = 1 << 27, TextureBufferTexels = 1 << 27 });
}
