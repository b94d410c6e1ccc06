using System.Text.Json;
using RealtimeCnn.Models;

namespace RealtimeCnn.Tests.Cli;

public class InspectCommandTests
{
    [Fact]
    public void Json_is_all_there_is_on_standard_output()
    {
        var (code, text, error) = CommandLineTests.Run("inspect", "lenet5", "--json");
        Assert.Equal((0, ""), (code, error));
        using var json = JsonDocument.Parse(text);
        Assert.Equal(61_706, json.RootElement.GetProperty("parameters").GetInt64());
        Assert.Equal(416_520, json.RootElement.GetProperty("macs").GetInt64());
        Assert.Equal(["parameters", "macs", "layers"], json.RootElement.EnumerateObject().Select(property => property.Name));
        var c3 = json.RootElement.GetProperty("layers").EnumerateArray().Single(layer => layer.GetProperty("name").GetString() == "c3");
        Assert.Equal("Conv2d", c3.GetProperty("type").GetString());
        Assert.Equal([1, 16, 10, 10], c3.GetProperty("shape").EnumerateArray().Select(extent => extent.GetInt32()));
        Assert.Equal(2_416, c3.GetProperty("parameters").GetInt64());
    }

    [Fact]
    public void Without_json_it_is_the_table()
    {
        using var graph = ModelCatalog.Create("squeezenet1.1");
        Assert.Equal((0, graph.Summary().ToString(), ""), CommandLineTests.Run("inspect", "SqueezeNet1.1"));
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
}
