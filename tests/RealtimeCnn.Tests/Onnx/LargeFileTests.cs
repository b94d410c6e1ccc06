using Google.Protobuf;
using RealtimeCnn.Onnx;
using RealtimeCnn.Onnx.Protos;
using RealtimeCnn.Onnx.Reading;
using RealtimeCnn.Tests.OpenGL;
using RealtimeCnn.Tests.OpenGL.Caching;

namespace RealtimeCnn.Tests.Onnx;

/// <summary>Weights are read straight to where the network has them, and the load says how far it is. Counts tensors of the whole process.</summary>
[Collection(GlTests.Name)]
public sealed class LargeFileTests
{
    private const int Inputs = 1024, Outputs = 2048, Layers = 3;

    // 24 MB.
    private const long WeightBytes = (long)Inputs * Outputs * 4 * Layers;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_load_takes_no_memory_beside_the_network_and_says_how_far_it_is(bool isExternal)
    {
        using var folder = new TemporaryFolder();
        string path = Write(folder.Path, isExternal);
        var said = new List<double>();
        OnnxModel.Load(path).Dispose(); // Whatever is made once.
        GC.Collect();
        (long managed, long native) = (GC.GetAllocatedBytesForCurrentThread(), Tensor.LiveBytes);
        using var model = OnnxModel.Load(path, new OnnxLoadOptions { Progress = new Listener(said.Add) });
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - managed, 0, WeightBytes / 50);
        Assert.InRange(Tensor.LiveBytes - native, WeightBytes, WeightBytes * 1.01);

        Assert.Equal(said.Order(), said);
        Assert.Equal(1, said[^1]);
        Assert.True(said.Count >= 2 * Layers, $"It said {said.Count} times how far it was.");
        Assert.InRange(said[0], 0, 0.5);
        for (int layer = 0; layer < Layers; layer++)
        {
            var weight = model.Graph.Parameters.Single(parameter => parameter.Shape.Count == Inputs * Outputs && parameter.Values[0] == layer + 1).Values;
            Assert.Equal(Number(layer, (Inputs * Outputs) - 1), weight[^1]);
            Assert.Equal(Number(layer, 12345), weight[12345]);
        }
    }

    [Fact]
    public void A_load_that_is_cancelled_half_way_leaves_nothing()
    {
        using var folder = new TemporaryFolder();
        string path = Write(folder.Path, isExternal: false);
        long native = Tensor.LiveBytes;
        using var enough = new CancellationTokenSource();
        var options = new OnnxLoadOptions
        {
            Progress = new Listener(share =>
            {
                if (share > 0.4)
                    enough.Cancel();
            }),
        };
        Assert.ThrowsAny<OperationCanceledException>(() => OnnxModel.Load(path, options, enough.Token));
        Assert.Equal(native, Tensor.LiveBytes);
    }

    [Theory]
    [InlineData(OnnxType.Float16)]
    [InlineData(OnnxType.Double)]
    [InlineData(OnnxType.Int8)]
    [InlineData(OnnxType.Int64)]
    public void Numbers_of_other_types_are_converted_on_their_way(OnnxType type)
    {
        // More than one piece of what is converted at once.
        var shape = new Shape(1, 40_000);
        var stored = OnnxTensor.From(type, shape, [.. Enumerable.Range(0, shape.Count).Select(i => (double)(i % 100))]);
        using var model = OnnxFiles.Model().Input("x", OnnxType.Float, 1, 40_000).Output("y").Constant("w", stored)
            .Node("Cast", ["w"], ["f"], OnnxFiles.Int("to", (int)OnnxType.Float)).Node("Add", ["x", "f"], ["y"]).Load();
        using var tensor = stored.ToTensor();
        Assert.Equal(Enumerable.Range(0, shape.Count).Select(i => (float)(i % 100)), tensor.Span.ToArray());
        Assert.Equal(tensor.Span.ToArray(), model.Graph.Nodes.SelectMany(node => node.Parameters).Single().Values.ToArray());
    }

    [Fact]
    public void No_file_can_say_where_its_data_are_in_the_words_of_the_reader()
    {
        var forged = OnnxFiles.Tensor("w", OnnxFiles.Floats(new Shape(3), 1, 2, 3));
        forged.DataLocation = (TensorProto.Types.DataLocation)0x5EC;
        var model = OnnxFiles.Model().Input("x", OnnxType.Float, 3).Output("y").Node("Add", ["x", "w"], ["y"]);
        model.Graph.Initializer.Add(forged);
        using var loaded = model.Load();
        Assert.Equal([1, 2, 3], loaded.Graph.Nodes.SelectMany(node => node.Parameters).Single().Values.ToArray());

        // Data that stay in the file, and then other data that say where.
        var large = OnnxFiles.Tensor("w", OnnxFiles.Floats(new Shape(WireSkeleton.LeastBytes), new double[WireSkeleton.LeastBytes]));
        byte[] twice = [.. large.ToByteArray(), .. new TensorProto { RawData = ByteString.CopyFrom(new byte[12]) }.ToByteArray()];
        byte[] graph = [.. new GraphProto { Name = "g" }.ToByteArray(), (5 << 3) | 2, .. Varint(twice.Length), .. twice];
        byte[] file = [.. new ModelProto { IrVersion = 8, OpsetImport = { new OperatorSetIdProto { Version = 17 } } }.ToByteArray(), (7 << 3) | 2, .. Varint(graph.Length), .. graph];
        Assert.Contains("its data twice", Assert.Throws<OnnxException>(() => OnnxModel.Load(file, "twice.onnx")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Data_that_are_gone_when_they_are_read_are_an_error()
    {
        var stored = new StoredBytes(new MemoryStream(new byte[100]), 50, 51, new LoadProgress(null, default));
        Assert.Throws<EndOfStreamException>(() => stored.All);
    }

    private static byte[] Varint(int value) => value < 128 ? [(byte)value] : [(byte)(value | 128), .. Varint(value >> 7)];

    private static float Number(int layer, int index) => index == 0 ? layer + 1 : (index % 1000) * 0.25f;

    /// <summary>Linear layers that share their input.</summary>
    private static string Write(string folder, bool isExternal)
    {
        var model = OnnxFiles.Model().Input("x", OnnxType.Float, 1, Inputs);
        float[] numbers = new float[Inputs * Outputs];
        using var data = File.Create(Path.Combine(folder, "weights.bin"));
        for (int layer = 0; layer < Layers; layer++)
        {
            for (int i = 0; i < numbers.Length; i++)
                numbers[i] = Number(layer, i);
            byte[] bytes = System.Runtime.InteropServices.MemoryMarshal.AsBytes(numbers.AsSpan()).ToArray();
            var weight = new TensorProto { Name = $"w{layer}", DataType = (int)OnnxType.Float, Dims = { Outputs, Inputs } };
            if (isExternal)
            {
                weight.DataLocation = TensorProto.Types.DataLocation.External;
                weight.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = "weights.bin" });
                weight.ExternalData.Add(new StringStringEntryProto { Key = "offset", Value = $"{data.Position}" });
                weight.ExternalData.Add(new StringStringEntryProto { Key = "length", Value = $"{bytes.Length}" });
                data.Write(bytes);
            }
            else
            {
                weight.RawData = ByteString.CopyFrom(bytes);
            }

            model.Graph.Initializer.Add(weight);
            model.Node("Gemm", ["x", $"w{layer}"], [$"y{layer}"], OnnxFiles.Int("transB", 1)).Output($"y{layer}");
        }

        string path = Path.Combine(folder, "model.onnx");
        File.WriteAllBytes(path, model.ToByteArray());
        return path;
    }

    private sealed class Listener(Action<double> said) : IProgress<double>
    {
        public void Report(double value) => said(value);
    }
}
