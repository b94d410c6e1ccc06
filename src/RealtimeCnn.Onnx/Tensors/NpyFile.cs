using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace RealtimeCnn.Onnx;

/// <summary>
/// NumPy's array files, version 1: little-endian, C order, elements f4, f2, f8, i1, i2, i4, i8, u1, u2, u4, u8 or b1.
/// </summary>
/// <remarks>Source: NumPy, "numpy.lib.format", NEP 1.</remarks>
public static partial class NpyFile
{
    private const int MaxHeaderBytes = 64 * 1024;
    private static readonly byte[] Magic = [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    private static readonly Dictionary<string, OnnxType> Types = new(StringComparer.Ordinal)
    {
        ["<f4"] = OnnxType.Float, ["<f2"] = OnnxType.Float16, ["<f8"] = OnnxType.Double,
        ["|i1"] = OnnxType.Int8, ["<i2"] = OnnxType.Int16, ["<i4"] = OnnxType.Int32, ["<i8"] = OnnxType.Int64,
        ["|u1"] = OnnxType.UInt8, ["<u2"] = OnnxType.UInt16, ["<u4"] = OnnxType.UInt32, ["<u8"] = OnnxType.UInt64,
        ["|b1"] = OnnxType.Bool,
    };

    /// <summary>Reads a file.</summary>
    /// <param name="path">Path of the file.</param>
    /// <exception cref="OnnxException">It is no such file; the message says what it is instead.</exception>
    public static OnnxTensor Read(string path)
    {
        using var stream = File.OpenRead(path);
        return Read(stream, Path.GetFileName(path));
    }

    /// <summary>Reads from a stream that can tell its length.</summary>
    /// <param name="stream">Where the file begins.</param>
    /// <param name="name">What to call it in errors.</param>
    /// <exception cref="OnnxException">It is no such file.</exception>
    public static OnnxTensor Read(Stream stream, string name)
    {
        ArgumentNullException.ThrowIfNull(stream);
        byte[] start = new byte[10];
        if (stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) < start.Length || !start.AsSpan(0, 6).SequenceEqual(Magic))
            throw new OnnxException($"'{name}' is not a NumPy array file (.npy).");
        if (start[6] != 1)
            throw new OnnxException($"'{name}' is a NumPy file of version {start[6]}.{start[7]}; version 1 is supported (numpy.save writes it).");
        int headerBytes = start[8] | (start[9] << 8);
        byte[] header = new byte[Math.Min(headerBytes, MaxHeaderBytes)];
        if (stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < headerBytes)
            throw new OnnxException($"'{name}' ends inside its header.");
        var (type, shape) = ReadHeader(Encoding.Latin1.GetString(header), name);
        long bytes = (long)shape.Count * type.Size();
        if (bytes > Array.MaxLength || stream.Length - stream.Position != bytes)
            throw new OnnxException($"'{name}' holds {type.Text()} {shape}, {bytes} bytes, but {stream.Length - stream.Position} bytes follow its header.");
        byte[] data = new byte[bytes];
        stream.ReadExactly(data);
        return new OnnxTensor(type, shape, data);
    }

    /// <summary>Writes a file.</summary>
    /// <param name="path">Path of the file; overwritten if it is there.</param>
    /// <param name="tensor">What to write.</param>
    public static void Write(string path, OnnxTensor tensor)
    {
        using var stream = File.Create(path);
        Write(stream, tensor);
    }

    /// <summary>Writes to a stream.</summary>
    /// <param name="stream">Where to write.</param>
    /// <param name="tensor">What to write.</param>
    public static void Write(Stream stream, OnnxTensor tensor)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(tensor);
        string type = Types.First(entry => entry.Value == tensor.Type).Key;
        string shape = string.Concat(tensor.Shape.ToArray().Select(extent => extent.ToString(CultureInfo.InvariantCulture) + ", "));
        string header = $"{{'descr': '{type}', 'fortran_order': False, 'shape': ({(tensor.Shape.Rank > 1 ? shape[..^2] : shape.TrimEnd())}), }}";
        int padding = 63 - ((Magic.Length + 4 + header.Length) % 64);
        header += new string(' ', padding) + "\n";
        stream.Write([.. Magic, 1, 0, (byte)header.Length, (byte)(header.Length >> 8)]);
        stream.Write(Encoding.Latin1.GetBytes(header));
        stream.Write(tensor.Bytes.Span);
    }

    private static (OnnxType Type, Shape Shape) ReadHeader(string header, string name)
    {
        string descr = Descr().Match(header).Groups[1].Value;
        if (descr is "<i1" or "<u1" or "<b1" or "=i1" or "=u1")
            descr = "|" + descr[1..];
        if (!Types.TryGetValue(descr, out var type))
            throw new OnnxException($"'{name}' holds elements of '{descr}'; little-endian {string.Join(", ", Types.Keys)} are supported.");
        string order = FortranOrder().Match(header).Groups[1].Value;
        var extents = ShapeTuple().Match(header);
        if (order.Length == 0 || !extents.Success)
            throw new OnnxException($"'{name}' has a header that is not NumPy's: {header.Trim()}");
        if (order == "True")
            throw new OnnxException($"'{name}' is stored column by column (Fortran order); save it with numpy.ascontiguousarray.");
        var dims = new List<long>();
        foreach (string part in extents.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            dims.Add(long.TryParse(part.TrimEnd('L'), NumberStyles.None, CultureInfo.InvariantCulture, out long extent) ? extent : -1);
        return (type, Reading.TensorReader.ReadShape(dims, $"'{name}'"));
    }

    [GeneratedRegex(@"'descr'\s*:\s*'([^']*)'")]
    private static partial Regex Descr();

    [GeneratedRegex(@"'fortran_order'\s*:\s*(True|False)")]
    private static partial Regex FortranOrder();

    [GeneratedRegex(@"'shape'\s*:\s*\(([^)]*)\)")]
    private static partial Regex ShapeTuple();
}
