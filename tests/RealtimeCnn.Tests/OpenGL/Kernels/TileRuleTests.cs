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
    [InlineData(49, 320, 80, 7, 4)] // 320 to 1280 at 7×7
    [InlineData(16, 64, 64, 2, 4)] // a matrix of Winograd's at 14×14
    [InlineData(196, 96, 16, 13, 4)] // 64 to 384 at 14×14, 25 groups of eight pixels
    public void Software_takes_large_tiles_that_its_planes_fill(int pixels, int blocks, int turns, int tilePixels, int tileBlocks) =>
        Assert.Equal(new ConvolutionTile(tilePixels, tileBlocks, 8), TileRule.Of(pixels, blocks, turns, Profile(ProfileKind.Software)));

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
    [InlineData(ProfileKind.Software, 512, 512, 3, 7, "tile")] // four tiles of Winograd's for eight lanes
    [InlineData(ProfileKind.Software, 3, 32, 3, 56, "tile")] // too few channels for what points cost
    [InlineData(ProfileKind.Discrete, 64, 64, 3, 56, "tile")] // measured on software alone
    [InlineData(ProfileKind.Software, 64, 384, 1, 14, "pointwise tile")]
    [InlineData(ProfileKind.Discrete, 64, 384, 1, 14, "pointwise shared")]
    [InlineData(ProfileKind.Discrete, 64, 384, 1, 7, "pointwise tile")] // too few pixels for a group
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
