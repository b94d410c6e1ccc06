using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Images;

namespace RealtimeCnn.Tests.Images;

/// <summary>
/// Every filter on pictures small enough to compute by hand. The picture is
/// <code>
/// 1 2 3
/// 4 5 6
/// 7 8 10
/// </code>
/// and repeats its border outwards.
/// </summary>
public sealed class FiltersTests
{
    private static readonly float[] Picture = [1, 2, 3, 4, 5, 6, 7, 8, 10];

    [Theory]
    [InlineData("identity", new float[] { 1, 2, 3, 4, 5, 6, 7, 8, 10 })]
    [InlineData("sobel-top", new float[] { -12, -12, -12, -24, -25, -27, -12, -13, -15 })]
    [InlineData("sobel-bottom", new float[] { 12, 12, 12, 24, 25, 27, 12, 13, 15 })]
    [InlineData("sobel-left", new float[] { -4, -8, -4, -4, -9, -5, -4, -11, -7 })]
    [InlineData("sobel-right", new float[] { 4, 8, 4, 4, 9, 5, 4, 11, 7 })]
    [InlineData("emboss", new float[] { 13, 17, 15, 25, 31, 30, 19, 26, 26 })]
    public void Three_by_three_filters_give_what_pencil_and_paper_give(string name, float[] expected)
    {
        Assert.Equal(expected, Apply(Filters.Find(name)!, new Shape(1, 1, 3, 3), Picture));
    }

    [Theory]
    [InlineData("mean", 1 / 25f, 1 / 25f)]
    [InlineData("gaussian", 36 / 256f, 24 / 256f)]
    public void Blurs_spread_a_single_bright_pixel_into_their_own_window(string name, float middle, float beside)
    {
        float[] picture = new float[49];
        picture[24] = 1;
        float[] blurred = Apply(Filters.Find(name)!, new Shape(1, 1, 7, 7), picture);

        Assert.Equal(middle, blurred[24], 1e-6f);
        Assert.Equal(beside, blurred[23], 1e-6f);
        Assert.Equal(beside, blurred[17], 1e-6f);
        Assert.Equal(1, blurred.Sum(), 1e-5f);
        Assert.All(Enumerable.Range(0, 7), i => Assert.Equal(0, blurred[i]));
    }

    [Theory]
    [InlineData("identity", 1)]
    [InlineData("mean", 1)]
    [InlineData("gaussian", 1)]
    [InlineData("emboss", 1)]
    [InlineData("sobel-top", 0)]
    [InlineData("sobel-bottom", 0)]
    [InlineData("sobel-left", 0)]
    [InlineData("sobel-right", 0)]
    public void A_flat_picture_stays_flat_up_to_its_border(string name, float gain)
    {
        float[] flat = Apply(Filters.Find(name)!, new Shape(1, 1, 4, 6), [.. Enumerable.Repeat(0.5f, 24)]);
        Assert.All(flat, value => Assert.Equal(gain * 0.5f, value, 1e-6f));
    }

    [Fact]
    public void Channels_are_filtered_each_by_itself()
    {
        float[] picture = [.. Picture, .. new float[9], .. Picture.Select(x => -x)];
        float[] y = Apply(Filters.SobelLeft, new Shape(1, 3, 3, 3), picture);
        Assert.Equal(-9, y[4]);
        Assert.All(y[9..18], value => Assert.Equal(0, value));
        Assert.Equal(9, y[22]);
    }

    [Fact]
    public void All_of_them_run_side_by_side_in_one_network()
    {
        using var graph = Filters.Graph(new Shape(1, 1, 3, 3), Filters.All);
        using var network = new CpuNetwork(graph);
        using var x = new Tensor(new Shape(1, 1, 3, 3), Picture);
        var outputs = network.Run(x);
        Assert.Equal(Filters.All.Select(filter => filter.Name), graph.Outputs.Select(node => node.Name));
        for (int i = 0; i < outputs.Count; i++)
            Assert.Equal(Apply(Filters.All[i], new Shape(1, 1, 3, 3), Picture), outputs[i].Span);
    }

    [Fact]
    public void A_window_that_is_even_or_has_too_few_weights_is_refused()
    {
        var even = Assert.Throws<ArgumentException>(() => Filters.Graph(new Shape(1, 1, 3, 3), new Filter("mine", 2, new float[4])));
        Assert.Contains("'mine'", even.Message, StringComparison.Ordinal);
        var few = Assert.Throws<ArgumentException>(() => Filters.Graph(new Shape(1, 1, 3, 3), new Filter("mine", 3, new float[8])));
        Assert.Contains("8 were given", few.Message, StringComparison.Ordinal);
        Assert.Null(Filters.Find("sharpest"));
    }

    private static float[] Apply(Filter filter, Shape shape, float[] picture)
    {
        using Graph graph = Filters.Graph(shape, filter);
        using var network = new CpuNetwork(graph);
        using var x = new Tensor(shape, picture);
        return network.Run(x)[0].Span.ToArray();
    }
}
