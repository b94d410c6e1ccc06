using RealtimeCnn.Demo.Scenes;
using RealtimeCnn.Graphs;
using RealtimeCnn.Images;
using RealtimeCnn.Layers;
using RealtimeCnn.Live;

namespace RealtimeCnn.Demo.Modes.Explore;

/// <summary>The same nine weights, for outlines, over each colour of a picture, at several dilations side by side.</summary>
internal sealed class DilationNetwork : ISceneNetwork
{
    /// <summary>Extent of the window, in elements.</summary>
    public const int Kernel = 3;

    private const int Colours = 3;

    /// <summary>Steps between the elements of the window.</summary>
    public static IReadOnlyList<int> Dilations { get; } = [1, 2, 4, 8];

    /// <summary>Names of the results, in that order.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Dilations.Select(dilation => $"dilation {dilation}")];

    /// <summary>Height and width of the picture that the window reads; zero before the first.</summary>
    public Size2d Seen { get; private set; }

    /// <summary>Pixels that the window reaches along a side: <c>dilation · (kernel − 1) + 1</c>.</summary>
    public static int Reach(int dilation) => (dilation * (Kernel - 1)) + 1;

    public Graph Build(Size2d upright, out LiveOptions options)
    {
        Seen = StackSettings.InputSizeOf(upright);
        options = new LiveOptions { Preprocessing = new Preprocessing { Size = Seen }, Drawn = Names };
        return Build(Seen);
    }

    /// <summary>The network for a picture of some height and width.</summary>
    public static Graph Build(Size2d size)
    {
        var builder = new GraphBuilder();
        var picture = builder.Input("picture", new Shape(1, Colours, size.Height, size.Width));
        return builder.Build([.. Dilations.Select((dilation, i) => builder.Add(
            new DepthwiseConv2d(Colours, Kernel) { Dilation = dilation, Padding = dilation, PaddingMode = PaddingMode.Replicate, HasBias = false }, picture, [Weights()], Names[i]))]);
    }

    public void Release(Graph graph) => graph.Dispose();

    public void Read(LiveResult result, Scene scene)
    {
        // All of it is drawn.
    }

    private static Tensor Weights()
    {
        var weights = new Tensor(new Shape(Colours, 1, Kernel, Kernel));
        for (int i = 0; i < weights.Span.Length; i++)
            weights.Span[i] = i % (Kernel * Kernel) == Kernel * Kernel / 2 ? 4 : -0.5f;
        return weights;
    }
}
