using RealtimeCnn.Demo.Scenes;
using RealtimeCnn.Graphs;
using RealtimeCnn.Heads;
using RealtimeCnn.Images;
using RealtimeCnn.Layers;
using RealtimeCnn.Live;

namespace RealtimeCnn.Demo.Modes.Explore;

/// <summary>One picture pooled in several ways, by windows side by side; GeM's exponent can be written while it runs.</summary>
internal sealed class PoolingNetwork : ISceneNetwork
{
    public const string Max = "max", Average = "average", Lp = "L2", Gem = "GeM", Weighted = "weighted", Every = "every";

    private const int InputWidth = 256, Most = 8;
    private readonly BuiltGraphs _graphs;
    private readonly float[] _exponent = [3];
    private readonly PictureHead _plain = new(), _sum;

    /// <param name="window">Extent of the windows and the step between them, in pixels.</param>
    public PoolingNetwork(int window)
    {
        (Window, _sum) = (window, new PictureHead(0, window));
        _graphs = new BuiltGraphs(graph => graph[Gem].Parameters[0].Write(_exponent));
    }

    /// <summary>The kinds, in the order in which they are shown.</summary>
    public static IReadOnlyList<string> Kinds { get; } = [Max, Average, Gem, Lp, Weighted, Every];

    /// <summary>Extent of the windows, in pixels.</summary>
    public int Window { get; }

    /// <summary>Height and width of the picture that is pooled.</summary>
    public Size2d Seen { get; private set; }

    /// <summary>The numbers that are black and white. The L2 norm is a sum: of n·n ones it is n.</summary>
    public PictureHead HeadOf(string kind) => kind == Lp ? _sum : _plain;

    /// <summary>Takes GeM's exponent, in every network that is used or made ready.</summary>
    public void Write(float exponent)
    {
        _exponent[0] = exponent;
        _graphs.Write();
    }

    public Graph Build(Size2d upright, out LiveOptions options)
    {
        // Whole windows, whatever their extent.
        Seen = new Size2d(Math.Max((int)Math.Round((double)InputWidth * upright.Height / upright.Width / Most), 1) * Most, InputWidth);
        options = new LiveOptions { Preprocessing = new Preprocessing { Size = Seen }, Drawn = Kinds };
        return _graphs.Add(Build(Seen));
    }

    public void Release(Graph graph) => _graphs.Release(graph);

    public void Read(LiveResult result, Scene scene)
    {
        // All of it is drawn.
    }

    /// <summary>The network for a picture of some height and width; its outputs are <see cref="Kinds"/>.</summary>
    public Graph Build(Size2d size)
    {
        var builder = new GraphBuilder();
        var picture = builder.Input("picture", new Shape(1, 3, size.Height, size.Width));
        return builder.Build([.. Kinds.Select(kind => kind == Every
            ? builder.Add(new DepthwiseConv2d(3, 1) { Stride = Window, HasBias = false }, picture, [Ones()], Every)
            : builder.Add(PoolingOf(kind), picture, name: kind))]);
    }

    private PoolingLayer PoolingOf(string kind) => kind switch
    {
        Max => new MaxPool2d(Window),
        Average => new AveragePool2d(Window),
        Lp => new LpPool2d(Window),
        Gem => new GemPool2d(Window),
        _ => new WeightedAveragePool2d(Window, Window / 4f),
    };

    private static Tensor Ones()
    {
        var ones = new Tensor(new Shape(3, 1, 1, 1));
        ones.Span.Fill(1);
        return ones;
    }
}
