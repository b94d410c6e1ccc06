using RealtimeCnn.Demo.Scenes;
using RealtimeCnn.Graphs;
using RealtimeCnn.Images;
using RealtimeCnn.Layers;
using RealtimeCnn.Live;

namespace RealtimeCnn.Demo.Modes.Filter;

/// <summary>
/// The editable window and a set of kernels side by side on one picture, the latter at half its size. The window has 7×7 weights
/// whatever its extent, so that a change writes parameters and makes no other network.
/// </summary>
internal sealed class FilterNetwork : ISceneNetwork
{
    /// <summary>Name of what the editable window makes of the picture.</summary>
    public const string Result = "yours";

    // A width that every device can afford.
    private const int InputWidth = 320, Colours = 3;
    private const string Picture = "seen";

    private readonly BuiltGraphs _graphs;
    private float[] _seen = [];
    private readonly float[] _weights = new float[Colours * KernelWindow.MostSize * KernelWindow.MostSize];

    /// <param name="set">The kernels.</param>
    public FilterNetwork(PresetSet set)
    {
        (Set, Names) = (set, [.. set.Filters.Select((_, i) => $"preset {i}")]);
        _graphs = new BuiltGraphs(graph => graph.Outputs[0].Parameters[0].Write(_weights));
    }

    /// <summary>The kernels.</summary>
    public PresetSet Set { get; }

    /// <summary>Height and width of the picture that the window reads; zero before the first.</summary>
    public Size2d SeenSize { get; private set; }

    /// <summary>Name of what each of the kernels makes of the picture.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Takes the weights of the window, in every network that is used or made ready.</summary>
    public void Write(KernelWindow window)
    {
        int area = KernelWindow.MostSize * KernelWindow.MostSize;
        for (int colour = 0; colour < Colours; colour++)
            window.CopyTo(_weights.AsSpan(colour * area, area));
        _graphs.Write();
    }

    public Graph Build(Size2d upright, out LiveOptions options)
    {
        // An even height and width, to be halved.
        var input = new Size2d(Math.Max((int)Math.Round(InputWidth * (double)upright.Height / upright.Width / 2), 4) * 2, InputWidth);
        options = new LiveOptions { Preprocessing = new Preprocessing { Size = input }, Drawn = [Result, .. Names] };
        var builder = new GraphBuilder();
        var picture = builder.Input("picture", new Shape(1, Colours, input.Height, input.Width));
        var result = Filters.Add(builder, picture, Colours, new Images.Filter(Result, KernelWindow.MostSize, new float[KernelWindow.MostSize * KernelWindow.MostSize]));
        var half = builder.Add(new AveragePool2d(2), picture, name: "half");
        return _graphs.Add(builder.Build([result, .. Set.Filters.Select((filter, i) => Filters.Add(builder, half, Colours, filter with { Name = Names[i] })), builder.Add(new Identity(), picture, name: Picture)]));
    }

    public void Release(Graph graph) => _graphs.Release(graph);

    public void Read(LiveResult result, Scene scene)
    {
        var seen = result[Picture];
        if (_seen.Length != seen.Span.Length)
            _seen = new float[seen.Span.Length];
        seen.Span.CopyTo(_seen);
        SeenSize = new Size2d(seen.Shape.Height, seen.Shape.Width);
    }

    /// <summary>A pixel of the picture that the window reads: the mean of its colours, in [0, 1]. Beyond the border its pixels go on.</summary>
    public float SeenAt(int x, int y)
    {
        int area = SeenSize.Height * SeenSize.Width, at = (Math.Clamp(y, 0, SeenSize.Height - 1) * SeenSize.Width) + Math.Clamp(x, 0, SeenSize.Width - 1);
        return (_seen[at] + _seen[area + at] + _seen[(2 * area) + at]) / Colours;
    }
}
