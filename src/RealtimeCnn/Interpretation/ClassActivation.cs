using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Interpretation;

/// <summary>
/// Where in a picture a classifier sees a class: its last feature maps <c>A[k]</c>, of h×w places, weighed by what they do for the class's
/// score y before softmax. <see cref="ClassActivationMethod.Cam"/>: <c>heat[p] = Σ over k of w[class,k] · A[k,p] / (h·w)</c>, so that the
/// places add up to the score less its bias. <see cref="ClassActivationMethod.GradCam"/>:
/// <c>heat[p] = max(0, Σ over k of a[k] · A[k,p])</c> with <c>a[k] = Σ over p of ∂y/∂A[k,p] / (h·w)</c>; where both are possible it is the
/// first without what is below 0. Computed on the CPU, one thread at a time; the graph must live as long.
/// </summary>
/// <remarks>
/// Source: Zhou et al. 2016, "Learning Deep Features for Discriminative Localization", arXiv:1512.04150, section 2; Selvaraju et al. 2017,
/// "Grad-CAM", arXiv:1610.02391, section 3.
/// </remarks>
public sealed class ClassActivation : IDisposable
{
    private readonly Graph _front, _scores;
    private readonly CpuNetwork _network;
    private readonly Node _maps;
    private readonly CamHead? _cam;
    private readonly int _threads;
    private OutputGradient? _gradient;

    /// <summary>Finds maps and scores in a classifier.</summary>
    /// <param name="classifier">A graph of one input, whose first output has a number for each class, behind softmax or not.</param>
    /// <param name="threads">That compute; null for all processors.</param>
    /// <exception cref="ArgumentException">The graph has several inputs, its first output is none of a classifier, or there are no feature maps of more than one place that all of the picture passes on its way to the scores.</exception>
    public ClassActivation(Graph classifier, int? threads = null)
    {
        ArgumentNullException.ThrowIfNull(classifier);
        if (classifier.Inputs.Count != 1)
            throw new ArgumentException($"A class activation is computed of one picture; this network has {classifier.Inputs.Count} inputs.", nameof(classifier));
        var scores = ScoresOf(classifier.Outputs[0]);
        _scores = new Graph(classifier.Inputs, [scores], []);
        var shapes = _scores.InferShapes();
        if (shapes[scores] is { Rank: >= 4, Area: > 1 } or { Rank: < 2 } || shapes[scores][0] != 1)
            throw new ArgumentException($"The first output of a classifier has one number for each class of one picture; {scores} gives {shapes[scores]}.", nameof(classifier));
        Classes = shapes[scores].Count;
        _threads = threads ?? Environment.ProcessorCount;
        _cam = CamHead.Find(scores, shapes);
        _maps = _cam?.Maps ?? LastMaps(_scores, shapes)
            ?? throw new ArgumentException($"There are no feature maps of more than one place that all of the picture passes on its way to {scores}: there is no place to speak of.", nameof(classifier));
        (Maps, Size) = (_maps.Name, new Size2d(shapes[_maps].Height, shapes[_maps].Width));
        _front = new Graph(classifier.Inputs, [_maps], []);
        _network = new CpuNetwork(_front, new NetworkOptions { Threads = _threads, PlansKept = 1 });
    }

    /// <summary>Name of the node whose maps are weighed.</summary>
    public string Maps { get; }

    /// <summary>Height and width of the maps, for the declared size of the input.</summary>
    public Size2d Size { get; }

    /// <summary>Classes that have a score.</summary>
    public int Classes { get; }

    /// <summary>Whether the network ends in the mean of each map and one linear layer, so that <see cref="ClassActivationMethod.Cam"/> is possible.</summary>
    public bool HasCam => _cam != null;

    /// <summary>Computes the heat of a class.</summary>
    /// <param name="input">What the network takes, <c>[1, C, H, W]</c>.</param>
    /// <param name="label">Number of the class.</param>
    /// <param name="method">How maps are weighed.</param>
    /// <param name="cancellation">Ends it between two layers.</param>
    /// <returns>The heat, <c>[1, 1, h, w]</c>, in units of the score; the caller's.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    /// <exception cref="NotSupportedException">The network does not end in means and a linear layer, for CAM; or a layer behind the maps has no gradient, for Grad-CAM.</exception>
    /// <exception cref="ShapeException">The input does not fit the network.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public Tensor Run(Tensor input, int label, ClassActivationMethod method, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        if ((uint)label >= (uint)Classes)
            throw new ArgumentOutOfRangeException(nameof(label), label, $"Classes are numbered from 0 to {Classes - 1}.");
        if (method == ClassActivationMethod.Cam && _cam == null)
            throw new NotSupportedException($"CAM weighs maps by the linear layer behind their means, and this network does not end in means and one linear layer; {nameof(ClassActivationMethod.GradCam)} works for it.");
        var maps = _network.Run([input], cancellation)[0];
        var heat = new Tensor(new Shape(1, 1, maps.Shape.Height, maps.Shape.Width));
        if (method == ClassActivationMethod.Cam)
        {
            for (int map = 0; map < maps.Shape.Channels; map++)
                Add(heat.Span, maps, map, _cam!.Weight(label, map) / maps.Shape.Area);
            return heat;
        }

        using var slopes = SlopesOf(maps, label, cancellation);
        for (int map = 0; map < maps.Shape.Channels; map++)
            Add(heat.Span, maps, map, Mean(slopes.Span.Slice(map * maps.Shape.Area, maps.Shape.Area)));
        foreach (ref float place in heat.Span)
            place = place < 0 ? 0 : place;
        return heat;
    }

    /// <summary>Frees what it made; the graph stays.</summary>
    public void Dispose()
    {
        _gradient?.Dispose();
        _network.Dispose();
    }

    private Tensor SlopesOf(Tensor maps, int label, CancellationToken cancellation)
    {
        if (_gradient == null)
        {
            var end = _scores.Behind(_maps);
            _gradient = new OutputGradient(end, end.Outputs[0], _threads);
        }

        _gradient.Choose(label);
        return _gradient.Run(maps, cancellation);
    }

    private static void Add(Span<float> heat, Tensor maps, int map, double weight)
    {
        var values = maps.Span.Slice(map * heat.Length, heat.Length);
        for (int i = 0; i < heat.Length; i++)
            heat[i] += (float)(weight * values[i]);
    }

    private static double Mean(ReadOnlySpan<float> values)
    {
        double sum = 0;
        foreach (float value in values)
            sum += value;
        return sum / values.Length;
    }

    // Behind softmax scores depend on each other.
    private static Node ScoresOf(Node output)
    {
        var node = output;
        while (node.Layer is ReshapingLayer && node.Inputs[0].Layer is not Input)
            node = node.Inputs[0];
        return node.Layer is SoftmaxLayer ? node.Inputs[0] : output;
    }

    // Those that a convolution gave rather than what pooling left of them: they say more exactly where.
    private static Node? LastMaps(Graph graph, IReadOnlyDictionary<Node, Shape> shapes)
    {
        Node[] cuts = [.. graph.Nodes.Reverse().Where(node => node.Layer is not Input && shapes[node] is { Rank: 4, Area: > 1 } && node != graph.Outputs[0] && graph.IsCut(node))];
        return cuts.FirstOrDefault(node => node.Layer is not (PoolingLayer or Dropout or Identity or Pad)) ?? cuts.FirstOrDefault();
    }
}
