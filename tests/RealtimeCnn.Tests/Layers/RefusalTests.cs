using RealtimeCnn.SelfTests;

namespace RealtimeCnn.Tests.Layers;

/// <summary>Shapes and hyper-parameters that do not fit are refused before anything is computed, with the numbers that matter.</summary>
public class RefusalTests
{
    public static TheoryData<string> Names => [.. LayerCases.Refused.Select(one => one.ToString())];

    [Theory]
    [MemberData(nameof(Names))]
    public void What_does_not_fit_is_an_error_that_says_why(string name)
    {
        var one = LayerCases.Refused.Single(other => other.ToString() == name);
        var error = Assert.Throws<ShapeException>(() => one.Layer.InferShapes(one.Inputs));
        Assert.NotEmpty(one.Says);
        Assert.All(one.Says, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
    }
}
