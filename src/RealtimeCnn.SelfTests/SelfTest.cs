using System.Diagnostics;
using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Images;
using RealtimeCnn.Kernels;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Kernels;
using RealtimeCnn.OpenGL.Shaders;
using RealtimeCnn.Regions;
using RealtimeCnn.SelfTests.Oracles;

namespace RealtimeCnn.SelfTests;

/// <summary>
/// Runs every kernel on a device and compares it with its definition: whether a driver computes what it should, and what to attach
/// to a report when it does not. Takes seconds, most of them compiling; blocks.
/// </summary>
public static class SelfTest
{
    /// <summary>
    /// Runs all checks. A driver that refuses or miscomputes is a check that fails, not an exception; what our kernels refuse because
    /// of the device's limits is left out.
    /// </summary>
    /// <param name="device">The device of this thread; its <see cref="GlDeviceOptions.ReadPath"/> decides how tensors are read.</param>
    /// <param name="isQuick">Whether one case is enough for each shader in each of its forms.</param>
    /// <param name="only">Part of the names of the checks to run, which are like <c>Conv2d: stride that does not divide</c>; null for all.</param>
    /// <param name="progress">Sees each check as it is done, those of one layer one after the other.</param>
    /// <param name="cancellation">Ends it between two checks.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static SelfTestReport Run(GlDevice device, bool isQuick = false, string? only = null, Action<KernelCheck>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(device);
        device.VerifyThread();
        using var programs = new ProgramCache(device, ShaderLibrary.Embedded);
        var checks = new List<KernelCheck>();
        var cases = isQuick
            ? FirstCases(device.Kernels).OrderBy(first => first.Case.Layer.GetType().Name)
            : Cases.SelectMany(one => OtherKernels(device, one).Prepend(null).Select(kernel => (Case: one, Kernel: kernel)));
        var layers = cases.Where(one => IsWanted(one.Case.Layer.GetType().Name, one.Case.Name, only) && Runs(device, one.Case)).Select(one => Run(device, programs, one.Case, one.Kernel));
        var networks = NetworkCase.All.Where(one => IsWanted(Network, one.Name, only)).Select(one => Run(device, programs, one));
        foreach (var check in layers.Concat(networks).Concat(PictureCases.All.Where(one => IsWanted(Picture, one.Name, only)).Select(one => Run(device, programs, one))))
        {
            checks.Add(check);
            progress?.Invoke(check);
            cancellation.ThrowIfCancellationRequested();
        }

        return new SelfTestReport(device.Info, device.Limits, checks) { Profile = device.Profile, Extensions = device.Extensions };
    }

    // Sums and products of float32 in whichever order: some hundred roundings of 6e-8.
    private const double Rounding = 5e-6;

    // What is no layer.
    private const string Network = "Network", Picture = "Picture";

    private static bool IsWanted(string layer, string name, string? only) => only == null || $"{layer}: {name}".Contains(only, StringComparison.OrdinalIgnoreCase);

    /// <summary>The cases of layers that run here.</summary>
    internal static IReadOnlyList<LayerCase> Cases { get; } = [.. LayerCases.All.Where(one => !one.CpuOnly), .. LongLoops.Cases];

    /// <summary>Each shader in each form that the cases ask for, with the first case that does: as a plan takes kernels, and with each kernel forced.</summary>
    internal static IReadOnlyList<(LayerCase Case, string? Kernel)> FirstCases(KernelTable table)
    {
        var choices = table.Entries.Where(kernel => table.Entries.Count(other => other.Layer == kernel.Layer) > 1).Select(kernel => kernel.ToString()).Prepend(null);
        var seen = new HashSet<string>();
        var first = new List<(LayerCase, string?)>();
        foreach (string? kernel in choices)
        {
            var forced = kernel == null ? table : table.Forcing(kernel);
            foreach (var one in LayerCases.All.Where(one => !one.CpuOnly))
            {
                using var run = new LayerRun(one);
                if (TryDispatches(run.Graph, forced, one.Mode) is not { } dispatches)
                    continue;
                int before = seen.Count;
                seen.UnionWith(dispatches.Select(dispatch => string.Join(' ', [dispatch.Shader, .. dispatch.Defines])));
                if (seen.Count > before)
                    first.Add((one, kernel));
            }
        }

        return first;
    }

    /// <summary>Null where the forced kernel does not compute the case.</summary>
    private static IReadOnlyList<Dispatch>? TryDispatches(Graph graph, KernelTable kernels, RunMode mode)
    {
        try
        {
            return Dispatches(graph, kernels, mode);
        }
        catch (NotSupportedException)
        {
            return null;
        }
    }

    private static bool Runs(GlDevice device, LayerCase one)
    {
        using var run = new LayerRun(one);
        return Dispatches(run.Graph, device.Kernels, one.Mode).All(dispatch => dispatch.Refusal == null);
    }

    /// <summary>The kernels that compute a step of the case although the device would take others; each is to be forced for a check of its own.</summary>
    internal static IReadOnlyList<string> OtherKernels(GlDevice device, LayerCase one)
    {
        using var run = new LayerRun(one);
        using var network = new GpuNetwork(device, run.Graph, new NetworkOptions { Mode = one.Mode });
        var plan = Plan.Build(network.Graph, [], new PlanOptions(device.Kernels) { Mode = one.Mode });
        return [.. plan.Steps.SelectMany(step => device.Kernels.Of(step.Call.Layer).Where(kernel => kernel != step.Kernel && kernel.Fits(step.Call))).Select(kernel => kernel.ToString()).Distinct()];
    }

    /// <summary>Runs one layer on the device.</summary>
    /// <param name="device">The device.</param>
    /// <param name="programs">The programs to run.</param>
    /// <param name="one">What to compute.</param>
    /// <param name="kernel">A kernel to force; null for what a network would take.</param>
    internal static KernelCheck Run(GlDevice device, ProgramCache programs, LayerCase one, string? kernel = null)
    {
        using var run = new LayerRun(one);
        var options = new NetworkOptions { ForcedKernels = kernel == null ? [] : [kernel], Mode = one.Mode };
        var check = new KernelCheck(one.Layer.GetType().Name, kernel == null ? one.Name : $"{one.Name} by {kernel}", [], run.Expected.Shape.ToString(), one.DriverTolerance, 0);
        return Run(device, programs, check, options, run.Graph, run.Inputs, run.Expected);
    }

    /// <summary>Runs one network on the CPU and on the device.</summary>
    internal static KernelCheck Run(GlDevice device, ProgramCache programs, NetworkCase one)
    {
        using var graph = one.Create();
        var (random, shape) = (new Random(7), graph.InputShapes[0]);
        using var input = new Tensor(shape, [.. Enumerable.Range(0, shape.Count).Select(_ => (random.NextSingle() * 2) - 1)]);
        using var cpu = new CpuNetwork(graph);
        var expected = DoubleTensor.Of(cpu.Run(input)[0]);
        return Run(device, programs, new KernelCheck(Network, one.Name, [], expected.Shape.ToString(), one.Tolerance, 0), new NetworkOptions { Kernels = one.KernelsOn(device), Halves = one.Halves }, graph, [input], expected);
    }

    /// <summary>Brings one frame to a network's input on the CPU and on the device.</summary>
    internal static KernelCheck Run(GlDevice device, ProgramCache programs, PictureCase one)
    {
        using var pool = new FramePool();
        var buffer = pool.TryRent(one.Format.Bytes)!;
        new Random(11).NextBytes(buffer.Bytes[..one.Format.Bytes]);
        using var frame = new Frame(buffer, one.Format, FrameClock.Now, 0, one.Geometry);
        using var expected = new Tensor(one.Preprocessing.Shape);
        if (one.Region is { } seen)
            new RegionToTensor(one.Preprocessing).Run(frame, seen, expected);
        else
            new ImageToTensor(one.Preprocessing).Run(frame, expected);
        var shaders = one.Shaders(device);
        var defines = FrameTextureLayout.Of(one.Format, device.Limits.TextureSize).Defines;
        return Try(
            new KernelCheck(Picture, one.Name, shaders, expected.Shape.ToString(), Rounding, 0), device,
            () =>
            {
                programs.Compute(shaders[0], defines);
                if (shaders.Count > 1)
                    programs.Compute(shaders[1]);
            },
            check =>
            {
                using var uploader = new FrameUploader(device);
                var texture = uploader.TryUpload(frame)!;
                using var converter = new GpuImageToTensor(device, one.Preprocessing, programs);
                using var cropper = new GpuRegionToTensor(device, one.Preprocessing, programs);
                float[] blocked = new float[BlockedLayout.Elements(expected.Shape, Layout.Blocked, GpuKernels.Block)];
                using var output = new GpuBuffer(device, blocked.Length * sizeof(float), "self test");
                if (one.Region is { } region)
                    cropper.Run(texture, region, output);
                else
                    converter.Run(texture, output);
                texture.Release();
                output.Read(blocked.AsSpan());
                using var actual = new Tensor(expected.Shape);
                BlockedLayout.Unpack(blocked, expected.Shape, actual.Span, GpuKernels.Block);
                return check.Compare(DoubleTensor.Of(expected), actual);
            });
    }

    /// <summary>What <see cref="GpuNetwork"/> will dispatch for a graph.</summary>
    internal static IReadOnlyList<Dispatch> Dispatches(Graph graph, KernelTable kernels, RunMode mode) => Dispatches(graph, new PlanOptions(kernels) { Mode = mode });

    internal static IReadOnlyList<Dispatch> Dispatches(Graph graph, PlanOptions options)
    {
        var plan = Plan.Build(JoinedPooling.Apart(graph, [], options), [], options);
        return [.. plan.Prologue.Concat(plan.Steps).SelectMany(step => ((GpuWork)step.Work).Dispatches)];
    }

    private static KernelCheck Run(GlDevice device, ProgramCache programs, KernelCheck check, NetworkOptions options, Graph graph, Tensor[] inputs, DoubleTensor expected)
    {
        using var network = new GpuNetwork(device, graph, options, programs);
        var dispatches = Dispatches(network.Graph, options.ForPlans(device.Kernels));
        string[] shaders = [.. dispatches.Select(dispatch => string.Join(' ', [dispatch.Shader, .. dispatch.Defines])).Distinct()];
        return Try(
            check with { Shaders = shaders }, device,
            () =>
            {
                foreach (var dispatch in dispatches)
                    programs.Compute(dispatch.Shader, dispatch.Defines);
            },
            check => check.Compare(expected, network.Run(inputs)[0]));
    }

    private static KernelCheck Try(KernelCheck check, GlDevice device, Action compile, Func<KernelCheck, KernelCheck> run)
    {
        try
        {
            var begin = Stopwatch.GetTimestamp();
            compile();
            check = run(check with { CompileMilliseconds = Stopwatch.GetElapsedTime(begin).TotalMilliseconds });
            device.ThrowOnError($"finish {check}");
            return check;
        }
        catch (GlException problem)
        {
            return check with { Problem = problem.Message };
        }
    }
}
