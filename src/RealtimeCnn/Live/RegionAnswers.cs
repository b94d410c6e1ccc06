using RealtimeCnn.Graphs;
using RealtimeCnn.Heads;
using RealtimeCnn.Regions;

namespace RealtimeCnn.Live;

/// <summary>Reads what a second network says about a region, as its head says.</summary>
internal sealed class RegionAnswers
{
    private readonly LandmarkReader? _landmarks;
    private readonly Classification? _classes;

    /// <param name="head">What the outputs mean.</param>
    /// <param name="graph">The network.</param>
    /// <param name="outputs">Its outputs.</param>
    /// <exception cref="ArgumentException">They are not those of the head, or no second network's.</exception>
    public RegionAnswers(ModelHead head, Graph graph, LiveOutputs outputs)
    {
        HeadOutput[] described = [.. outputs.All.Select(output => new HeadOutput(output.Name, output.Shape))];
        switch (head)
        {
            case LandmarkHead landmarks:
                _landmarks = new LandmarkReader(landmarks, described, outputs.Input);
                break;
            case ClassificationHead classes when described[0].Shape is { Rank: > 1 } scores && scores.Count == scores.Channels:
                _classes = new Classification(scores.Channels, top: 1, areLogits: Classification.NeedsSoftmax(graph), head: classes with { Reject = string.Empty });
                break;
            default:
                throw new ArgumentException($"A network that looks at regions gives landmarks ('{new LandmarkHead().Family}') or a score for each class ('{new ClassificationHead().Family}'); the head of this one is '{head.Family}', with {HeadOutput.Describe(described)}.", nameof(head));
        }
    }

    /// <summary>Landmarks of each thing.</summary>
    public int Landmarks => _landmarks?.Points.Length ?? 0;

    /// <summary>Reads the outputs for a region, and hands them to who follows it.</summary>
    public void Read(IReadOnlyList<Tensor> outputs, RegionFollower follower, int region)
    {
        if (_landmarks != null)
        {
            _landmarks.Read(outputs);
            follower.Answer(region, _landmarks);
            return;
        }

        _classes!.Read(outputs[0].Span);
        follower.Answer(region, _classes.Top1);
    }
}
