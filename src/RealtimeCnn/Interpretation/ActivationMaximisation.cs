using RealtimeCnn.Graphs;

namespace RealtimeCnn.Interpretation;

/// <summary>
/// A picture that excites one channel of a layer: from gray up the gradient of the channel's middle unit,
/// <c>x ← x + length · g / ‖g‖</c>, kept within the range of pixels, and smoothed on the way where it is no longer gray. What the unit does
/// not see stays as it was. Goes on step by step, on the CPU, one thread at a time; the graph must live as long.
/// </summary>
/// <remarks>
/// Source: Erhan et al. 2009, "Visualizing Higher-Layer Features of a Deep Network"; Simonyan, Vedaldi and Zisserman 2013, "Deep Inside
/// Convolutional Networks", arXiv:1312.6034, section 2; Yosinski et al. 2015, arXiv:1506.06579, section 4 (blur).
/// </remarks>
public sealed class ActivationMaximisation : IDisposable
{
    // The last steps draw sharply.
    private const int Sharp = 8;
    private readonly ActivationMaximisationOptions _options;
    private readonly OutputGradient _gradient;
    private readonly float[] _start, _before;

    /// <summary>Begins with a gray picture.</summary>
    /// <param name="graph">A graph of one input, <c>[1, C, H, W]</c>.</param>
    /// <param name="node">Name of a node whose output is <c>[1, channels, …]</c>: before its activation, where a unit that answers to nothing yet has a gradient too.</param>
    /// <param name="channel">Which channel.</param>
    /// <param name="options">How it climbs; null for the defaults.</param>
    /// <param name="threads">That compute; null for all processors.</param>
    /// <exception cref="KeyNotFoundException">There is no such node.</exception>
    /// <exception cref="ArgumentException">The graph has several inputs or no picture as input, there is no such channel, or the options do not fit.</exception>
    public ActivationMaximisation(Graph graph, string node, int channel, ActivationMaximisationOptions? options = null, int? threads = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        _options = options ?? new ActivationMaximisationOptions();
        if (graph.Inputs.Count != 1 || graph.InputShapes[0] is not { Rank: 4, Batch: 1 } input)
            throw new ArgumentException($"A picture is sought for one input [1, C, H, W]; this network takes {string.Join(" and ", graph.InputShapes)}.", nameof(graph));
        var unit = graph[node];
        var part = new Graph(graph.Inputs, [unit], []);
        var shape = part.InferShapes()[unit];
        if (shape.Rank < 2 || (uint)channel >= (uint)shape[1])
            throw new ArgumentException($"{unit} has no channel {channel}; its output is {shape}.", nameof(channel));
        _options.Verify(input);
        int area = shape.Count / shape[0] / shape[1], middle = shape.Rank == 4 ? (shape.Height / 2 * shape.Width) + (shape.Width / 2) : area / 2;
        Field = shape.Rank == 4 ? part.ReceptiveField(unit) : ReceptiveField.Whole(input);
        Picture = new Tensor(input);
        _gradient = new OutputGradient(part, unit, threads ?? Environment.ProcessorCount);
        _gradient.Choose((channel * area) + middle);
        (_start, _before) = (new float[input.Count], new float[input.Count]);
        Start(input);
    }

    /// <summary>The picture so far, in values of the input.</summary>
    public Tensor Picture { get; }

    /// <summary>What the unit sees of it.</summary>
    public ReceptiveField Field { get; }

    /// <summary>Steps made.</summary>
    public int Step { get; private set; }

    /// <summary>Whether all steps were made.</summary>
    public bool IsComplete => Step >= _options.Steps;

    /// <summary>What the unit answered before the last step.</summary>
    public float Activation { get; private set; }

    /// <summary>Climbs on.</summary>
    /// <param name="steps">How many steps, at most.</param>
    /// <param name="cancellation">Ends it between two layers.</param>
    /// <returns>Whether all were made.</returns>
    /// <exception cref="NotSupportedException">A layer on the way has no gradient; the message names it.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public bool Advance(int steps, CancellationToken cancellation = default)
    {
        for (int i = 0; i < steps && !IsComplete; i++)
        {
            using var gradient = _gradient.Run(Picture, cancellation);
            Activation = _gradient.Value;
            Climb(gradient.Span);
            if (Step % _options.BlurEvery == _options.BlurEvery - 1 && Step < _options.Steps - Sharp)
                Blur();
            Step++;
        }

        return IsComplete;
    }

    /// <summary>Frees what it made; the graph stays.</summary>
    public void Dispose()
    {
        _gradient.Dispose();
        Picture.Dispose();
    }

    private void Start(Shape input)
    {
        var random = new Random(_options.Seed);
        for (int i = 0; i < input.Count; i++)
        {
            var (least, greatest) = _options.RangeOf(i / input.Area);
            int row = i % input.Area / input.Width, column = i % input.Width;
            _start[i] = (least + greatest) / 2;
            Picture.Span[i] = _start[i] + (Field.Contains(row, column) ? ((random.NextSingle() * 2) - 1) * _options.Noise * (greatest - least) / 2 : 0);
        }
    }

    private void Climb(ReadOnlySpan<float> gradient)
    {
        double square = 0;
        int seen = 0;
        foreach (float slope in gradient)
        {
            square += (double)slope * slope;
            seen += slope != 0 ? 1 : 0;
        }

        // Also where the gradient is no number: then there is no way up.
        if (!(square > 0) || !double.IsFinite(square))
            return;
        double length = (_options.Length ?? (_options.LengthOfPixel * Math.Sqrt(seen))) / Math.Sqrt(square);
        int area = Picture.Shape.Area;
        for (int i = 0; i < gradient.Length; i++)
        {
            var (least, greatest) = _options.RangeOf(i / area);
            Picture.Span[i] = (float)Math.Clamp(Picture.Span[i] + (length * (greatest - least) / 2 * gradient[i]), least, greatest);
        }
    }

    private void Blur()
    {
        var (height, width, area) = (Picture.Shape.Height, Picture.Shape.Width, Picture.Shape.Area);
        Picture.Span.CopyTo(_before);
        for (int i = 0; i < _before.Length; i++)
        {
            if (_before[i] == _start[i])
                continue;
            int plane = i / area * area, row = i % area / width, column = i % width;
            Picture.Span[i] = (_before[i] / 2)
                + ((At(row - 1, column) + At(row + 1, column) + At(row, column - 1) + At(row, column + 1)) / 8);

            float At(int y, int x) => _before[plane + (Math.Clamp(y, 0, height - 1) * width) + Math.Clamp(x, 0, width - 1)];
        }
    }
}
