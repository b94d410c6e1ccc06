namespace RealtimeCnn.Interpretation;

/// <summary>
/// What each place of a picture does for a network's answer, found by covering it: a patch slides over the picture, and how much the score
/// drops where it lies is what the place was worth; below 0 where it was in the way. Goes on position by position, as many at a time as
/// there is time for. One thread at a time.
/// </summary>
/// <remarks>Source: Zeiler and Fergus 2014, "Visualizing and Understanding Convolutional Networks", arXiv:1311.2901, section 4.2.</remarks>
public sealed class Occlusion : IDisposable
{
    private readonly INetwork _network;
    private readonly Func<IReadOnlyList<Tensor>, float> _score;
    private readonly OcclusionOptions _options;
    private readonly Shape _shape;
    private readonly Tensor _picture, _covered;
    private readonly float[] _drops;
    private bool _hasBegun;

    /// <summary>Prepares it for pictures of one shape.</summary>
    /// <param name="network">Has one input; it stays the caller's.</param>
    /// <param name="input">Shape of the input, <c>[1, C, H, W]</c>.</param>
    /// <param name="score">What is looked at, of the outputs of a run: the probability of a class, say.</param>
    /// <param name="options">Size of patch and steps; null for the defaults.</param>
    /// <exception cref="ArgumentException">The shape is no picture's, or the options do not fit it.</exception>
    public Occlusion(INetwork network, Shape input, Func<IReadOnlyList<Tensor>, float> score, OcclusionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(score);
        (_network, _score, _shape, _options) = (network, score, input, options ?? new OcclusionOptions());
        if (input is not { Rank: 4, Batch: 1, Area: > 0 })
            throw new ArgumentException($"A patch covers part of one picture [1, C, H, W]; the input is {input}.", nameof(input));
        _options.Verify(input);
        Grid = new Size2d((input.Height + _options.Stride - 1) / _options.Stride, (input.Width + _options.Stride - 1) / _options.Stride);
        _drops = new float[Grid.Height * Grid.Width];
        (_picture, _covered) = (new Tensor(input), new Tensor(input));
    }

    /// <summary>Rows and columns of positions; each stands for a square of <see cref="OcclusionOptions.Stride"/> pixels, in whose middle the patch lies.</summary>
    public Size2d Grid { get; }

    /// <summary>Positions that were tried on the picture, row by row.</summary>
    public int Done { get; private set; }

    /// <summary>Whether all were.</summary>
    public bool IsComplete => _hasBegun && Done == _drops.Length;

    /// <summary>The score of the uncovered picture.</summary>
    public float Score { get; private set; }

    /// <summary>For each position, row by row, how much the score drops when it is covered; the first <see cref="Done"/> are known.</summary>
    public ReadOnlySpan<float> Drops => _drops;

    /// <summary>Takes a picture, of which it makes a copy, and its score.</summary>
    /// <param name="picture">What the network takes.</param>
    /// <param name="cancellation">Ends it between two layers.</param>
    /// <exception cref="ShapeException">It has another shape.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; there is no picture then.</exception>
    public void Begin(Tensor picture, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(picture);
        if (picture.Shape != _shape)
            throw new ShapeException($"The patch was cut for pictures {_shape}; this one is {picture.Shape}.");
        (_hasBegun, Done) = (false, 0);
        picture.Span.CopyTo(_picture.Span);
        picture.Span.CopyTo(_covered.Span);
        Score = _score(_network.Run([_picture], cancellation));
        _hasBegun = true;
    }

    /// <summary>Tries some more positions.</summary>
    /// <param name="positions">How many, at most.</param>
    /// <param name="cancellation">Ends it between two layers.</param>
    /// <returns>Whether all are done.</returns>
    /// <exception cref="InvalidOperationException">There is no picture.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public bool Advance(int positions, CancellationToken cancellation = default)
    {
        if (!_hasBegun)
            throw new InvalidOperationException($"There is no picture to cover: call {nameof(Begin)} first.");
        for (int i = 0; i < positions && !IsComplete; i++)
        {
            Cover(Done);
            try
            {
                _drops[Done] = Score - _score(_network.Run([_covered], cancellation));
            }
            finally
            {
                Uncover(Done);
            }

            Done++;
        }

        return IsComplete;
    }

    /// <summary>Frees its copies; the network stays.</summary>
    public void Dispose()
    {
        _picture.Dispose();
        _covered.Dispose();
    }

    private void Cover(int position)
    {
        var (rows, columns) = PatchAt(position);
        for (int channel = 0; channel < _shape.Channels; channel++)
        {
            float fill = _options.Fill.Count == 1 ? _options.Fill[0] : _options.Fill[channel];
            for (int row = rows.From; row < rows.To; row++)
                Row(_covered, channel, row)[columns.From..columns.To].Fill(fill);
        }
    }

    private void Uncover(int position)
    {
        var (rows, columns) = PatchAt(position);
        for (int channel = 0; channel < _shape.Channels; channel++)
        {
            for (int row = rows.From; row < rows.To; row++)
                Row(_picture, channel, row)[columns.From..columns.To].CopyTo(Row(_covered, channel, row)[columns.From..]);
        }
    }

    private Span<float> Row(Tensor tensor, int channel, int row) => tensor.Span.Slice(((channel * _shape.Height) + row) * _shape.Width, _shape.Width);

    private ((int From, int To) Rows, (int From, int To) Columns) PatchAt(int position) => (Along(position / Grid.Width, _shape.Height), Along(position % Grid.Width, _shape.Width));

    // Around the middle of the position's own pixels, as far as the picture goes.
    private (int From, int To) Along(int step, int extent)
    {
        int from = (step * _options.Stride) - ((_options.Patch - _options.Stride) / 2);
        return (Math.Clamp(from, 0, extent), Math.Clamp(from + _options.Patch, 0, extent));
    }
}
