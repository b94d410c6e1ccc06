using RealtimeCnn.Graphs;
using RealtimeCnn.Images;
using RealtimeCnn.Textbook.Drawing;

namespace RealtimeCnn.Textbook;

/// <summary>
/// A claim that introductions to convolutional networks make, as an experiment: it computes on a path, measures itself
/// against stated bounds, and draws what it saw.
/// </summary>
/// <param name="name">Short name in kebab case.</param>
/// <param name="title">Heading of its picture.</param>
/// <param name="statement">The claim, in one sentence or two.</param>
/// <param name="formula">The claim as a formula.</param>
public abstract class Claim(string name, string title, string statement, string formula)
{
    /// <summary>Short name in kebab case, as in <c>rtcnn explain NAME</c>.</summary>
    public string Name { get; } = name;

    /// <summary>Heading of its picture.</summary>
    public string Title { get; } = title;

    /// <summary>The claim, in one sentence or two.</summary>
    public string Statement { get; } = statement;

    /// <summary>The claim as a formula.</summary>
    public string Formula { get; } = formula;

    /// <summary>Runs the experiment.</summary>
    /// <param name="bind">Makes the networks: the path to compute on.</param>
    /// <param name="photograph"><c>[1, 3, H, W]</c> in [0, 1], each side from <see cref="TextbookClaims.SmallestSide"/> to <see cref="TextbookClaims.LargestSide"/> pixels.</param>
    /// <param name="seed">What is left to chance follows from it; a claim holds for every seed.</param>
    /// <exception cref="ShapeException">The photograph has another shape.</exception>
    public Explanation Explain(Func<Graph, RunMode, INetwork> bind, Tensor photograph, int seed = 0)
    {
        ArgumentNullException.ThrowIfNull(bind);
        ArgumentNullException.ThrowIfNull(photograph);
        var shape = photograph.Shape;
        if (shape.Rank != 4 || shape.Batch != 1 || shape.Channels != 3 || !IsSide(shape.Height) || !IsSide(shape.Width))
        {
            throw new ShapeException(
                $"A claim needs a photograph [1, 3, H, W] with sides from {TextbookClaims.SmallestSide} to {TextbookClaims.LargestSide} pixels; this one is {shape}: resize it.");
        }

        using var experiment = new Experiment(bind, photograph, seed, new Page($"{TextbookClaims.All.ToList().IndexOf(this) + 1} · {Title}", Statement, Formula));
        Run(experiment);
        var canvas = experiment.Page.Draw(experiment.Findings, $"rtcnn explain {Name} · {string.Join(", ", experiment.Backends)}");
        return new Explanation(experiment.Findings, canvas.Pixels.ToArray(), canvas.Format);
    }

    /// <summary>Measures and draws.</summary>
    internal abstract void Run(Experiment experiment);

    private static bool IsSide(int extent) => extent is >= TextbookClaims.SmallestSide and <= TextbookClaims.LargestSide;
}

/// <summary>What came of a claim.</summary>
/// <param name="Findings">The numbers it was measured by.</param>
/// <param name="Pixels">Its picture: tightly packed rows.</param>
/// <param name="Format">Size and layout of the picture.</param>
public sealed record Explanation(IReadOnlyList<Finding> Findings, byte[] Pixels, FrameFormat Format)
{
    /// <summary>Whether every finding holds.</summary>
    public bool Holds => Findings.All(finding => finding.Holds);
}
