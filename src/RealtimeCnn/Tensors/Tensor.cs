namespace RealtimeCnn;

/// <summary>
/// Dense float32 numbers in row-major order (a picture is NCHW), in native memory aligned to 64 bytes. Its lifetime is
/// explicit: <see cref="Dispose"/> frees the memory, the garbage collector never does, so that a span of it stays valid
/// exactly as long as its owner says.
/// </summary>
public sealed unsafe class Tensor : IDisposable
{
    private static long _liveBytes;
    private nint _data;

    /// <summary>A tensor of zeros.</summary>
    /// <param name="shape">Extent along each axis, in elements.</param>
    /// <exception cref="InsufficientMemoryException">The system has no more memory.</exception>
    public Tensor(Shape shape)
        : this(shape, isZeroed: true)
    {
    }

    /// <summary>A tensor with the given elements.</summary>
    /// <param name="shape">Extent along each axis, in elements.</param>
    /// <param name="elements">All elements in row-major order.</param>
    /// <exception cref="ShapeException">The number of elements is not that of the shape.</exception>
    public Tensor(Shape shape, ReadOnlySpan<float> elements)
        : this(shape, isZeroed: false)
    {
        if (elements.Length != shape.Count)
        {
            Dispose();
            throw new ShapeException($"A tensor of shape {shape} has {shape.Count} elements; {elements.Length} were given.");
        }

        elements.CopyTo(Span);
    }

    private Tensor(Shape shape, bool isZeroed)
    {
        Shape = shape;
        string what = $"a tensor of shape {shape}";
        _data = (nint)(isZeroed ? AlignedMemory.AllocateZeroed(AllocatedBytes, what) : AlignedMemory.Allocate(AllocatedBytes, what));
        Interlocked.Add(ref _liveBytes, (long)AllocatedBytes);
    }

    /// <summary>A tensor that holds anything, for whoever writes all of it.</summary>
    internal static Tensor Unwritten(Shape shape) => new(shape, isZeroed: false);

    /// <summary>Native memory that all tensors of this process hold now, in bytes; a number that grows is a leak.</summary>
    public static long LiveBytes => Interlocked.Read(ref _liveBytes);

    /// <summary>Extent along each axis, in elements.</summary>
    public Shape Shape { get; }

    /// <summary>All elements, row-major. Valid until the tensor is disposed.</summary>
    /// <exception cref="ObjectDisposedException">The tensor was disposed.</exception>
    public Span<float> Span => new(Pointer, Shape.Count);

    /// <summary>One element of a picture tensor.</summary>
    /// <param name="n">Batch item.</param>
    /// <param name="c">Channel.</param>
    /// <param name="h">Row, 0 at the top.</param>
    /// <param name="w">Column, 0 at the left.</param>
    public ref float this[int n, int c, int h, int w]
    {
        get
        {
            if ((uint)n >= (uint)Shape.Batch || (uint)c >= (uint)Shape.Channels || (uint)h >= (uint)Shape.Height || (uint)w >= (uint)Shape.Width)
                throw new ArgumentOutOfRangeException(nameof(n), $"Element ({n}, {c}, {h}, {w}) lies outside a tensor of shape {Shape}.");
            return ref Pointer[((((long)n * Shape.Channels) + c) * Shape.Area) + ((long)h * Shape.Width) + w];
        }
    }

    /// <summary>Whether it was disposed.</summary>
    internal bool IsDisposed => _data == 0;

    /// <summary>Address of the first element, aligned to 64 bytes.</summary>
    internal float* Pointer
    {
        get
        {
            nint data = _data;
            ObjectDisposedException.ThrowIf(data == 0, this);
            return (float*)data;
        }
    }

    /// <summary>Whole vectors: where networks read and write tensors themselves, they do so in vectors, also behind the last element.</summary>
    private nuint AllocatedBytes => ((nuint)Math.Max(Shape.Count, 1) * sizeof(float) + AlignedMemory.Alignment - 1) & ~(nuint)(AlignedMemory.Alignment - 1);

    /// <summary>A new tensor with the same elements.</summary>
    public Tensor Clone() => new(Shape, Span);

    /// <summary>A new tensor with the same elements under another shape of as many elements.</summary>
    /// <exception cref="ShapeException">The number of elements differs.</exception>
    public Tensor Reshaped(Shape shape) => new(shape, Span);

    /// <summary>Frees the memory, once, however many threads ask for it. Spans taken before are invalid from now on.</summary>
    public void Dispose()
    {
        nint data = Interlocked.Exchange(ref _data, 0);
        if (data == 0)
            return;
        AlignedMemory.Free((void*)data);
        Interlocked.Add(ref _liveBytes, -(long)AllocatedBytes);
    }

    /// <inheritdoc/>
    public override string ToString() => $"Tensor {Shape}";
}
