using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Kernels;

namespace RealtimeCnn.Tests.OpenGL.Kernels;

/// <summary>Softmax and group normalisation between convolutions take channels as they lie; at a network's end they take them row-major.</summary>
public sealed class BlockedNormsTests
{
    [Theory]
    [InlineData(1, 8, "channels", false)]
    [InlineData(-3, 8, "channels", false)]
    [InlineData(2, 8, "plain", true)] // along rows
    [InlineData(1, 20_000, "plain", true)] // longer than an invocation should walk
    public void Softmax_of_channels_converts_nothing(int axis, int channels, string kernel, bool converts) =>
        Assert.Equal((kernel, converts), KernelOf<SoftmaxLayer>(x => x.PointwiseConv2d(channels).Then(new Softmax(axis)).PointwiseConv2d(3), channels > 100 ? 2 : 9));

    [Theory]
    [InlineData(2, 8, "groups", false)]
    [InlineData(1, 7, "groups", false)]
    [InlineData(2, 12, "plain", true)] // groups of one vec4 and a half
    [InlineData(1, 4000, "plain", true)] // more than a plain work group walks
    public void Group_normalisation_of_whole_vec4s_converts_nothing(int groups, int channels, string kernel, bool converts) =>
        Assert.Equal((kernel, converts), KernelOf<GroupNorm>(x => x.PointwiseConv2d(channels).Then(new GroupNorm(groups, channels)).PointwiseConv2d(3), channels > 100 ? 10 : 9));

    [Fact]
    public void What_comes_row_major_is_computed_row_major()
    {
        Assert.Equal(("plain", false), KernelOf<SoftmaxLayer>(x => x.Then(new Softmax(1)), 9));
        Assert.Equal(("plain", false), KernelOf<GroupNorm>(x => x.Then(new GroupNorm(1, 3)), 9));
    }

    // Its kernel, and whether anything between the network's ends changes its layout.
    private static (string Kernel, bool Converts) KernelOf<TLayer>(Func<SymbolicTensor, SymbolicTensor> layers, int side)
    {
        var builder = new GraphBuilder(1);
        using var graph = builder.Build(layers(builder.Start(new Shape(1, 3, side, side))));
        var steps = Plan.Build(graph, [], new PlanOptions(GpuKernels.For(DeviceProfile.Of(ProfileKind.Software, GlLimits.Guaranteed)))).Steps;
        int at = steps.ToList().FindIndex(step => step.Call.Layer is TLayer);
        return (steps[at].Kernel.Name, at > 0 && steps[at - 1].Call.Layer is ToPlain);
    }
}
