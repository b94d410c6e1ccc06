using System.Runtime.InteropServices;
using Emgu.CV.CvEnum;

namespace Emgu.CV;

public interface IOutputArray;

/// <summary>Pixels in native memory; using it after Dispose throws here where the real one is a segmentation fault.</summary>
public class Mat : IOutputArray, IDisposable
{
    private IntPtr _data;
    private bool _owned;
    private bool _disposed;
    private int _rows;
    private int _cols;
    private int _step;
    private int _channels;
    private DepthType _depth;

    public Mat()
    {
    }

    public Mat(int rows, int cols, DepthType type, int channels) => Create(rows, cols, type, channels, padding: 0);

    public Mat(int rows, int cols, DepthType type, int channels, IntPtr data, int step) =>
        (_rows, _cols, _depth, _channels, _data, _step) = (rows, cols, type, channels, data, step);

    public IntPtr DataPointer => Alive(_data);

    public int Step => Alive(_step);

    public int Rows => Alive(_rows);

    public int Cols => Alive(_cols);

    public int Width => Alive(_cols);

    public int Height => Alive(_rows);

    public DepthType Depth => Alive(_depth);

    public int NumberOfChannels => Alive(_channels);

    public bool IsEmpty => Alive(_data) == IntPtr.Zero;

    public bool IsContinuous => Alive(_step) == _cols * _channels;

    /// <summary>Makes rows of <paramref name="padding"/> more bytes than their pixels, as some drivers do.</summary>
    internal void Create(int rows, int cols, DepthType type, int channels, int padding)
    {
        Free();
        (_rows, _cols, _depth, _channels, _step) = (rows, cols, type, channels, (cols * channels * (type == DepthType.Cv8U ? 1 : 2)) + padding);
        // The last row ends with its pixels.
        _data = Marshal.AllocHGlobal((rows * _step) - padding);
        _owned = true;
    }

    internal void Clear()
    {
        Free();
        (_rows, _cols, _step) = (0, 0, 0);
    }

    public void Dispose()
    {
        Free();
        _disposed = true;
        GC.SuppressFinalize(this);
    }

    private T Alive<T>(T value)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return value;
    }

    private void Free()
    {
        if (_owned)
            Marshal.FreeHGlobal(_data);
        (_data, _owned) = (IntPtr.Zero, false);
    }
}
