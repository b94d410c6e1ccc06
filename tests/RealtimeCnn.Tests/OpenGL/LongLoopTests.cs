using System.Text.RegularExpressions;
using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Kernels;
using RealtimeCnn.OpenGL.Shaders;
using RealtimeCnn.SelfTests;

namespace RealtimeCnn.Tests.OpenGL;

/// <summary>Drivers may end long loops early without a word (Mesa's llvmpipe does, after 65,535 turns of an invocation).</summary>
[Collection(GlTests.Name)]
public sealed partial class LongLoopTests(GlFixture gl)
{
    public static TheoryData<string> Names => [.. LongLoops.Cases.Select(one => one.Id)];

    /// <summary>Of kernels that take no call with more turns than an invocation may walk (<see cref="Kernels.FewOperationsTests"/>, <see cref="Kernels.PointwiseMeanTests"/>, <see cref="Kernels.SeparableTests"/>).</summary>
    private static readonly string[] OfFewOperations = ["layers/conv2d_depthwise_rows.comp", "layers/conv2d_pool.comp", "layers/conv2d_pool_rows.comp", "layers/group_norm.comp", "layers/linear_chain.comp", "layers/pointwise_conv2d_mean.comp", "layers/separable.comp", "layers/linear_shared.comp", "layers/softmax_channels.comp", "layers/top_k_shared.comp", "layers/winograd_fused.comp"];

    public static TheoryData<string> LayerShaders =>
        [.. ShaderLibrary.Embedded.Paths.Where(path => path.StartsWith("layers/", StringComparison.Ordinal) && path.EndsWith(".comp", StringComparison.Ordinal)).Except(OfFewOperations)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_long_loop_gives_the_same_on_both_paths(string name) => gl.Run(device =>
    {
        var check = SelfTest.Run(device, device.Programs, LongLoops.Cases.Single(one => one.Id == name));
        Assert.True(check.Passed, check.ToString());
    });

    /// <summary>A loop whose end is not one of the small constants below is as long as a tensor, and needs a case in <see cref="LongLoops"/>.</summary>
    [Theory]
    [MemberData(nameof(LayerShaders))]
    public void Every_shader_with_a_loop_that_a_tensor_makes_long_has_a_case(string shader)
    {
        string text = string.Concat(ShaderLibrary.Embedded.Load(shader, GlClientApi.Desktop, "READ_PATH_BUFFER").Files.Select(ShaderLibrary.ReadEmbedded));
        string[] loops = [.. Loop().Matches(text).Select(match => match.Value)];
        if (loops.All(loop => Bounded().IsMatch(loop)))
            return;
        var shaders = gl.Run(device => LongLoops.Cases.SelectMany(one =>
        {
            using var run = new LayerRun(one);
            // On the other kind of device the self test runs what is chosen there.
            KernelTable[] tables = [device.Kernels, GpuKernels.For(DeviceProfile.Of(device.Profile.IsSoftware ? ProfileKind.Discrete : ProfileKind.Software, device.Limits))];
            return tables.SelectMany(kernels => SelfTest.Dispatches(run.Graph, kernels, one.Mode)).Select(dispatch => dispatch.Shader).ToList();
        }).ToHashSet());
        Assert.True(shaders.Contains(shader), $"{shader} has {string.Join("; ", loops.Where(loop => !Bounded().IsMatch(loop)))}: add a long case to LongLoops.");
    }

    [Theory]
    [InlineData(1, 1, 1, 1)]
    [InlineData(3, 3, 128, 1)]
    [InlineData(7, 7, 2048, 5)]
    [InlineData(300, 300, 1, 1)]
    [InlineData(1, 1, 1_000_000, 5)]
    [InlineData(3, 70_000, 2, 1)]
    [InlineData(100_000, 1, 1, 1)]
    [InlineData(2, 3, 31_000, 1)]
    public void Parts_of_a_sum_make_up_the_whole_and_none_is_too_long(int rows, int columns, int channels, int turnsPerChannel)
    {
        SumPart[] parts = [.. SumPart.Cut(rows, columns, channels, turnsPerChannel)];
        Assert.Equal((long)rows * columns * channels, parts.Sum(part => (long)(part.EndRow - part.FirstRow) * (part.EndColumn - part.FirstColumn) * (part.EndChannel - part.FirstChannel)));
        Assert.Equal(parts.Length, parts.Distinct().Count());
        Assert.All(parts, part => Assert.InRange(
            (part.EndRow - part.FirstRow) * (2 + ((part.EndColumn - part.FirstColumn) * (2L + ((part.EndChannel - part.FirstChannel) * turnsPerChannel)))), 1, Lanes.MostTurns + 4));
        Assert.Equal((1, 1), (parts[0].IsFirst, parts[^1].IsLast));
        Assert.Equal((1, 1), (parts.Sum(part => part.IsFirst), parts.Sum(part => part.IsLast)));
    }

    [Fact]
    public void What_is_too_long_even_for_the_widest_group_is_refused_by_name_and_left_to_the_CPU()
    {
        var builder = new GraphBuilder();
        using var graph = builder.Build(builder.Add(new TopK(2), [builder.Input("scores", new Shape(1, 300_000))], [], "best"));
        gl.Run(device =>
        {
            using var network = new GpuNetwork(device, graph);
            using var input = new Tensor(new Shape(1, 300_000));
            var refusal = Assert.Throws<NotSupportedException>(() => network.Run(input));
            Assert.Contains("best", refusal.Message, StringComparison.Ordinal);
            Assert.Contains("TopK of 300000 elements", refusal.Message, StringComparison.Ordinal);
            using var mixed = new MixedNetwork(device, graph);
            Assert.Equal("cpu", mixed.BackendOf(mixed.Graph["best"]));
        });
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(16_384, 1, 1)]
    [InlineData(16_385, 64, 64)]
    [InlineData(262_145, 1024, 128)]
    [InlineData(128L * 60_000, 1024, 128)]
    [InlineData((128L * 60_000) + 1, 1024, 0)]
    [InlineData(1024L * 60_000, 1024, 0)]
    [InlineData((1024L * 60_000) + 1, 0, 0)]
    public void Lanes_follow_the_length_and_the_widest_group(long turns, int lanes, int embedded)
    {
        Assert.Equal(lanes, Lanes.For(turns, GlLimits.Guaranteed));
        Assert.Equal(embedded, Lanes.For(turns, GlLimits.GuaranteedEmbedded));
    }

    [GeneratedRegex(@"(\b(for|while)\s*\([^{]*?\);?\s*$)|\bFOR_(ROWS|COLUMNS)\(window\)$", RegexOptions.Multiline)]
    private static partial Regex Loop();

    // The lanes of a vec4, the rows, pixels and window of a tile, the axes of a tensor, the digits of a strided view, and the halves of a work group.
    [GeneratedRegex(@"lane < 4|< TILE_ROWS;|level = \w+ - 1; level >= 0|a = rank - 1; a >|d < DIGITS|level < LEVELS|(pixel|k) < 4|pixel < TILE_ROWS \* TILE_COLUMNS|(h|t|tap) < (KERNEL|TILE_COLUMNS)|p < POOL|span = LANES / 2")]
    private static partial Regex Bounded();
}
