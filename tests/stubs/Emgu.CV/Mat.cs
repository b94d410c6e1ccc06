using System.Runtime.InteropServices;
using Emgu.CV.CvEnum;

namespace Emgu.CV;

public interface IInputArray : IDisposable;

public interface IOutputArray : IInputArray;

public interface IInputOutputArray : IOutputArray;

/// <summary>Pixels in native memory; using it after Dispose throws here where the real one is a segmentation fault.</summary>
public class Mat : IInputOutputArray
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

    public bool IsContinuous => Alive(_step) == _cols * _channels * BytesOf(_depth);

    public void CopyTo(IOutputArray m, IInputArray? mask = null)
    {
        var target = m as Mat ?? ((UMat)m).Content;
        target.Create(Rows, Cols, Depth, NumberOfChannels, padding: 0);
        byte[] row = new byte[_cols * _channels * BytesOf(_depth)];
        for (int i = 0; i < _rows; i++)
        {
            Marshal.Copy(_data + (i * _step), row, 0, row.Length);
            Marshal.Copy(row, 0, target._data + (i * target._step), row.Length);
        }
    }

    /// <summary>Makes rows of <paramref name="padding"/> more bytes than their pixels, as some drivers do.</summary>
    internal void Create(int rows, int cols, DepthType type, int channels, int padding)
    {
        Free();
        (_rows, _cols, _depth, _channels, _step) = (rows, cols, type, channels, (cols * channels * BytesOf(type)) + padding);
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

    private static int BytesOf(DepthType type) => type switch
    {
        DepthType.Cv8U or DepthType.Cv8S => 1,
        DepthType.Cv16U or DepthType.Cv16S => 2,
        DepthType.Cv64F => 8,
        _ => 4,
    };

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

/// <summary>The same behind a door: in the real library its pixels may lie on the GPU.</summary>
public class UMat : IInputOutputArray
{
    internal Mat Content { get; } = new();

    public bool IsEmpty => Content.IsEmpty;

    public Mat GetMat(AccessType access)
    {
        var mat = new Mat();
        if (!Content.IsEmpty)
            Content.CopyTo(mat);
        return mat;
    }

    public void Dispose()
    {
        Content.Dispose();
        GC.SuppressFinalize(this);
    }
}
