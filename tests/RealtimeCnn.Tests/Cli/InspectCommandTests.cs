using System.Text.Json;
using Google.Protobuf;
using RealtimeCnn.Models;
using RealtimeCnn.Onnx;
using RealtimeCnn.Onnx.Protos;
using RealtimeCnn.Tests.Onnx;

namespace RealtimeCnn.Tests.Cli;

public sealed class InspectCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("rtcnn-inspect-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Json_is_all_there_is_on_standard_output()
    {
        var (code, text, error) = CommandLineTests.Run("inspect", "lenet5", "--json");
        Assert.Equal((0, ""), (code, error));
        using var json = JsonDocument.Parse(text);
        Assert.Equal(61_706, json.RootElement.GetProperty("parameters").GetInt64());
        Assert.Equal(416_520, json.RootElement.GetProperty("macs").GetInt64());
        Assert.Equal(
            ["parameters", "macs", "inputs", "outputs", "opset", "irVersion", "metadata", "head", "layers"], json.RootElement.EnumerateObject().Select(property => property.Name));
        var c3 = json.RootElement.GetProperty("layers").EnumerateArray().Single(layer => layer.GetProperty("name").GetString() == "c3");
        Assert.Equal("Conv2d", c3.GetProperty("type").GetString());
        Assert.Equal([1, 16, 10, 10], Numbers(c3.GetProperty("shape")));
        Assert.Equal(2_416, c3.GetProperty("parameters").GetInt64());
    }

    [Fact]
    public void Edges_lead_from_the_input_to_the_output()
    {
        using var json = JsonDocument.Parse(CommandLineTests.Run("inspect", "resnet18", "--json").Output);
        var layers = json.RootElement.GetProperty("layers").EnumerateArray().ToDictionary(layer => layer.GetProperty("name").GetString()!);
        string[] names = [.. layers.Keys];
        Assert.All(layers.Values, layer => Assert.All(layer.GetProperty("inputs").EnumerateArray(), input => Assert.Contains(input.GetString(), names)));
        Assert.Equal(8, layers.Values.Count(layer => layer.GetProperty("type").GetString() == "Add" && layer.GetProperty("inputs").GetArrayLength() == 2));
        var input = json.RootElement.GetProperty("inputs")[0];
        Assert.Empty(layers[input.GetProperty("name").GetString()!].GetProperty("inputs").EnumerateArray());
        Assert.Equal([1, 3, 224, 224], Numbers(input.GetProperty("shape")));
        Assert.Equal([1, 1000], Numbers(json.RootElement.GetProperty("outputs")[0].GetProperty("shape")));
    }

    [Fact]
    public void Json_goes_to_a_file_beside_the_table()
    {
        string file = Path.Combine(_folder, "lenet.json");
        var (code, text, _) = CommandLineTests.Run("inspect", "lenet5", "--json", file);
        Assert.Equal(0, code);
        Assert.Contains("total", text, StringComparison.Ordinal);
        Assert.Equal(CommandLineTests.Run("inspect", "lenet5", "--json").Output, File.ReadAllText(file));
    }

    [Fact]
    public void Without_json_it_is_the_ends_and_the_table()
    {
        using var graph = ModelCatalog.Create("squeezenet1.1");
        var (code, text, error) = CommandLineTests.Run("inspect", "SqueezeNet1.1");
        Assert.Equal((0, ""), (code, error));
        Assert.StartsWith("input     ", text, StringComparison.Ordinal);
        Assert.Contains("float [1, 3, 224, 224]", text, StringComparison.Ordinal);
        Assert.EndsWith($"{Environment.NewLine}{graph.Summary()}", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_shows_its_ends_operator_set_and_metadata_and_the_size_that_was_chosen()
    {
        var proto = OnnxFiles.Model(opset: 17).Input("photo", OnnxType.Float, 1, 3, "h", "w").Output("y").Node("Relu", ["photo"], ["y"]);
        proto.MetadataProps.Add(new StringStringEntryProto { Key = "labels", Value = "ant\nbee\ncat\ndog" });
        proto.MetadataProps.Add(new StringStringEntryProto { Key = "input.mean", Value = "104" });
        proto.MetadataProps.Add(new StringStringEntryProto { Key = "author", Value = "me\u001b[31m" });
        string file = Path.Combine(_folder, "open.onnx");
        File.WriteAllBytes(file, proto.ToByteArray());

        var (code, text, error) = CommandLineTests.Run("inspect", file);
        Assert.Equal(0, code);
        Assert.Contains("rtcnn: note: ", error, StringComparison.Ordinal);
        Assert.Contains("224", error, StringComparison.Ordinal);
        Assert.Contains("input     photo: float [1, 3, 224, 224]", text, StringComparison.Ordinal);
        Assert.Contains("operator set 17", text, StringComparison.Ordinal);
        Assert.Contains("labels: 4: ant, bee, cat, …", text, StringComparison.Ordinal);
        Assert.Contains("input.mean: 104", text, StringComparison.Ordinal);
        Assert.Contains("author: me", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', text);

        text = CommandLineTests.Run("inspect", file, "--size", "64x48").Output;
        Assert.Contains("photo: float [1, 3, 48, 64]", text, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(CommandLineTests.Run("inspect", file, "--json").Output);
        Assert.Equal(17, json.RootElement.GetProperty("opset").GetInt64());
        Assert.Equal("104", json.RootElement.GetProperty("metadata").GetProperty("input.mean").GetString());
    }

    [Theory]
    [InlineData("There is no file 'missing.onnx'", "missing.onnx")]
    [InlineData("is a folder", ".")]
    [InlineData("put 'lenet5' before it", "--json", "lenet5")]
    [InlineData("square", "resnet18", "--size", "64x48")]
    [InlineData("--size '0'", "resnet18", "--size", "0")]
    [InlineData("--size '64×64'", "resnet18", "--size", "64×64")]
    [InlineData("no folder", "lenet5", "--json", "no/such/folder/a.json")]
    public void What_cannot_be_is_one_line_and_exit_code_2(string said, params string[] arguments)
    {
        var (code, text, error) = CommandLineTests.Run(["inspect", .. arguments]);
        Assert.Equal((2, ""), (code, text));
        Assert.Contains(said, error, StringComparison.Ordinal);
        CommandLineTests.AssertOneLine(error);
    }

    [Fact]
    public void A_size_that_a_file_does_not_leave_open_is_refused()
    {
        string file = Path.Combine(_folder, "fixed.onnx");
        File.WriteAllBytes(file, OnnxFiles.Model().Input("x", OnnxType.Float, 1, 3, 8, 8).Output("y").Node("Relu", ["x"], ["y"]).ToByteArray());
        var (code, _, error) = CommandLineTests.Run("inspect", file, "--size", "64x48");
        Assert.Equal(2, code);
        Assert.Contains("[1, 3, 8, 8]", error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_model_is_one_line_that_lists_those_there_are()
    {
        var (code, text, error) = CommandLineTests.Run("inspect", "resnet-9");
        Assert.Equal((2, ""), (code, text));
        Assert.Contains("'resnet-9'", error, StringComparison.Ordinal);
        Assert.Contains("mobilenetv3-small", error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    private static IEnumerable<int> Numbers(JsonElement array) => array.EnumerateArray().Select(extent => extent.GetInt32());
}
