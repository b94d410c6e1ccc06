using System.Text;
using RealtimeCnn.Onnx;

namespace RealtimeCnn.Tests.Onnx;

public sealed class NpyFileTests
{
    public static TheoryData<OnnxType> Types() =>
    [
        OnnxType.Float, OnnxType.Float16, OnnxType.Double, OnnxType.Int8, OnnxType.Int16, OnnxType.Int32, OnnxType.Int64,
        OnnxType.UInt8, OnnxType.UInt16, OnnxType.UInt32, OnnxType.UInt64, OnnxType.Bool,
    ];

    [Theory]
    [MemberData(nameof(Types))]
    public void What_is_written_is_read_back(OnnxType type)
    {
        foreach (var shape in new[] { new Shape(ReadOnlySpan<int>.Empty), new Shape(3), new Shape(2, 0, 4), new Shape(1, 2, 3, 4) })
        {
            var tensor = OnnxTensor.From(type, shape, [.. Enumerable.Range(0, shape.Count).Select(i => (double)(i % 2))]);
            using var stream = new MemoryStream();
            NpyFile.Write(stream, tensor);
            stream.Position = 0;
            var back = NpyFile.Read(stream, "test.npy");
            Assert.Equal((tensor.Type, tensor.Shape), (back.Type, back.Shape));
            Assert.True(tensor.Bytes.Span.SequenceEqual(back.Bytes.Span));
        }
    }

    // np.save of np.array([[1.5, -2.0]], dtype='<f4'), NumPy 1.24.
    [Fact]
    public void Files_of_NumPy_are_read()
    {
        var tensor = NpyFile.Read(new MemoryStream(File("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2), }", [0, 0, 0xC0, 0x3F, 0, 0, 0, 0xC0])), "a.npy");
        Assert.Equal([1.5, -2.0], tensor.ToDoubles());
        Assert.Equal(new Shape(1, 2), tensor.Shape);
    }

    [Fact]
    public void The_header_is_aligned_and_ends_with_a_newline()
    {
        using var stream = new MemoryStream();
        NpyFile.Write(stream, OnnxTensor.Vector(1, 2));
        byte[] bytes = stream.ToArray();
        Assert.Equal(0, (bytes.Length - 16) % 64);
        Assert.Equal((byte)'\n', bytes[^17]);
        Assert.Contains("'shape': (2,)", Encoding.Latin1.GetString(bytes), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{'descr': '>f4', 'fortran_order': False, 'shape': (2,), }", 8, ">f4")]
    [InlineData("{'descr': '<f4', 'fortran_order': True, 'shape': (2,), }", 8, "Fortran")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }", 8, "12 bytes")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (-3,), }", 8, "extent -1")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999, 99999999), }", 8, "elements")]
    [InlineData("{'descr': '<f4'}", 8, "header")]
    public void What_cannot_be_read_is_said(string header, int bytes, string said)
    {
        var problem = Assert.Throws<OnnxException>(() => NpyFile.Read(new MemoryStream(File(header, new byte[bytes])), "bad.npy"));
        Assert.Contains("bad.npy", problem.Message, StringComparison.Ordinal);
        Assert.Contains(said, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_files_and_torn_ones_are_refused()
    {
        byte[] whole = File("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", new byte[8]);
        for (int length = 0; length < whole.Length; length++)
            Assert.Throws<OnnxException>(() => NpyFile.Read(new MemoryStream(whole[..length]), "torn.npy"));
        Assert.Contains("not a NumPy", Assert.Throws<OnnxException>(() => NpyFile.Read(new MemoryStream(new byte[100]), "x.jpg")).Message, StringComparison.Ordinal);
    }

    private static byte[] File(string header, byte[] data) =>
        [0x93, .. "NUMPY"u8, 1, 0, (byte)(header.Length + 1), 0, .. Encoding.Latin1.GetBytes(header), (byte)'\n', .. data];
}
