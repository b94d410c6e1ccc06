using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using RealtimeCnn.Cpu;
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

    /// <summary>Parts of equal length of the packed form, each of which can be packed by itself; at least 1.</summary>
    public virtual int Parts => 1;

    /// <summary>Writes all of the packed form, whatever was there. Allocates nothing.</summary>
    public void Pack(IReadOnlyList<Parameter> sources, Span<float> packed) => Pack(sources, packed, 0, Parts);

    /// <summary>The same for some of its parts.</summary>
    /// <param name="sources">The parameters.</param>
    /// <param name="packed">All of the packed form.</param>
    /// <param name="from">The first part.</param>
    /// <param name="to">The one behind the last.</param>
    public abstract void Pack(IReadOnlyList<Parameter> sources, Span<float> packed, int from, int to);

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

    public sealed override void Pack(IReadOnlyList<Parameter> sources, Span<float> packed, int from, int to)
    {
        var values = sources[0].Elements;
        int part = packed.Length / Parts;
        if (!IsReversible || values.Length != packed.Length)
            packed[(from * part)..(to * part)].Clear();
        Walk(new Moves(MemoryMarshal.CreateSpan(ref MemoryMarshal.GetReference(values), values.Length), packed, false), from, to);
    }

    public sealed override void Unpack(ReadOnlySpan<float> packed, Span<float> values) =>
        Walk(new Moves(values, MemoryMarshal.CreateSpan(ref MemoryMarshal.GetReference(packed), packed.Length), true), 0, Parts);

    /// <summary>Moves each element of some parts between its place in the parameter and its place in the packed form.</summary>
    protected abstract void Walk(Moves moves, int from, int to);

    /// <summary>Moves elements in one direction.</summary>
    /// <param name="values">The parameter.</param>
    /// <param name="packed">The packed form.</param>
    /// <param name="back">Whether from the packed form to the parameter.</param>
    protected readonly ref struct Moves(Span<float> values, Span<float> packed, bool back)
    {
        /// <summary>Rows and columns that are transposed at once.</summary>
        private const int Side = 4;

        private readonly Span<float> _values = values, _packed = packed;

        /// <summary>Elements at one distance from each other on either side.</summary>
        /// <param name="count">How many.</param>
        /// <param name="value">The place of the first in the parameter, and from each to the next.</param>
        /// <param name="valueStep"><inheritdoc cref="Run" path="/param[@name='value']"/></param>
        /// <param name="place">The place of the first in the packed form, and from each to the next.</param>
        /// <param name="placeStep"><inheritdoc cref="Run" path="/param[@name='place']"/></param>
        [MethodImpl(KernelCode.Optimized)]
        public void Run(int count, int value, int valueStep, int place, int placeStep)
        {
            if (count == 0)
                return;
            // Both ends are verified here, once for a run.
            ref float v = ref _values[value], p = ref _packed[place];
            _ = (_values[value + ((count - 1) * valueStep)], _packed[place + ((count - 1) * placeStep)]);
            if (valueStep == 1 && placeStep == 1)
            {
                Span<float> plain = _values.Slice(value, count), vectors = _packed.Slice(place, count);
                (back ? vectors : plain).CopyTo(back ? plain : vectors);
            }
            else if (back)
            {
                for (int i = 0; i < count; i++)
                    Unsafe.Add(ref v, i * valueStep) = Unsafe.Add(ref p, i * placeStep);
            }
            else
            {
                for (int i = 0; i < count; i++)
                    Unsafe.Add(ref p, i * placeStep) = Unsafe.Add(ref v, i * valueStep);
            }
        }

        /// <summary>Rows of elements that lie side by side on either side.</summary>
        /// <param name="rows">How many rows.</param>
        /// <param name="count">Elements of a row.</param>
        /// <param name="value">The place of the first in the parameter, and from each row to the next.</param>
        /// <param name="valueStep"><inheritdoc cref="Rows" path="/param[@name='value']"/></param>
        /// <param name="place">The place of the first in the packed form, and from each row to the next.</param>
        /// <param name="placeStep"><inheritdoc cref="Rows" path="/param[@name='place']"/></param>
        [MethodImpl(KernelCode.Optimized)]
        public unsafe void Rows(int rows, int count, int value, int valueStep, int place, int placeStep)
        {
            if (rows == 0 || count == 0)
                return;
            _ = (_values[value], _values[value + ((rows - 1) * valueStep) + count - 1], _packed[place], _packed[place + ((rows - 1) * placeStep) + count - 1]);
            fixed (float* v = &_values[value], p = &_packed[place])
            {
                float* from = back ? p : v, to = back ? v : p;
                nint fromStep = back ? placeStep : valueStep, toStep = back ? valueStep : placeStep;
                for (int row = 0; row < rows; row++, from += fromStep, to += toStep)
                {
                    if (count == Lanes.Count)
                        Vector512.Load(from).Store(to);
                    for (int i = 0; i < count && count != Lanes.Count; i++)
                        to[i] = from[i];
                }
            }
        }

        /// <summary>Elements that lie side by side in the parameter, of several rows, which become the lanes of vectors: a transposition.</summary>
        /// <param name="lanes">How many rows.</param>
        /// <param name="value">The first element of the first row, and from each row to the next.</param>
        /// <param name="valueStep"><inheritdoc cref="Transpose(int, int, int, ReadOnlySpan{int})" path="/param[@name='value']"/></param>
        /// <param name="places">Where in the packed form the first lane of each of a row's elements is.</param>
        [MethodImpl(KernelCode.Optimized)]
        public unsafe void Transpose(int lanes, int value, int valueStep, ReadOnlySpan<int> places)
        {
            if (back || lanes < Side || places.Length < Side)
            {
                for (int i = 0; i < places.Length; i++)
                    Run(lanes, value + i, valueStep, places[i], 1);
                return;
            }

            _ = (_values[value], _values[value + ((lanes - 1) * valueStep) + places.Length - 1]);
            foreach (int place in places)
                _ = (_packed[place], _packed[place + lanes - 1]);
            fixed (float* v = &_values[value], p = _packed)
            {
                for (int column = 0; column < places.Length; column += Side)
                {
                    int i = Math.Min(column, places.Length - Side);
                    Square(lanes, v + i, valueStep, p + places[i], p + places[i + 1], p + places[i + 2], p + places[i + 3]);
                }
            }
        }

        /// <summary>The same where the vectors have one distance from each other.</summary>
        /// <param name="lanes">How many rows.</param>
        /// <param name="count">Elements of a row.</param>
        /// <param name="value">The first element of the first row, and from each row to the next.</param>
        /// <param name="valueStep"><inheritdoc cref="Transpose(int, int, int, int, int, int)" path="/param[@name='value']"/></param>
        /// <param name="place">The first lane of the first vector in the packed form, and from each vector to the next.</param>
        /// <param name="placeStep"><inheritdoc cref="Transpose(int, int, int, int, int, int)" path="/param[@name='place']"/></param>
        [MethodImpl(KernelCode.Optimized)]
        public unsafe void Transpose(int lanes, int count, int value, int valueStep, int place, int placeStep)
        {
            if (back || lanes < Side || count < Side)
            {
                for (int i = 0; i < count; i++)
                    Run(lanes, value + i, valueStep, place + (i * placeStep), 1);
                return;
            }

            _ = (_values[value], _values[value + ((lanes - 1) * valueStep) + count - 1], _packed[place], _packed[place + ((count - 1) * placeStep) + lanes - 1]);
            fixed (float* v = &_values[value], p = &_packed[place])
            {
                for (int column = 0; column < count; column += Side)
                {
                    int i = Math.Min(column, count - Side);
                    float* to = p + (i * (nint)placeStep);
                    Square(lanes, v + i, valueStep, to, to + placeStep, to + (2 * (nint)placeStep), to + (3 * (nint)placeStep));
                }
            }
        }

        /// <summary>Four elements of at least four rows. The last four rows begin early enough to be whole.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static unsafe void Square(int lanes, float* from, nint step, float* to0, float* to1, float* to2, float* to3)
        {
            if (lanes == Lanes.Count && Avx512F.IsSupported)
            {
                var t = new TransposedLanes(from, step);
                t.R0.Store(to0);
                t.R1.Store(to1);
                t.R2.Store(to2);
                t.R3.Store(to3);
                return;
            }

            for (int row = 0; row < lanes; row += Side)
            {
                int lane = Math.Min(row, lanes - Side);
                var t = new Transposed(from + (lane * step), Side, step);
                t.R0.Store(to0 + lane);
                t.R1.Store(to1 + lane);
                t.R2.Store(to2 + lane);
                t.R3.Store(to3 + lane);
            }
        }
    }
}
