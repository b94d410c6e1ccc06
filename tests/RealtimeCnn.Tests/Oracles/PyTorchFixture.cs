using System.Text.Json;
using RealtimeCnn.SelfTests.Oracles;

namespace RealtimeCnn.Tests.Oracles;

/// <summary>What PyTorch computed for one layer; recorded by tests/fixtures/pytorch_layers.py.</summary>
/// <param name="Name">Name of the case.</param>
/// <param name="Inputs">Shapes of the inputs.</param>
/// <param name="Parameters">Shapes of the parameters.</param>
/// <param name="Ranges">Lowest and highest value of each tensor, inputs first.</param>
/// <param name="Output">The result.</param>
/// <param name="Gradients">For each tensor that of the sum of the result times <see cref="MakeWeights"/>; null where there is none.</param>
internal sealed record PyTorchFixture(string Name, Shape[] Inputs, Shape[] Parameters, (double Low, double High)[] Ranges, DoubleTensor Output, DoubleTensor?[] Gradients)
{
    public static IReadOnlyDictionary<string, PyTorchFixture> All { get; } = Load();

    public Tensor[] MakeInputs() => [.. Inputs.Select((shape, i) => Fill(shape, i, Ranges[i]))];

    public Tensor[] MakeParameters() => [.. Parameters.Select((shape, i) => Fill(shape, Inputs.Length + i, Ranges[Inputs.Length + i]))];

    /// <summary>What the result is weighted by in the sum that was differentiated.</summary>
    public Tensor MakeWeights() => Fill(Output.Shape, Inputs.Length + Parameters.Length, (-1, 1));

    /// <summary>The formula of the recipe.</summary>
    private static Tensor Fill(Shape shape, int number, (double Low, double High) range)
    {
        var tensor = new Tensor(shape);
        for (int i = 0; i < shape.Count; i++)
            tensor.Span[i] = (float)(range.Low + ((range.High - range.Low) * (((i * 7919L) + ((number + 1) * 104729L)) % 2003) / 2048));
        return tensor;
    }

    private static Dictionary<string, PyTorchFixture> Load()
    {
        using var file = typeof(PyTorchFixture).Assembly.GetManifestResourceStream("pytorch_layers.json")!;
        using var document = JsonDocument.Parse(file);
        return document.RootElement.EnumerateObject().ToDictionary(entry => entry.Name, entry => Read(entry.Name, entry.Value));
    }

    private static PyTorchFixture Read(string name, JsonElement entry)
    {
        Shape[] inputs = [.. entry.GetProperty("inputs").EnumerateArray().Select(ReadShape)], parameters = [.. entry.GetProperty("parameters").EnumerateArray().Select(ReadShape)];
        return new PyTorchFixture(
            name, inputs, parameters, [.. entry.GetProperty("ranges").EnumerateArray().Select(range => (range[0].GetDouble(), range[1].GetDouble()))],
            ReadTensor(ReadShape(entry.GetProperty("shape")), entry.GetProperty("output")),
            [.. entry.GetProperty("gradients").EnumerateArray().Zip([.. inputs, .. parameters], (numbers, shape) => numbers.ValueKind == JsonValueKind.Null ? null : ReadTensor(shape, numbers))]);
    }

    private static DoubleTensor ReadTensor(Shape shape, JsonElement numbers)
    {
        var tensor = new DoubleTensor(shape);
        int i = 0;
        foreach (var value in numbers.EnumerateArray())
            tensor[i++] = value.GetDouble();
        Assert.Equal(tensor.Values.Length, i);
        return tensor;
    }

    private static Shape ReadShape(JsonElement extents) => new([.. extents.EnumerateArray().Select(extent => extent.GetInt32())]);
}
