using RealtimeCnn.Cli.Models;
using RealtimeCnn.Onnx;

namespace RealtimeCnn.Tests.Onnx;

/// <summary>The standard's own tests, on both backends: none fails, and only what docs/onnx.md names is out of scope.</summary>
public sealed class ConformanceTests
{
    // Why a test may be out of scope, as its reason says it.
    private static readonly string[] OutOfScope =
    [
        "bfloat16", "float8", "float4", "int4", "int2", "string", "sequencetype", "optionaltype", "window axes",
        "exported for training",
    ];

    [SharedDataTheory]
    [InlineData("node")]
    [InlineData("node-v1.5.0")]
    [InlineData("node-v1.7.0")]
    [InlineData("pytorch-converted")]
    public void The_CPU_passes_everything_within_scope(string suite) => Run(suite, "cpu");

    [SharedDataTheory]
    [InlineData("node")]
    [InlineData("node-v1.5.0")]
    [InlineData("node-v1.7.0")]
    [InlineData("pytorch-converted")]
    public void The_GPU_passes_everything_within_scope(string suite) => Run(suite, "gpu");

    [Theory]
    [InlineData(1.0, 1.0, true)]
    [InlineData(1.0009, 1.0, true)]
    [InlineData(1.0012, 1.0, false)]
    [InlineData(double.NaN, double.NaN, true)]
    [InlineData(double.NaN, 1.0, false)]
    [InlineData(1.0, double.NaN, false)]
    [InlineData(double.PositiveInfinity, double.PositiveInfinity, true)]
    [InlineData(double.PositiveInfinity, 1e30, false)]
    public void Numbers_agree_within_the_tolerance_and_only_then(double given, double expected, bool agree)
    {
        string? difference = ConformanceSuite.Difference(OnnxFiles.Floats(new Shape(2), given, 0), OnnxFiles.Floats(new Shape(2), expected, 0));
        Assert.Equal(agree, difference == null);
    }

    [Fact]
    public void Types_and_shapes_must_agree_too()
    {
        Assert.NotNull(ConformanceSuite.Difference(OnnxTensor.Vector(1), OnnxFiles.Floats(new Shape(1), 1)));
        Assert.NotNull(ConformanceSuite.Difference(OnnxTensor.Vector(1), OnnxTensor.Vector(1, 1)));
    }

    private static void Run(string suite, string where)
    {
        using var host = NetworkHost.Open(new NetworkHost.Place(where, new()), TextWriter.Null);
        string folder = SharedData.Path("onnx", suite);
        var results = ConformanceSuite.Find(folder).Select(test => ConformanceSuite.Run(test, Path.GetFileName(test), host)).ToList();
        Assert.NotEmpty(results);
        Assert.DoesNotContain(results, result => result.Status == "fail");
        Assert.DoesNotContain(results, result => result.Status == "unsupported" && !OutOfScope.Any(reason => result.Reason.Contains(reason, StringComparison.OrdinalIgnoreCase)));
        // What must run on the GPU does.
        if (where == "gpu")
            Assert.DoesNotContain(results, result => result.CpuNodes > 0 && MustRunOnGpu.Any(name => result.Name.StartsWith(name, StringComparison.OrdinalIgnoreCase)));
    }

    private static readonly string[] MustRunOnGpu =
    [
        "test_conv", "test_Conv1d", "test_Conv2d", "test_maxpool", "test_averagepool", "test_lppool", "test_global", "test_relu", "test_elu", "test_selu",
        "test_leakyrelu", "test_prelu", "test_sigmoid", "test_tanh", "test_hardsigmoid", "test_softplus", "test_clip", "test_batchnorm", "test_instancenorm",
        "test_layer_normalization", "test_group_normalization", "test_lrn", "test_add", "test_sub", "test_mul", "test_div", "test_sum", "test_min_", "test_max_",
        "test_resize", "test_concat", "test_slice", "test_edge_pad", "test_constant_pad", "test_wrap_pad", "test_transpose", "test_reshape", "test_reduce",
        "test_softmax_axis", "test_logsoftmax", "test_matmul_", "test_gemm", "test_depthtospace", "test_spacetodepth", "test_argmax", "test_argmin", "test_top_k",
    ];
}
