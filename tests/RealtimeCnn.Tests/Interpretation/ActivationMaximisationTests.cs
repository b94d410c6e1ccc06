using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Interpretation;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Tests.Interpretation;

public class ActivationMaximisationTests
{
    [Fact]
    public void A_unit_of_a_linear_layer_wants_its_own_filter_where_it_sees()
    {
        using var graph = Net();
        for (int channel = 0; channel < 4; channel++)
        {
            using var climb = new ActivationMaximisation(graph, "first", channel, new ActivationMaximisationOptions { Steps = 1, Length = 0.5 });
            Assert.True(climb.Advance(5));
            Assert.Equal(1, climb.Step);
            double product = 0, square = 0, filterSquare = 0;
            for (int i = 0; i < climb.Picture.Shape.Count; i++)
            {
                int plane = i / 144, row = i % 144 / 12, column = i % 12;
                double value = climb.Picture.Span[i];
                square += value * value;
                if (!climb.Field.Contains(row, column))
                {
                    Assert.Equal(0, value);
                    continue;
                }

                double weight = graph["first"].Parameters[0].Values[(((channel * 2) + plane) * 9) + ((row - climb.Field.Top) * 3) + column - climb.Field.Left];
                (product, filterSquare) = (product + (weight * value), filterSquare + (weight * weight));
            }

            Assert.Equal(1, product / Math.Sqrt(square * filterSquare), 1e-5);
            // Halves of the range [−1, 1].
            Assert.Equal(0.5, Math.Sqrt(square), 1e-5);
        }
    }

    [Fact]
    public void A_deep_unit_answers_ever_more_and_pixels_stay_in_their_range()
    {
        using var graph = Net();
        var options = new ActivationMaximisationOptions { Least = [-2, 0], Greatest = [1, 4], Noise = 0.1f };
        using var climb = new ActivationMaximisation(graph, "deep", 2, options);
        climb.Advance(1);
        float first = climb.Activation;
        Assert.True(climb.Advance(100));
        Assert.True(climb.Activation > first + 0.5f, $"from {first} to {climb.Activation}");
        for (int i = 0; i < 144; i++)
        {
            Assert.InRange(climb.Picture.Span[i], -2, 1);
            Assert.InRange(climb.Picture.Span[144 + i], 0, 4);
        }

        using var response = new ChannelResponse(graph, "deep");
        Assert.True(response.Run(climb.Picture, 2).Greatest > first);
    }

    [Fact]
    public void Where_there_is_no_way_up_the_picture_stays()
    {
        var builder = new GraphBuilder();
        using var weight = new Tensor(new Shape(1, 1, 1, 1), [float.NaN]);
        using var graph = builder.Build(builder.Add(new Conv2d(1, 1, 1) { HasBias = false }, builder.Input("x", new Shape(1, 1, 3, 3)), [weight], "nan"));
        using var climb = new ActivationMaximisation(graph, "nan", 0);
        Assert.True(climb.Advance(100));
        Assert.All(climb.Picture.Span.ToArray(), value => Assert.Equal(0, value));
    }

    [Fact]
    public void What_cannot_be_sought_is_refused()
    {
        using var graph = Net();
        Assert.Contains("no channel 4", Assert.Throws<ArgumentException>(() => new ActivationMaximisation(graph, "first", 4)).Message, StringComparison.Ordinal);
        Assert.Throws<KeyNotFoundException>(() => new ActivationMaximisation(graph, "nobody", 0));
        Assert.Contains("cannot go from 1 to 1", Assert.Throws<ArgumentException>(() => new ActivationMaximisation(graph, "first", 0, new ActivationMaximisationOptions { Least = [1] })).Message, StringComparison.Ordinal);
        Assert.Contains("both are at least 1", Assert.Throws<ArgumentException>(() => new ActivationMaximisation(graph, "first", 0, new ActivationMaximisationOptions { Steps = 0 })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_strongest_unit_of_a_channel_is_found_with_what_it_sees()
    {
        using var graph = Net();
        using var x = Noise.Of(new Shape(1, 2, 12, 12), 12);
        using var network = new CpuNetwork(graph.WithOutputs(graph["first"]));
        var maps = network.Run(x)[1];
        using var response = new ChannelResponse(graph, "first");
        for (int channel = 0; channel < 4; channel++)
        {
            float[] map = maps.Span.Slice(channel * maps.Shape.Area, maps.Shape.Area).ToArray();
            var found = response.Run(x, channel);
            int at = Array.IndexOf(map, map.Max());
            Assert.Equal((map.Min(), map.Max(), at / 10, at % 10), (found.Least, found.Greatest, found.Row, found.Column));
            Assert.Equal(new ReceptiveField(at / 10, at % 10, (at / 10) + 2, (at % 10) + 2), found.Field);
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => response.Run(x, 4));
        x.Span[5] = float.NaN;
        Assert.True(float.IsNaN(response.Run(x, 0).Greatest));
    }

    private static Graph Net()
    {
        var builder = new GraphBuilder(seed: 21);
        var x = builder.Input("x", new Shape(1, 2, 12, 12));
        var first = builder.Add(new Conv2d(2, 4, 3) { HasBias = false }, x, name: "first");
        return builder.Build(builder.Add(new Conv2d(4, 3, 3), builder.Add(new MaxPool2d(2), builder.Add(new Relu(), first)), name: "deep"));
    }
}
