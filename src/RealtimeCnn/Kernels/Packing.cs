using System.Runtime.InteropServices;
using RealtimeCnn.Graphs;

namespace RealtimeCnn.Kernels;

/// <summary>
/// An order in which a kernel reads parameters. A record: what is packed in equal ways of the same parameters is packed once.
/// </summary>
internal abstract record Packing
{
    /// <param name="elements">Floats of the packed form.</param>
    /// <exception cref="ShapeException">More floats than kernels can address: see <see cref="TensorInfo.MaxElements"/>.</exception>
    protected Packing(long elements)
    {
        if (elements is < 0 or > TensorInfo.MaxElements)
            throw new ShapeException($"its parameters take {elements} floats in the order that kernels read them; at most {TensorInfo.MaxElements} are possible.");
        Elements = (int)elements;
    }

    /// <summary>Floats of the packed form.</summary>
    public int Elements { get; }

    /// <summary>Whether the parameter can be had back, so that an optimiser may keep it in this order alone.</summary>
    public virtual bool IsReversible => false;

    /// <summary>Writes the packed form over zeros, or over an older one. Allocates nothing.</summary>
    public abstract void Pack(IReadOnlyList<Parameter> sources, Span<float> packed);

    /// <summary>Writes a parameter's elements out of its packed form.</summary>
    public virtual void Unpack(ReadOnlySpan<float> packed, Span<float> values) => throw new NotSupportedException($"{GetType().Name} cannot be undone.");
}

/// <summary>An order of one parameter's elements, each of which has a place in it, so that packing can be undone.</summary>
internal abstract record ElementPacking : Packing
{
    /// <inheritdoc/>
    protected ElementPacking(long elements)
        : base(elements)
    {
    }

    public override bool IsReversible => true;

    public sealed override void Pack(IReadOnlyList<Parameter> sources, Span<float> packed)
    {
        var values = sources[0].Elements;
        Walk<Packed>(MemoryMarshal.CreateSpan(ref MemoryMarshal.GetReference(values), values.Length), packed);
    }

    public sealed override void Unpack(ReadOnlySpan<float> packed, Span<float> values) =>
        Walk<Unpacked>(values, MemoryMarshal.CreateSpan(ref MemoryMarshal.GetReference(packed), packed.Length));

    /// <summary>Moves each element between its place in the parameter and its place in the packed form.</summary>
    protected abstract void Walk<TMove>(Span<float> values, Span<float> packed)
        where TMove : IMove;

    /// <summary>A direction.</summary>
    protected interface IMove
    {
        static abstract void Move(ref float value, ref float packed);
    }

    private readonly struct Packed : IMove
    {
        public static void Move(ref float value, ref float packed) => packed = value;
    }

    private readonly struct Unpacked : IMove
    {
        public static void Move(ref float value, ref float packed) => value = packed;
    }
}
