using RealtimeCnn.Demo.Scenes;
using RealtimeCnn.Graphs;
using RealtimeCnn.Images;
using RealtimeCnn.Layers;
using RealtimeCnn.Live;

namespace RealtimeCnn.Demo.Modes.Explore;

/// <summary>A picture of so few grey pixels that each can be seen, and what a window of nine weights makes of it.</summary>
/// <param name="filter">The weights; 3×3.</param>
internal sealed class LoupeNetwork(Images.Filter filter) : ISceneNetwork
{
    private const int Width = 32;
    private const string Pixels = "pixels";
    private float[] _pixels = [], _result = [];

    /// <summary>The weights.</summary>
    public Images.Filter Filter => filter;

    /// <summary>Height and width of the picture; zero before the first.</summary>
    public Size2d Seen { get; private set; }

    /// <summary>A pixel, in [0, 1]; beyond the border its pixels go on.</summary>
    public float PixelAt(int x, int y) => _pixels[(Math.Clamp(y, 0, Seen.Height - 1) * Seen.Width) + Math.Clamp(x, 0, Seen.Width - 1)];

    /// <summary>What the network made of a pixel.</summary>
    public float ResultAt(int x, int y) => _result[(y * Seen.Width) + x];

    public Graph Build(Size2d upright, out LiveOptions options)
    {
        var size = new Size2d(Math.Clamp((int)Math.Round((double)Width * upright.Height / upright.Width), 4, 2 * Width), Width);
        options = new LiveOptions { Preprocessing = new Preprocessing { Size = size } };
        var builder = new GraphBuilder();
        var picture = builder.Input("picture", new Shape(1, 3, size.Height, size.Width));
        var weights = new Tensor(new Shape(1, 3, 1, 1));
        weights.Span.Fill(1 / 3f);
        var gray = builder.Add(new PointwiseConv2d(3, 1) { HasBias = false }, picture, [weights], "gray");
        return builder.Build([builder.Add(new Identity(), gray, name: Pixels), Filters.Add(builder, gray, 1, filter)]);
    }

    public void Release(Graph graph) => graph.Dispose();

    public void Read(LiveResult result, Scene scene)
    {
        var pixels = result[Pixels];
        if (_pixels.Length != pixels.Span.Length)
            (_pixels, _result) = (new float[pixels.Span.Length], new float[pixels.Span.Length]);
        pixels.Span.CopyTo(_pixels);
        result[filter.Name].Span.CopyTo(_result);
        Seen = new Size2d(pixels.Shape.Height, pixels.Shape.Width);
    }
}
