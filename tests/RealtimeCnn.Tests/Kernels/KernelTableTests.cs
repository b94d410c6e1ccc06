using System.Reflection;
using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Kernels;
using RealtimeCnn.SelfTests;
using RealtimeCnn.Tests.OpenGL;
using RealtimeCnn.Tests.Oracles;

namespace RealtimeCnn.Tests.Kernels;

[Collection(GlTests.Name)]
public sealed class KernelTableTests(GlFixture gl)
{
    public static TheoryData<string> CpuNames => [.. CpuKernels.Table.Entries.Where(IsCalled).Select(kernel => kernel.ToString())];

    public static TheoryData<string> GpuNames => [.. GpuKernels.For(DeviceProfile.Of(ProfileKind.Software, GlLimits.Guaranteed)).Entries.Where(IsCalled).Select(kernel => kernel.ToString())];

    /// <summary>Whatever a plan would choose, each kernel computes every case of its layer that it fits, and there is one.</summary>
    [Theory]
    [MemberData(nameof(CpuNames))]
    public void Each_CPU_kernel_forced_in_turn_computes_what_the_oracle_computes(string name)
    {
        var table = CpuKernels.Table.Forcing(name);
        AssertAllCases(name, (run, kernel, _) => run.Runs(kernel, CpuKernels.Table), table, (run, mode) =>
        {
            using var network = new CpuNetwork(run.Graph, new NetworkOptions { Kernels = table, Threads = 3, Sharing = SharingRule.Finest, Optimize = false, Mode = mode });
            return network.Run(run.Inputs)[0].Clone();
        });
    }

    /// <summary>As a device in software would run it, and as one in hardware.</summary>
    [Theory]
    [MemberData(nameof(GpuNames))]
    public void Each_GPU_kernel_forced_in_turn_computes_what_the_oracle_computes(string name) => gl.Run(device =>
    {
        KernelTable software = GpuKernels.For(DeviceProfile.Of(ProfileKind.Software, device.Limits)), discrete = GpuKernels.For(DeviceProfile.Of(ProfileKind.Discrete, device.Limits));
        AssertAllGpuCases(device, name, software, (run, kernel, _) => run.Runs(kernel, device.Kernels));
        AssertAllGpuCases(device, name, discrete, (run, _, mode) => Same(SelfTest.Dispatches(run.Graph, discrete.Forcing(name), mode), SelfTest.Dispatches(run.Graph, software.Forcing(name), mode)));
    });

    [Fact]
    public void Each_layer_has_a_kernel_on_the_CPU_that_computes_every_call()
    {
        var layers = typeof(Layer).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Layer)) && !type.IsAbstract && type != typeof(Input) && type != typeof(NodeOutput));
        var without = layers.Where(layer => !CpuKernels.Table.Entries.Any(kernel => kernel.Layer.IsAssignableFrom(layer) && kernel is { Condition: null, Block: null }));
        Assert.Empty(without);
    }

    /// <summary>A kernel runs too seldom to be compiled again soon, and vectors that are not optimised are a hundred times slower.</summary>
    [Fact]
    public void Each_CPU_kernel_is_compiled_at_its_best_from_the_first_run()
    {
        const BindingFlags Any = BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly;
        var kernels = typeof(CpuKernels).Assembly.GetTypes().Where(type => type != typeof(CustomCpuKernel)).SelectMany(type => type.GetMethods(Any))
            .Where(method => method.GetParameters() is [{ ParameterType: { IsPointer: true } first }, { Name: "from" }, { Name: "to" }] && first.GetElementType() == typeof(CpuArguments)).ToList();
        Assert.True(kernels.Count > 50, $"{kernels.Count} kernels were found.");
        Assert.Empty(kernels.Where(kernel => (kernel.MethodImplementationFlags & MethodImplAttributes.AggressiveOptimization) == 0).Select(kernel => $"{kernel.DeclaringType!.Name}.{kernel.Name}"));
    }

    [Fact]
    public void A_kernel_s_name_is_its_own_in_its_table()
    {
        foreach (var table in new[] { CpuKernels.Table, GpuKernels.For(DeviceProfile.Of(ProfileKind.Software, GlLimits.Guaranteed)) })
            Assert.Equal(table.Entries.Count, table.Entries.Select(kernel => kernel.ToString()).Distinct().Count());
    }

    [Fact]
    public void Forcing_a_kernel_that_does_not_exist_lists_those_that_do()
    {
        var error = Assert.Throws<KeyNotFoundException>(() => CpuKernels.Table.Forcing("Softmax/fast"));
        Assert.Contains("Softmax/fast", error.Message, StringComparison.Ordinal);
        Assert.Contains("ConvolutionLayer/plain", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_user_forces_kernels_by_name()
    {
        var builder = new GraphBuilder(3);
        var x = builder.Start(new Shape(1, 3, 9, 9));
        using var graph = builder.Build(x.Conv2d(20, 3, padding: 1).DepthwiseConv2d(3, padding: 1).Relu());
        using var input = new Tensor(x.Shape, [.. Enumerable.Range(0, x.Shape.Count).Select(i => MathF.Sin(i))]);
        using var best = new CpuNetwork(graph);
        using var plain = new CpuNetwork(graph, new NetworkOptions { ForcedKernels = ["ConvolutionLayer/plain", "DepthwiseConv2d/depthwise"] });
        string[] KernelsOf(CpuNetwork network) => [.. Plan.Build(network.Graph, [], network.PlanOptions).Steps.Select(step => step.Kernel.ToString())];
        Assert.Contains("ConvolutionLayer/first layer", KernelsOf(best));
        Assert.DoesNotContain("ConvolutionLayer/first layer", KernelsOf(plain));
        Assert.Contains("ConvolutionLayer/plain", KernelsOf(plain));
        Assert.Equal(best.Run(input)[0].Span.ToArray(), plain.Run(input)[0].Span.ToArray());
        Assert.Throws<KeyNotFoundException>(() => new CpuNetwork(graph, new NetworkOptions { ForcedKernels = ["Conv2d/magic"] }));
        gl.Run(device => Assert.Throws<KeyNotFoundException>(() => new GpuNetwork(device, graph, new NetworkOptions { ForcedKernels = ["Conv2d/magic"] })));
    }

    /// <summary>Conversions of element types and borders are in no plan of a single layer, and blocks are of several: <see cref="Graphs.FormatTests"/> and each block's own tests run them.</summary>
    private static bool IsCalled(Kernel kernel) =>
        kernel is not AliasKernel && kernel.Block == null && kernel.Layer != typeof(Widen) && kernel.Layer != typeof(Narrow) && kernel.Layer != typeof(AddBorder) && kernel.Layer != typeof(RemoveBorder);

    /// <summary>Whether dispatches run the same shaders with the same numbers.</summary>
    private static bool Same(IReadOnlyList<Dispatch> left, IReadOnlyList<Dispatch> right) =>
        left.Select(Form).SequenceEqual(right.Select(Form));

    private static string Form(Dispatch dispatch) => string.Join(' ', [dispatch.Shader, .. dispatch.Defines, $"{dispatch.Invocations}", Convert.ToHexString(dispatch.Params)]);

    private static void AssertAllGpuCases(GlDevice device, string name, KernelTable all, Func<LayerRun, Kernel, RunMode, bool> isComputedElsewhere)
    {
        var table = all.Forcing(name);
        AssertAllCases(name, isComputedElsewhere, table, (run, mode) =>
        {
            using var network = new GpuNetwork(device, run.Graph, new NetworkOptions { Kernels = table, Optimize = false, Mode = mode });
            return network.Run(run.Inputs)[0].Clone();
        });
    }

    private static void AssertAllCases(string name, Func<LayerRun, Kernel, RunMode, bool> isComputedElsewhere, KernelTable forced, Func<LayerRun, RunMode, Tensor> compute)
    {
        var kernel = forced.Entries.Single(entry => entry.ToString() == name);
        bool converts = kernel.Layer.IsAssignableTo(typeof(ConversionLayer));
        int ran = 0;
        foreach (var layerCase in LayerCases.All.Where(layerCase => converts || kernel.Layer.IsInstanceOfType(layerCase.Layer)))
        {
            using var run = new LayerRun(layerCase);
            if (!run.Runs(kernel, forced))
                continue;
            ran++;
            // The tests of all layers compute what would be chosen anyway.
            if (isComputedElsewhere(run, kernel, layerCase.Mode))
                continue;
            using var actual = compute(run, layerCase.Mode);
            Closeness.Assert(run.Expected, actual, Math.Max(layerCase.Tolerance, kernel.Tolerance), $"{name} on {layerCase.Id}");
        }

        Assert.True(ran > 0, $"No case runs {name}: add one to the layer's cases.");
    }
}
