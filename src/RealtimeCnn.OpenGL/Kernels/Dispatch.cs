using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;

namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>
/// Everything the executor needs to run one compute shader: plain data, made by a pure function of shapes, hyper-parameters and
/// limits, so that plans can be made and tested without a context.
/// </summary>
/// <param name="Shader">Path relative to <c>shaders/</c>.</param>
/// <param name="Params">The bytes of the shader's std140 block <c>Params</c>.</param>
/// <param name="Invocations">How many invocations there are along each axis; the executor rounds up to the program's group size.</param>
/// <param name="Reads">What is bound at units 1, 2, …, in order.</param>
internal sealed record Dispatch(string Shader, byte[] Params, Extent3d Invocations, params Operand[] Reads)
{
    /// <summary>What it writes, at unit 0.</summary>
    public Operand Writes { get; init; } = Operand.Output(0);

    /// <summary>What it writes too, bound for storage at the unit behind the last that is read; null for nothing.</summary>
    public Operand? AlsoWrites { get; init; }

    /// <summary>The assembly that has the shader; null for this one.</summary>
    public Assembly? Assembly { get; init; }

    /// <summary>What follows <c>#define</c> in the shader; fast variants only, plain kernels take parameters as uniforms.</summary>
    public string[] Defines { get; init; } = [];

    /// <summary>Why this layer cannot be computed; null where it can.</summary>
    public string? Refusal { get; private init; }

    /// <summary>Whether each of the <see cref="Invocations"/> is a whole work group, which computes an output together.</summary>
    public bool ByGroups { get; init; }

    /// <summary>Whether it writes none of the elements that other dispatches of its step write, nor reads any of them, so that it need not wait for these.</summary>
    public bool WritesApart { get; init; }

    /// <summary>The same for a shader that also activates.</summary>
    public Dispatch With(Activation activation) => this with { Defines = [.. Defines, .. ActivationKernel.Defines(activation)] };

    /// <summary>The same for what its call has stored as halves, and for weights (the second tensor it reads) where these are wished to be.</summary>
    public Dispatch InHalves(LayerCall call)
    {
        bool weights = call.Wish.Weights == ElementType.Float16 && Reads is [_, { Weights: not null }, ..];
        var halves = new List<string>();
        if (weights)
            halves.Add("HALF_WEIGHTS 1");
        if (Reads.Any(read => read.Role == OperandRole.Input && call.Inputs[read.Index].Element == ElementType.Float16))
            halves.Add("HALF_INPUT 1");
        if (Writes.Role == OperandRole.Output && call.Outputs[Writes.Index].Element == ElementType.Float16)
            halves.Add("HALF_OUTPUT 1");
        return this with
        {
            Defines = [.. Defines, .. halves],
            Reads = !weights ? Reads : [Reads[0], Operand.Of(new PackedWeights(Reads[1].Weights!.Packing, Reads[1].Weights!.Sources) { Element = ElementType.Float16 }), .. Reads[2..]],
        };
    }

    /// <summary>The bytes of a std140 block out of a struct of 4-byte numbers in the same order (vectors on 16-byte boundaries).</summary>
    public static unsafe byte[] Bytes<T>(T constants)
        where T : unmanaged
    {
        byte[] bytes = new byte[(sizeof(T) + 15) / 16 * 16];
        Unsafe.WriteUnaligned(ref bytes[0], constants);
        return bytes;
    }

    /// <summary>The bytes of a std140 block that is all ints (and ivec4s).</summary>
    public static byte[] Bytes(ReadOnlySpan<int> numbers)
    {
        byte[] bytes = new byte[(numbers.Length + 3) / 4 * 16];
        MemoryMarshal.AsBytes(numbers).CopyTo(bytes);
        return bytes;
    }

    /// <summary>A dispatch of a shader in which lanes share an output (<c>include/lanes.glsl</c>).</summary>
    /// <param name="shader">Path relative to <c>shaders/</c>.</param>
    /// <param name="constants">The bytes of its block <c>Params</c>.</param>
    /// <param name="outputs">What one invocation, or one group, computes, that many times.</param>
    /// <param name="lanes">How many share one (<see cref="Lanes.For"/>).</param>
    /// <param name="what">What an output is computed of, to say so where it is too much: <c>Softmax over 70,000,000 elements</c>.</param>
    /// <param name="reads">What is bound at units 1, 2, …, in order.</param>
    public static Dispatch Shared(string shader, byte[] constants, long outputs, int lanes, FormattableString what, params Operand[] reads) => lanes == 0
        ? Refused($"{FormattableString.Invariant(what)} is a longer loop than a shader may walk; run this layer on the CPU (CpuNetwork, or MixedNetwork for the rest on the GPU).")
        : new(shader, constants, Flat(outputs), reads) { Defines = [$"LANES {lanes}"], ByGroups = lanes > 1 };

    /// <summary>In the place of dispatches: what cannot be computed, and why.</summary>
    public static Dispatch Refused(string reason) => new("", [], default) { Refusal = reason };

    /// <summary>Invocations of a shader that numbers them through (<c>include/flat.glsl</c>).</summary>
    public static Extent3d Flat(long count) => new(checked((int)count), 1, 1);
}

/// <summary>A tensor that a dispatch reads or writes: a value of its step, or packed parameters.</summary>
/// <param name="Role">What the value is to the step.</param>
/// <param name="Index">Its number among those of its role.</param>
/// <param name="Weights">Packed parameters, or null.</param>
internal readonly record struct Operand(OperandRole Role, int Index, PackedWeights? Weights)
{
    public static Operand Of(int input) => new(OperandRole.Input, input, null);

    public static Operand Of(PackedWeights weights) => new(OperandRole.Weights, 0, weights);

    public static Operand Output(int index) => new(OperandRole.Output, index, null);

    public static Operand Scratch(int index) => new(OperandRole.Scratch, index, null);

    /// <summary>The value of a step that this is; null for parameters.</summary>
    public PlanValue? ValueOf(PlanStep step) => Role switch
    {
        OperandRole.Input => step.Inputs[Index],
        OperandRole.Output => step.Outputs[Index],
        OperandRole.Scratch => step.Scratch[Index],
        _ => null,
    };
}

/// <summary>What a tensor is to a step.</summary>
internal enum OperandRole
{
    /// <summary>Read, not written.</summary>
    Input,

    /// <summary>Written; later dispatches of the step may read it.</summary>
    Output,

    /// <summary>Memory of the step's own.</summary>
    Scratch,

    /// <summary>Packed parameters.</summary>
    Weights,
}
