using Google.Protobuf;
using RealtimeCnn.Onnx;
using RealtimeCnn.Onnx.Protos;
using RealtimeCnn.Onnx.Reading;

namespace RealtimeCnn.Tests.Onnx;

public sealed class TensorReaderTests
{
    private static readonly Dictionary<OnnxType, TensorProto> Typed = new()
    {
        [OnnxType.Float] = new TensorProto { FloatData = { 1.5f, -2 } },
        [OnnxType.Double] = new TensorProto { DoubleData = { 1.5, -2 } },
        [OnnxType.Float16] = new TensorProto { Int32Data = { BitConverter.HalfToUInt16Bits((Half)1.5f), BitConverter.HalfToUInt16Bits((Half)(-2f)) } },
        [OnnxType.Int64] = new TensorProto { Int64Data = { long.MaxValue, -2 } },
        [OnnxType.Int32] = new TensorProto { Int32Data = { int.MaxValue, -2 } },
        [OnnxType.Int16] = new TensorProto { Int32Data = { short.MaxValue, -2 } },
        [OnnxType.Int8] = new TensorProto { Int32Data = { sbyte.MaxValue, -2 } },
        [OnnxType.UInt8] = new TensorProto { Int32Data = { 255, 2 } },
        [OnnxType.UInt16] = new TensorProto { Int32Data = { 65535, 2 } },
        [OnnxType.UInt32] = new TensorProto { Uint64Data = { uint.MaxValue, 2 } },
        [OnnxType.UInt64] = new TensorProto { Uint64Data = { 1UL << 60, 2 } },
        [OnnxType.Bool] = new TensorProto { Int32Data = { 1, 0 } },
    };

    private static readonly Dictionary<OnnxType, double[]> Expected = new()
    {
        [OnnxType.Float] = [1.5, -2], [OnnxType.Double] = [1.5, -2], [OnnxType.Float16] = [1.5, -2], [OnnxType.Int64] = [long.MaxValue, -2],
        [OnnxType.Int32] = [int.MaxValue, -2], [OnnxType.Int16] = [short.MaxValue, -2], [OnnxType.Int8] = [127, -2], [OnnxType.UInt8] = [255, 2],
        [OnnxType.UInt16] = [65535, 2], [OnnxType.UInt32] = [uint.MaxValue, 2], [OnnxType.UInt64] = [1UL << 60, 2], [OnnxType.Bool] = [1, 0],
    };

    public static TheoryData<OnnxType> Types() => [.. Typed.Keys];

    [Theory]
    [MemberData(nameof(Types))]
    public void Typed_numbers_and_raw_bytes_read_the_same(OnnxType type)
    {
        var proto = Typed[type].Clone();
        proto.DataType = (int)type;
        proto.Dims.Add(2);
        var tensor = new TensorReader(null, new Budget(new OnnxLimits())).Read(proto);
        Assert.Equal(Expected[type], tensor.ToDoubles());

        var raw = new TensorProto { DataType = (int)type, Dims = { 2 }, RawData = ByteString.CopyFrom(tensor.Bytes.Span) };
        Assert.Equal(Expected[type], new TensorReader(null, new Budget(new OnnxLimits())).Read(raw).ToDoubles());
    }

    [Theory]
    [InlineData(new long[] { 3 }, "needs 3 numbers; it has 2")]
    [InlineData(new long[] { -2 }, "extent -2")]
    [InlineData(new long[] { 1L << 40 }, "extent 1099511627776")]
    [InlineData(new long[] { 100_000, 100_000 }, "more than 2^31")]
    [InlineData(new long[] { 1, 1, 1, 1, 1, 1, 1, 1, 2 }, "9 axes")]
    public void Shapes_that_do_not_fit_are_said(long[] dims, string said)
    {
        var proto = new TensorProto { Name = "w", DataType = (int)OnnxType.Float, FloatData = { 1, 2 }, Dims = { dims } };
        var problem = Assert.Throws<OnnxException>(() => new TensorReader(null, new Budget(new OnnxLimits())).Read(proto));
        Assert.Contains("'w'", problem.Message, StringComparison.Ordinal);
        Assert.Contains(said, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(8)]
    [InlineData(14)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(22)]
    [InlineData(99)]
    public void Types_that_are_not_supported_are_said(int type)
    {
        var problem = Assert.Throws<OnnxException>(() => new TensorReader(null, new Budget(new OnnxLimits())).Read(new TensorProto { Name = "w", DataType = type, Dims = { 0 } }));
        Assert.Contains("are supported", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void External_data_is_read_from_the_model_s_folder_and_nowhere_else()
    {
        string root = Directory.CreateTempSubdirectory("rtcnn-onnx-").FullName, folder = Directory.CreateDirectory(Path.Combine(root, "model")).FullName;
        try
        {
            File.WriteAllBytes(Path.Combine(root, "secret.bin"), new byte[64]);
            File.WriteAllBytes(Path.Combine(folder, "weights.bin"), [9, 9, 0, 0, 0xC0, 0x3F, 0, 0, 0, 0xC0]);
            File.CreateSymbolicLink(Path.Combine(folder, "link.bin"), Path.Combine(root, "secret.bin"));
            Directory.CreateSymbolicLink(Path.Combine(folder, "up"), root);
            var reader = new TensorReader(folder, new Budget(new OnnxLimits()));
            Assert.Equal([1.5, -2], reader.Read(External("weights.bin", "2", "8")).ToDoubles());
            Assert.Equal([1.5, -2], reader.Read(External("./weights.bin", "2", string.Empty)).ToDoubles());

            foreach (string escape in new[] { "../secret.bin", Path.Combine(root, "secret.bin"), "x/../../secret.bin", "link.bin", "up/secret.bin", string.Empty, "a\0b" })
                Assert.Contains("model's own folder", Refusal(reader, External(escape, "0", "8")), StringComparison.Ordinal);
            Assert.Contains("not in the model's folder", Refusal(reader, External("missing.bin", "0", "8")), StringComparison.Ordinal);
            Assert.Contains("lie beyond", Refusal(reader, External("weights.bin", "4", "8")), StringComparison.Ordinal);
            Assert.Contains("lie beyond", Refusal(reader, External("weights.bin", "9223372036854775807", "8")), StringComparison.Ordinal);
            Assert.Contains("needs 8 bytes", Refusal(reader, External("weights.bin", "0", "4")), StringComparison.Ordinal);
            Assert.Contains("number of bytes", Refusal(reader, External("weights.bin", "-1", "8")), StringComparison.Ordinal);
            Assert.Same(Array(reader.Read(External("weights.bin", "2", "8"))), Array(reader.Read(External("weights.bin", "2", "8"))));
            Assert.Contains("more than the 10 bytes", Refusal(reader, External("weights.bin", "1", "8")), StringComparison.Ordinal);
            Assert.Contains("load the model from its file", Refusal(new TensorReader(null, new Budget(new OnnxLimits())), External("weights.bin", "2", "8")), StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    [Fact]
    public void A_pipe_beside_the_model_is_not_opened()
    {
        if (OperatingSystem.IsWindows())
            return;
        string folder = Directory.CreateTempSubdirectory("rtcnn-onnx-").FullName;
        try
        {
            using (var made = System.Diagnostics.Process.Start("mkfifo", Path.Combine(folder, "pipe")))
                made.WaitForExit();
            var reader = new TensorReader(folder, new Budget(new OnnxLimits()));
            var empty = External("pipe", "0", "0");
            empty.Dims[0] = 0;
            Assert.Equal(0, reader.Read(empty).Count);
            Assert.Contains("lie beyond", Refusal(reader, External("pipe", "0", "8")), StringComparison.Ordinal);
            Assert.Contains("no plain file", Assert.Throws<OnnxException>(() => OnnxModel.Load(Path.Combine(folder, "pipe"))).Message, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Data_beside_the_model_count_against_its_size()
    {
        string folder = Directory.CreateTempSubdirectory("rtcnn-onnx-").FullName;
        try
        {
            File.WriteAllBytes(Path.Combine(folder, "weights.bin"), new byte[64]);
            var reader = new TensorReader(folder, new Budget(new OnnxLimits { MaxFileBytes = 12 }));
            reader.Read(External("weights.bin", "0", "8"));
            Assert.Contains(nameof(OnnxLimits.MaxFileBytes), Refusal(reader, External("weights.bin", "8", "8")), StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static byte[]? Array(OnnxTensor tensor) => System.Runtime.InteropServices.MemoryMarshal.TryGetArray(tensor.Bytes, out var bytes) ? bytes.Array : null;

    private static string Refusal(TensorReader reader, TensorProto proto) => Assert.Throws<OnnxException>(() => reader.Read(proto)).Message;

    private static TensorProto External(string location, string offset, string length) => new()
    {
        Name = "w", DataType = (int)OnnxType.Float, Dims = { 2 }, DataLocation = TensorProto.Types.DataLocation.External,
        ExternalData =
        {
            new StringStringEntryProto { Key = "location", Value = location },
            new StringStringEntryProto { Key = "offset", Value = offset },
            new StringStringEntryProto { Key = "length", Value = length },
        },
    };
}
