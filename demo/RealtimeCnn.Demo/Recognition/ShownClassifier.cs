using RealtimeCnn.Heads;
using RealtimeCnn.Live;

namespace RealtimeCnn.Demo.Recognition;

/// <summary>A classifier: what the picture shows as a whole.</summary>
/// <param name="file">Its file.</param>
internal sealed class ShownClassifier(ModelFile file) : ShownModel(file)
{
    /// <summary>Most classes that are kept and shown.</summary>
    public const int MostAnswers = 12;

    private readonly Classification _head = file.Card.NewClassification(MostAnswers);

    /// <summary>The most likely classes, best first; all of them where there are no more than <see cref="MostAnswers"/>.</summary>
    public IReadOnlyList<ClassScore> Answers => _head.Top;

    public override bool IsSure => HasAnswer && !_head.IsRejected && _head.Top1.Probability > SignThreshold.Least;

    public override Func<IReadOnlyList<Tensor>, float> NewScore(int label)
    {
        var head = Card.NewClassification();
        return outputs => head.ProbabilityOf(outputs[0].Span, label);
    }

    private protected override void Read(LiveResult result) => _head.Read(result.Outputs[0].Span);
}
