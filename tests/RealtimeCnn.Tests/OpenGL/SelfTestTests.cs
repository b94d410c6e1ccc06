using RealtimeCnn.Images;
using RealtimeCnn.Kernels;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Kernels;
using RealtimeCnn.OpenGL.Shaders;
using RealtimeCnn.SelfTests;
using RealtimeCnn.SelfTests.Oracles;

namespace RealtimeCnn.Tests.OpenGL;

/// <summary>The driver truth kit: that it looks at everything, that a right driver passes, and that a wrong one is named.</summary>
[Collection(GlTests.Name)]
public sealed partial class SelfTestTests(GlFixture gl)
{
    [Fact]
    public void Every_layer_shader_and_every_variant_takes_part()
    {
        var used = gl.Run(device => SelfTest.Cases.SelectMany(one =>
        {
            using var run = new LayerRun(one);
            KernelTable[] tables = [.. SelfTest.OtherKernels(device, one).Select(kernel => device.Kernels.Forcing(kernel)), GpuKernels.For(DeviceProfile.Of(ProfileKind.Software, device.Limits)), GpuKernels.For(DeviceProfile.Of(ProfileKind.Discrete, device.Limits)), .. new[] { ProfileKind.Software, ProfileKind.Discrete }.Select(kind => GpuKernels.For(DeviceProfile.Of(kind, GlLimits.GuaranteedEmbedded)))];
            return tables.SelectMany(table => SelfTest.Dispatches(run.Graph, table, one.Mode)).ToArray();
        }).Concat(NetworkCase.All.SelectMany(one =>
        {
            using var graph = one.Create();
            using var network = new GpuNetwork(device, graph);
            return SelfTest.Dispatches(network.Graph, new NetworkOptions { Halves = one.Halves }.ForPlans(one.KernelsOn(device)));
        })).ToArray());
        var shaders = ShaderLibrary.Embedded.Paths.Where(path => path.StartsWith("layers/", StringComparison.Ordinal) && path.EndsWith(".comp", StringComparison.Ordinal));
        string[] missing = [.. shaders.Except(used.Select(dispatch => dispatch.Shader))];
        Assert.True(missing.Length == 0, $"No case runs {string.Join(", ", missing)}.");

        var variants = shaders.SelectMany(shader => ShaderTests.Variants(shader).Where(defines => defines.Length > 0).Select(defines => $"{shader}: {string.Join(", ", defines)}"));
        string[] untested = [.. variants.Except(used.Select(dispatch => $"{dispatch.Shader}: {string.Join(", ", dispatch.Defines)}"))];
        Assert.True(untested.Length == 0, $"No case runs {string.Join("; ", untested)}.");

        // The other way round, each choice by itself, but for sizes, which are many, and halves (ReferenceCompilerTests).
        string[] unnamed = [.. used.SelectMany(dispatch => Choices(dispatch.Shader, dispatch.Defines)).Except(shaders.SelectMany(shader => ShaderTests.Variants(shader).SelectMany(defines => Choices(shader, defines))))];
        Assert.True(unnamed.Length == 0, $"No variant names {string.Join("; ", unnamed)}.");

        static IEnumerable<string> Choices(string shader, string[] defines) => defines.Where(define => !IsSizeOrHalf().IsMatch(define)).Select(define => $"{shader}: {define}");
    }

    [Fact]
    public void Every_camera_format_and_every_picture_shader_takes_part()
    {
        Assert.Equal(Enum.GetValues<PixelFormat>(), PictureCases.All.Select(one => one.Format.Pixels).Distinct().Order());
        var used = gl.Run(device => PictureCases.All.SelectMany(one => one.Shaders(device)).ToHashSet());
        Assert.Subset(used, ShaderLibrary.Embedded.Paths.Where(path => path.StartsWith("image/", StringComparison.Ordinal)).ToHashSet());
    }

    [Fact]
    public void A_wrong_result_is_reported_with_its_place() => gl.Run(device =>
    {
        using var programs = Broken(device, "layers/pool2d_tile.comp", "void main()\n{", "void main()\n{\n    if (gl_GlobalInvocationID.x == 2u) return;");
        var check = SelfTest.Run(device, programs, LayerCases.Find("MaxPool2d: overlapping, padded"));
        Assert.False(check.Passed);
        var difference = Assert.IsType<TensorDifference>(check.Difference);
        Assert.True(difference.RelativeL2 > check.Tolerance && difference.MaxAbsolute > 0, check.ToString());
        Assert.NotEqual(difference.Expected, difference.Actual);
        Assert.Contains(check.Shaders, shader => shader.StartsWith("layers/pool2d_tile.comp AVERAGE 0", StringComparison.Ordinal));
        Assert.True(SelfTest.Run(device, programs, LayerCases.Find("LpPool2d: p 3, padded")).Passed);
    });

    [Fact]
    public void A_shader_that_does_not_compile_is_reported_with_what_the_driver_said() => gl.Run(device =>
    {
        using var programs = Broken(device, "image/narrow_rows.comp", "ivec2 at", "ivec5 at");
        var check = SelfTest.Run(device, programs, PictureCases.All[0]);
        Assert.False(check.Passed);
        Assert.StartsWith("image/narrow_rows.comp:", check.Problem, StringComparison.Ordinal);
    });

    [Theory]
    [InlineData(1f, 1f, true)]
    [InlineData(1f, 1.1f, false)]
    [InlineData(0f, 1e-30f, false)]
    [InlineData(1f, float.NaN, false)]
    [InlineData(float.NaN, 1f, false)]
    [InlineData(float.NaN, float.NaN, true)]
    [InlineData(float.PositiveInfinity, float.NegativeInfinity, false)]
    [InlineData(float.PositiveInfinity, float.PositiveInfinity, true)]
    public void Nothing_unequal_passes_for_equal(float expected, float actual, bool passes)
    {
        using Tensor cpu = new(new Shape(1, 2), [2, expected]), gpu = new(new Shape(1, 2), [2, actual]);
        using Tensor zero = new(new Shape(1, 1), [expected]), other = new(new Shape(1, 1), [actual]);
        var check = new KernelCheck("", "", [], "", expected == 0 ? 0 : 1e-6, 0);
        Assert.Equal(passes, check.Compare(DoubleTensor.Of(cpu), gpu).Passed);
        Assert.Equal(passes, check.Compare(DoubleTensor.Of(zero), other).Passed);
        if (!passes)
            Assert.Equal([0, 1], check.Compare(DoubleTensor.Of(cpu), gpu).Difference!.At);
    }

    [System.Text.RegularExpressions.GeneratedRegex("^(ACTIVATION|TILE_|LANES|WIDE|SUMS|HALO_|KERNEL|STRIDE|LEVELS|HALF_)")]
    private static partial System.Text.RegularExpressions.Regex IsSizeOrHalf();

    private static ProgramCache Broken(GlDevice device, string shader, string from, string to)
    {
        string text = ShaderLibrary.ReadEmbedded(shader)!;
        Assert.Contains(from, text, StringComparison.Ordinal);
        return new ProgramCache(device, new ShaderLibrary(
            ShaderLibrary.Embedded.Paths, path => path == shader ? text.Replace(from, to, StringComparison.Ordinal) : ShaderLibrary.ReadEmbedded(path)));
    }
}
