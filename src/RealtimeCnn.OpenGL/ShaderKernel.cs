using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;
using RealtimeCnn.OpenGL.Kernels;

namespace RealtimeCnn.OpenGL;

/// <summary>Kernels of the GPU for layers of other assemblies.</summary>
public static class ShaderKernel
{
    /// <summary>
    /// A kernel of the GPU: compute shaders that are embedded in the assembly of <typeparamref name="TLayer"/>. They read and write
    /// row-major tensors, <c>[N, C, H, W]</c>.
    /// </summary>
    /// <typeparam name="TLayer">The layer it computes.</typeparam>
    /// <param name="plan">The shaders of one call, each of which writes one output. Called once for each plan; a pure function of the layer and the shapes.</param>
    /// <param name="when">Which calls it computes; null for every one. A mixed network gives the others to the CPU.</param>
    public static CustomKernel For<TLayer>(Func<TLayer, CustomCall, IReadOnlyList<ShaderPass>> plan, Func<TLayer, CustomCall, bool>? when = null)
        where TLayer : Layer, ICustomLayer
    {
        ArgumentNullException.ThrowIfNull(plan);
        return new CustomKernel(GpuKernel.For<TLayer>(
            (layer, call) =>
            {
                var passes = CustomKernel.Guard(call, "planning its shaders", () => plan(layer, new CustomCall(call)));
                return [.. passes.Select(pass => Dispatch(layer, call, pass))];
            },
            LayoutRules.Plain, "custom", CustomKernel.Condition(when)));
    }

    private static Dispatch Dispatch(Layer layer, LayerCall call, ShaderPass pass)
    {
        if (pass.Output < 0 || pass.Output >= call.Outputs.Length)
            throw new InvalidOperationException($"{call.Node} of assembly {CustomKernel.AssemblyOf(layer)}: '{pass.Shader}' writes output {pass.Output}; there are {call.Outputs.Length}.");
        Operand[] reads = [.. call.Inputs.Select((_, i) => Operand.Of(i)), .. call.Parameters.Select((_, i) => Operand.Of(VectorPacking.Of(call, i, GpuKernels.Block)))];
        return new Dispatch(pass.Shader, pass.Constants, Kernels.Dispatch.Flat(pass.Invocations), reads) { Assembly = layer.GetType().Assembly, Writes = Operand.Output(pass.Output) };
    }
}

/// <summary>One compute shader of a custom layer, and what it is run with. Made by <see cref="Create{TConstants}"/>.</summary>
/// <remarks>
/// The shader's bindings: the output is the storage buffer 0, constants are the std140 block 0, and inputs, then parameters, are read
/// with <c>READ_TENSOR</c> of <c>include/tensor.glsl</c> at units 1, 2, ….
/// </remarks>
public sealed class ShaderPass
{
    private ShaderPass(string shader, long invocations, byte[] constants) => (Shader, Invocations, Constants) = (shader, invocations, constants);

    /// <summary>Name of the embedded resource, such as <c>soft_threshold.comp</c>.</summary>
    public string Shader { get; }

    /// <summary>How many invocations there are; the shader numbers them with <c>flatInvocation()</c> of <c>include/flat.glsl</c>.</summary>
    public long Invocations { get; }

    /// <summary>The output that is written.</summary>
    public int Output { get; init; }

    /// <summary>The bytes of the std140 block.</summary>
    internal byte[] Constants { get; }

    /// <summary>A shader with its constants.</summary>
    /// <typeparam name="TConstants">A struct laid out as the shader's std140 block at binding 0: 4-byte numbers in the same order, vectors on boundaries of 16 bytes.</typeparam>
    /// <param name="shader">Name of the embedded resource; <c>#include</c> finds this library's files (<c>include/…</c>) and those of the layer's assembly.</param>
    /// <param name="invocations">How many invocations there are, at least 1; usually one for each element of the output.</param>
    /// <param name="constants">What the block holds.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="invocations"/> is below 1.</exception>
    public static ShaderPass Create<TConstants>(string shader, long invocations, TConstants constants)
        where TConstants : unmanaged
    {
        ArgumentException.ThrowIfNullOrEmpty(shader);
        ArgumentOutOfRangeException.ThrowIfLessThan(invocations, 1);
        return new ShaderPass(shader, invocations, Dispatch.Bytes(constants));
    }
}
