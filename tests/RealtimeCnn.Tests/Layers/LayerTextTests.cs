using RealtimeCnn.Layers;
using RealtimeCnn.SelfTests;

namespace RealtimeCnn.Tests.Layers;

/// <summary>The text of a layer tells it from every other: what was measured for it is kept under this name.</summary>
public class LayerTextTests
{
    [Fact]
    public void Lists_are_spelled_out()
    {
        foreach (var layer in LayerCases.All.Select(one => one.Layer))
        {
            Assert.StartsWith(layer.GetType().Name, layer.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain("System.", layer.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain("RealtimeCnn.", layer.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Every_hyper_parameter_changes_it()
    {
        Assert.NotEqual(new Pad([1, 0], [0, 0]).ToString(), new Pad([0, 1], [0, 0]).ToString());
        Assert.NotEqual(new Pad([1, 0], [0, 0]).ToString(), (new Pad([1, 0], [0, 0]) with { Value = 1 }).ToString());
        Assert.NotEqual(new Pad([1], [0]) { Mode = PadMode.Edge }.ToString(), new Pad([1], [0]) { Mode = PadMode.Wrap }.ToString());
        Assert.Equal("Flatten { Axis = 1 }", new Flatten().ToString());
        foreach (var layer in LayerCases.All.Select(one => one.Layer).DistinctBy(layer => layer.GetType()))
        {
            foreach (var property in layer.GetType().GetProperties().Where(property => property.SetMethod != null))
                Assert.NotEqual(layer.ToString(), Changed(layer, property).ToString());
        }
    }

    /// <summary>The layer with another value of one hyper-parameter; itself is not touched.</summary>
    private static Layer Changed(Layer layer, System.Reflection.PropertyInfo property)
    {
        var copy = (Layer)layer.GetType().GetMethod("<Clone>$")!.Invoke(layer, [])!;
        object? value = property.GetValue(layer);
        property.SetValue(copy, value switch
        {
            bool flag => !flag,
            int number => number + 1,
            float number => float.IsFinite(number) ? number + 1 : 0,
            string text => text + "x",
            Enum choice => Enum.GetValues(choice.GetType()).Cast<object>().First(other => !other.Equals(choice)),
            Size2d size => new Size2d(size.Height + 1, size.Width),
            Padding2d padding => new Padding2d(padding.Top + 1, padding.Left, padding.Bottom, padding.Right),
            Shape shape => new Shape([.. shape.ToArray(), 2]),
            Activation activation => activation with { Function = activation.Function == ActivationFunction.Mish ? ActivationFunction.Gelu : ActivationFunction.Mish },
            null when property.PropertyType == typeof(int?) => 7,
            IReadOnlyList<float> list => list.Append(7).ToArray(),
            IReadOnlyList<int> list => list.Append(7).ToArray(),
            IReadOnlyList<AxisRange> list => list.Append(new AxisRange(7, 0, 1)).ToArray(),
            _ => throw new InvalidOperationException($"{layer.GetType().Name}.{property.Name}: say here what another value of a {property.PropertyType.Name} is."),
        });
        return copy;
    }
}
