namespace RealtimeCnn.Heads;

/// <summary>
/// What the outputs of a detector mean: how they become boxes. A family is this and its numbers; <see cref="DetectionReader"/> reads any
/// of them: scores, the best candidates, their boxes, suppression.
/// </summary>
public abstract record DetectionHead : ModelHead
{
    /// <summary>Most candidates that suppression can look at.</summary>
    public const int MostCandidates = 512;

    private static readonly string[] Kinds = ["hard", "soft-linear", "soft-gaussian", "weighted"];

    private protected DetectionHead()
    {
    }

    /// <summary>Score from which on a box is one, in (0, 1): the model's own.</summary>
    public float Threshold { get; init; } = 0.35f;

    /// <summary>What becomes of boxes that mean the same thing.</summary>
    public Suppression Suppression { get; init; } = new();

    /// <summary>Most candidates that suppression looks at, of more the best: from 1 to <see cref="MostCandidates"/>. It bounds the time.</summary>
    public int Candidates { get; init; } = MostCandidates;

    /// <summary>Most things found in a picture, at least 1.</summary>
    public int Boxes { get; init; } = 200;

    /// <summary>Whether a place may be several classes at once; else it is its best.</summary>
    public bool EachClass { get; init; }

    /// <summary>How candidates are read from outputs.</summary>
    /// <param name="outputs">All outputs of the network.</param>
    /// <param name="input">Size of its input.</param>
    /// <exception cref="ArgumentException">They are not those of this family; the message says which these are.</exception>
    internal abstract HeadLayout Lay(IReadOnlyList<HeadOutput> outputs, Size2d input);

    /// <summary>Throws unless the numbers are possible.</summary>
    internal void Verify()
    {
        if (Threshold is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(Threshold), Threshold, "A threshold lies between 0 and 1.");
        ArgumentOutOfRangeException.ThrowIfLessThan(Candidates, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Candidates, MostCandidates);
        ArgumentOutOfRangeException.ThrowIfLessThan(Boxes, 1);
        Suppression.Verify();
    }

    /// <inheritdoc/>
    internal override ModelHead Read(HeadEntries entries) => this with
    {
        Threshold = entries.Number("threshold", Threshold, 0.0001f, 0.9999f),
        Candidates = entries.Whole("candidates", Candidates, 1, MostCandidates),
        Boxes = entries.Whole("boxes", Boxes, 1, MostCandidates),
        EachClass = entries.Flag("each-class", EachClass),
        Suppression = new Suppression
        {
            Kind = (SuppressionKind)Array.IndexOf(Kinds, entries.Word("suppression", Kinds[(int)Suppression.Kind], Kinds)),
            Overlap = entries.Number("overlap", Suppression.Overlap, 0, 1),
            Sigma = entries.Number("sigma", Suppression.Sigma, 0.001f, 1000),
            IsByClass = entries.Flag("by-class", Suppression.IsByClass),
        },
    };

    /// <inheritdoc/>
    internal override void Write(HeadEntries entries)
    {
        entries.Set("threshold", Threshold);
        entries.Set("candidates", Candidates);
        entries.Set("boxes", Boxes);
        entries.Set("each-class", EachClass);
        entries.Set("suppression", Kinds[(int)Suppression.Kind]);
        entries.Set("overlap", Suppression.Overlap);
        entries.Set("sigma", Suppression.Sigma);
        entries.Set("by-class", Suppression.IsByClass);
    }

    /// <summary>What a family says where outputs are not its own.</summary>
    private protected ArgumentException Unfit(string expected, IReadOnlyList<HeadOutput> outputs) =>
        new($"The head '{Family}' reads {expected}; the network gives {HeadOutput.Describe(outputs)}.", nameof(outputs));

    /// <summary>Cells along a side: as many as it takes to cover it.</summary>
    private protected static int Cells(int side, int stride) => (side + stride - 1) / stride;
}
