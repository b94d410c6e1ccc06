using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Kernels;

/// <summary>
/// One way to compute a <see cref="ICustomLayer"/> on one backend. Made by <see cref="OnCpu{TLayer}"/>, and for the GPU by
/// <c>ShaderKernel.For</c> of <c>RealtimeCnn.OpenGL</c>. Immutable.
/// </summary>
public sealed class CustomKernel
{
    internal CustomKernel(Kernel entry) => Entry = entry;

    /// <summary>The kernel as tables hold it.</summary>
    internal Kernel Entry { get; }

    /// <summary>A kernel of the CPU. It reads and writes row-major tensors, <c>[N, C, H, W]</c>.</summary>
    /// <typeparam name="TLayer">The layer it computes.</typeparam>
    /// <param name="plan">The work of one call. Called once for each plan; a pure function of the layer and the shapes.</param>
    /// <param name="when">Which calls it computes; null for every one.</param>
    public static CustomKernel OnCpu<TLayer>(Func<TLayer, CustomCall, CpuWork> plan, Func<TLayer, CustomCall, bool>? when = null)
        where TLayer : Layer, ICustomLayer
    {
        ArgumentNullException.ThrowIfNull(plan);
        return new CustomKernel(CpuKernel.For<TLayer>(
            (layer, call) =>
            {
                var work = Guard(call, "planning its CPU kernel", () => plan(layer, new CustomCall(call)));
                return CustomCpuKernel.Dispatch(call, work);
            },
            LayoutRules.Plain, "custom", Condition(when)));
    }

    internal static Func<TLayer, LayerCall, bool>? Condition<TLayer>(Func<TLayer, CustomCall, bool>? when)
        where TLayer : Layer =>
        when == null ? null : (layer, call) => Guard(call, "asking whether its kernel fits", () => when(layer, new CustomCall(call)));

    /// <summary>Runs code from outside; what it throws, except for shapes that do not fit, is told with the layer and its assembly.</summary>
    internal static T Guard<T>(LayerCall call, string doing, Func<T> code)
    {
        try
        {
            return code() ?? throw new InvalidOperationException("it returned null.");
        }
        catch (Exception problem) when (problem is not ShapeException)
        {
            throw Failure(call.Node, doing, problem);
        }
    }

    /// <summary>An error in code from outside.</summary>
    internal static InvalidOperationException Failure(Node node, string doing, Exception problem) =>
        new($"{node} of assembly {AssemblyOf(node.Layer)}: {doing} failed: {problem.Message}", problem);

    /// <summary>The name of the assembly that a layer comes from.</summary>
    internal static string AssemblyOf(Layer layer) => layer.GetType().Assembly.GetName().Name!;
}

/// <summary>One call of a custom layer: all that its kernel may depend on.</summary>
public sealed class CustomCall
{
    internal CustomCall(LayerCall call)
    {
        Inputs = call.Inputs.Map(input => input.Shape);
        Outputs = call.Outputs.Map(output => output.Shape);
    }

    /// <summary>Shapes of the inputs.</summary>
    public IReadOnlyList<Shape> Inputs { get; }

    /// <summary>Shapes of the outputs; one, unless the layer has several.</summary>
    public IReadOnlyList<Shape> Outputs { get; }
}
