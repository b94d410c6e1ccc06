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
/// <param name="set">The kernels.</param>
internal sealed class FilterNetwork(PresetSet set) : ISceneNetwork
{
    /// <summary>Name of what the editable window makes of the picture.</summary>
    public const string Result = "yours";

    // A width that every device can afford.
    private const int InputWidth = 320, Colours = 3;

    private readonly List<Graph> _graphs = [];
    private readonly float[] _weights = new float[Colours * KernelWindow.MostSize * KernelWindow.MostSize];

    /// <summary>The kernels.</summary>
    public PresetSet Set => set;

    /// <summary>Name of what each of the kernels makes of the picture.</summary>
    public IReadOnlyList<string> Names { get; } = [.. set.Filters.Select((_, i) => $"preset {i}")];

    /// <summary>Takes the weights of the window, in every network that is used or made ready.</summary>
    public void Write(KernelWindow window)
    {
        int area = KernelWindow.MostSize * KernelWindow.MostSize;
        for (int colour = 0; colour < Colours; colour++)
            window.CopyTo(_weights.AsSpan(colour * area, area));
        for (int i = 0; i < _graphs.Count; i++)
            WriteTo(_graphs[i]);
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
        var graph = builder.Build([result, .. set.Filters.Select((filter, i) => Filters.Add(builder, half, Colours, filter with { Name = Names[i] }))]);
        _graphs.Add(graph);
        WriteTo(graph);
        return graph;
    }

    public void Release(Graph graph)
    {
        _graphs.Remove(graph);
        graph.Dispose();
    }

    public void Read(LiveResult result, Scene scene)
    {
        // Everything is drawn from where it lies.
    }

    private void WriteTo(Graph graph) => graph.Outputs[0].Parameters[0].Write(_weights);
}
