using System.Text.Json;
using RealtimeCnn.SelfTests.Oracles;

namespace RealtimeCnn.Tests.Oracles;

/// <summary>What PyTorch computed for one layer; recorded by tests/fixtures/pytorch_layers.py.</summary>
/// <param name="Name">Name of the case.</param>
/// <param name="Inputs">Shapes of the inputs.</param>
/// <param name="Parameters">Shapes of the parameters.</param>
/// <param name="Ranges">Lowest and highest value of each tensor, inputs first.</param>
/// <param name="Output">The result.</param>
internal sealed record PyTorchFixture(string Name, Shape[] Inputs, Shape[] Parameters, (double Low, double High)[] Ranges, DoubleTensor Output)
{
    public static IReadOnlyDictionary<string, PyTorchFixture> All { get; } = Load();

    public Tensor[] MakeInputs() => [.. Inputs.Select((shape, i) => Fill(shape, i))];

    public Tensor[] MakeParameters() => [.. Parameters.Select((shape, i) => Fill(shape, Inputs.Length + i))];

    /// <summary>The formula of the recipe.</summary>
    private Tensor Fill(Shape shape, int number)
    {
        var (low, high) = Ranges[number];
        var tensor = new Tensor(shape);
        for (int i = 0; i < shape.Count; i++)
            tensor.Span[i] = (float)(low + ((high - low) * (((i * 7919L) + ((number + 1) * 104729L)) % 2003) / 2048));
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
        var output = new DoubleTensor(ReadShape(entry.GetProperty("shape")));
        int i = 0;
        foreach (var value in entry.GetProperty("output").EnumerateArray())
            output[i++] = value.GetDouble();
        Assert.Equal(output.Values.Length, i);
        return new PyTorchFixture(
            name, [.. entry.GetProperty("inputs").EnumerateArray().Select(ReadShape)], [.. entry.GetProperty("parameters").EnumerateArray().Select(ReadShape)],
            [.. entry.GetProperty("ranges").EnumerateArray().Select(range => (range[0].GetDouble(), range[1].GetDouble()))], output);
    }

    private static Shape ReadShape(JsonElement extents) => new([.. extents.EnumerateArray().Select(extent => extent.GetInt32())]);
}
