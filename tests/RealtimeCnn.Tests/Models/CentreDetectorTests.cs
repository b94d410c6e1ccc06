using RealtimeCnn.Models;

namespace RealtimeCnn.Tests.Models;

public sealed class CentreDetectorTests
{
    [Fact]
    public void It_is_small_and_takes_pictures_of_any_whole_number_of_steps()
    {
        using var graph = CentreDetector.Create(new Size2d(240, 320), 10);
        var shapes = graph.InferShapes();
        Assert.Equal([new Shape(1, 1, 60, 80), new Shape(1, 10, 60, 80), new Shape(1, 4, 60, 80)], graph.Outputs.Select(output => shapes[output]));
        Assert.InRange(graph.Summary().MultiplyAccumulates, 60_000_000, 110_000_000);
        Assert.InRange(graph.Parameters.Sum(parameter => parameter.Shape.Count), 100_000, 200_000);
        shapes = graph.InferShapes(new Shape(2, 3, 480, 640));
        Assert.Equal(new Shape(2, 10, 120, 160), shapes[graph.Outputs[1]]);
        Assert.All(graph["heat.conv"].Parameters[1].Values.ToArray(), value => Assert.Equal(-4.6f, value));
        Assert.Contains("multiples of 16; 320x250", Assert.Throws<ArgumentException>(() => CentreDetector.Create(new Size2d(250, 320), 10)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => CentreDetector.Create(64, 0));
    }
}
