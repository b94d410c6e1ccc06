using RealtimeCnn.Fuzz.Running;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.Onnx;

namespace RealtimeCnn.Tests.Fuzz;

/// <summary>Loaders with a fault each, which the harness has to find: whatever file of one input they are given.</summary>
internal static class PlantedFaults
{
    public static LoadModel Loader(string fault) => fault switch
    {
        "exception" => (_, _) => throw new InvalidCastException("planted"),
        "unclear" => (_, _) => throw new OnnxException("Index was outside the bounds of the array."),
        "refused" => (_, _) => throw new OnnxException("The file is damaged."),
        "stack" => (_, _) => Recurse(0) > 0 ? null! : null!,
        "hang" => (_, _) => Spin(),
        "memory" => (file, options) =>
        {
            byte[] much = GC.AllocateUninitializedArray<byte>(1_300_000_000);
            much.AsSpan().Fill(1);
            return OnnxModel.Load(file, "drawn.onnx", options);
        },
        "leak" => (file, options) =>
        {
            _ = new Tensor(new Shape(16));
            return OnnxModel.Load(file, "drawn.onnx", options);
        },
        _ => (file, options) => WithLayer(file, options, new FaultyRelu(Enum.Parse<RelusFault>(fault))),
    };

    /// <summary>The model of the file with another layer in place of its only one.</summary>
    private static OnnxModel WithLayer(byte[] file, OnnxLoadOptions options, Layer layer)
    {
        using var model = OnnxModel.Load(file, "drawn.onnx", options);
        var builder = new GraphBuilder();
        var graph = builder.Build(builder.Add(layer, builder.Input(model.Inputs[0].Name, model.Inputs[0].Shape)));
        return new OnnxModel(graph)
        {
            Inputs = model.Inputs, FixedInputs = model.FixedInputs, Outputs = model.Outputs, Metadata = model.Metadata, Notes = model.Notes, IrVersion = model.IrVersion, Opset = model.Opset,
            PaddedOutputs = model.PaddedOutputs,
        };
    }

    private static int Recurse(int depth) => depth < 0 ? 0 : Recurse(depth + 1) + 1;

    private static OnnxModel Spin()
    {
        while (true)
            Thread.SpinWait(1000);
    }
}
