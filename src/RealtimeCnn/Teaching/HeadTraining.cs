using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.Training;
using RealtimeCnn.Training.Optimizers;

namespace RealtimeCnn.Teaching;

/// <summary>
/// Finds the best head for some examples. It starts from nearest means in the metric of the classes' own variation
/// (<see cref="ShrunkenDiscriminant"/>), as sure as it was right about left-out examples, and goes on by gradient
/// descent on the cross-entropy as long as left-out examples become more likely. There is no chance in it: the same examples give the same
/// bits.
/// </summary>
internal sealed class HeadTraining
{
    /// <summary>Most steps of a training; each sees all examples.</summary>
    public const int MostSteps = 60;

    /// <summary>Parts of each class that are left out in turn.</summary>
    internal const int Folds = 5;

    private const int Patience = 15;
    private const float Rate = 0.0005f, Decay = 0.01f, Smoothing = 0.05f;
    private readonly long _version;
    private readonly Shot[] _shots;
    private readonly int[] _folds;
    private readonly int _places, _nothing;
    private readonly Action<TeachingProgress> _progress;
    private readonly CancellationToken _cancellation;

    /// <param name="version">Of the examples.</param>
    /// <param name="shots">The examples; at least one.</param>
    /// <param name="places">Places for classes.</param>
    /// <param name="nothing">The place whose examples show none of the others; −1 for none.</param>
    /// <param name="progress">Told of every step.</param>
    /// <param name="cancellation">Ends it between two steps.</param>
    public HeadTraining(long version, IReadOnlyList<Shot> shots, int places, int nothing, Action<TeachingProgress> progress, CancellationToken cancellation)
    {
        (_version, _shots, _places, _nothing, _progress, _cancellation) = (version, [.. shots], places, nothing, progress, cancellation);
        _folds = FoldsOf(_shots);
    }

    /// <summary>
    /// Which fifth of its class an example is in, −1 where it is the only one: stretches in the order of time, because shots beside each
    /// other look so much alike that leaving out single ones would flatter.
    /// </summary>
    internal static int[] FoldsOf(IReadOnlyList<Shot> shots)
    {
        int[] folds = new int[shots.Count];
        foreach (var group in shots.Select((shot, index) => (shot.Class, Index: index)).GroupBy(one => one.Class))
        {
            int[] indices = [.. group.Select(one => one.Index)];
            for (int i = 0; i < indices.Length; i++)
                folds[indices[i]] = indices.Length == 1 ? -1 : i * Math.Min(Folds, indices.Length) / indices.Length;
        }

        return folds;
    }

    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public TeachingReport Run()
    {
        int[,] confusion = new int[_places, _places];
        List<(int Label, float[] Logits)> leftOut = [];
        int asked = 0, rightByMeans = 0, rightByHead = 0;
        var whole = ShrunkenDiscriminant.Fit(_shots);
        for (int fold = 0; fold < Folds && whole != null; fold++)
        {
            _cancellation.ThrowIfCancellationRequested();
            Shot[] learned = [.. _shots.Where((_, i) => _folds[i] != fold)], asks = [.. _shots.Where((_, i) => _folds[i] == fold)];
            // Without this fold a class may have too little for a head of its own kind.
            if (asks.Length == 0 || ShrunkenDiscriminant.Fit(learned) is not { } head)
                continue;
            var means = NearestMeans.Of(learned).Head;
            foreach (var shot in asks)
            {
                asked++;
                rightByMeans += Called(means, shot, out _) == shot.Class ? 1 : 0;
                int called = Called(head, shot, out float[] logits);
                rightByHead += called == shot.Class ? 1 : 0;
                confusion[shot.Class, called]++;
                leftOut.Add((Array.IndexOf(head.ClassNumbers, shot.Class), logits));
            }
        }

        double byMeans = asked > 0 ? (double)rightByMeans / asked : double.NaN, byHead = asked > 0 ? (double)rightByHead / asked : double.NaN;
        var report = new TeachingReport
        {
            Version = _version, Head = null, Familiarity = Familiarity.Of(_shots, _nothing, _cancellation), Confusion = confusion, NearestMeansAccuracy = byMeans, HeadAccuracy = byHead, Steps = [], StepsTaken = 0,
        };
        if (whole == null || byMeans > byHead)
            return report;
        float temperature = TemperatureOf(leftOut, (rightByHead + 1.0) / (asked + 2));
        var (steps, best) = FindSteps(temperature);
        var trained = best == 0 ? Cooled(whole, temperature) : Train(_shots, [], Cooled(whole, temperature), best, _ => true);
        return report with { Head = trained, Steps = steps, StepsTaken = best };
    }

    /// <summary>How many steps are best, by a training that leaves the last fold out.</summary>
    private (List<TeachingStep> Steps, int Best) FindSteps(float temperature)
    {
        List<TeachingStep> steps = [];
        Shot[] learned = [.. _shots.Where((_, i) => _folds[i] != Folds - 1)], leftOut = [.. _shots.Where((_, i) => _folds[i] == Folds - 1)];
        if (leftOut.Length == 0 || ShrunkenDiscriminant.Fit(learned) is not { } start)
            return (steps, 0);
        int best = 0;
        Train(learned, leftOut, Cooled(start, temperature), MostSteps, step =>
        {
            steps.Add(step);
            // Surer, but never at the price of what is right.
            if (step.LeftOutLoss < steps[best].LeftOutLoss && step.LeftOutAccuracy >= steps[best].LeftOutAccuracy)
                best = step.Step;
            _progress(new TeachingProgress(_version, [.. steps], MostSteps));
            return step.Step - best < Patience;
        });
        return (steps, best);
    }

    /// <summary>Gradient descent, each step on all examples.</summary>
    /// <param name="shots">To learn from.</param>
    /// <param name="leftOut">To be judged by; none where nobody asks.</param>
    /// <param name="start">Where it starts.</param>
    /// <param name="most">Most steps.</param>
    /// <param name="told">Of each step; says whether to go on.</param>
    private LinearHead Train(Shot[] shots, Shot[] leftOut, LinearHead start, int most, Func<TeachingStep, bool> told)
    {
        int features = start.Features, rows = start.Bias.Length;
        var scale = FeatureScale.Of(shots);
        using var graph = GraphOf(features, rows);
        var (weight, bias) = (graph.Parameters[0], graph.Parameters[1]);
        var (weights, biases) = scale.ToScaled(start);
        weight.Write(weights);
        bias.Write(biases);
        using Tensor samples = new(new Shape(shots.Length, features)), labels = new(new Shape(shots.Length));
        for (int n = 0; n < shots.Length; n++)
        {
            scale.Apply(shots[n].Values, samples.Span.Slice(n * features, features));
            labels.Span[n] = Array.IndexOf(start.ClassNumbers, shots[n].Class);
        }

        // A class with many examples is no likelier to be shown.
        float[] counts = [.. start.ClassNumbers.Select(label => (float)shots.Count(shot => shot.Class == label))];
        var loss = new SoftmaxCrossEntropy { LabelSmoothing = Smoothing, ClassWeights = [.. counts.Select(count => shots.Length / (rows * count))] };
        // One thread, so that pictures have the others.
        using var network = new TrainingNetwork(graph, loss, new TrainingOptions { Threads = 1 });
        var optimizer = new Optimizer(network.Parameters, new AdamW { Rate = Rate, WeightDecay = Decay });
        for (int step = 0; step <= most; step++)
        {
            float learned = network.Backpropagate(samples, labels, _cancellation);
            var head = scale.FromScaled(start.ClassNumbers, weight.Values, bias.Values);
            if (!told(Judge(step, learned, head, leftOut)) || step == most)
                return head;
            optimizer.Step();
        }

        throw new InvalidOperationException("A training has at least its start.");
    }

    private static TeachingStep Judge(int step, float loss, LinearHead head, Shot[] leftOut)
    {
        double sum = 0;
        int right = 0;
        foreach (var shot in leftOut)
        {
            right += Called(head, shot, out float[] logits) == shot.Class ? 1 : 0;
            LinearHead.Softmax(logits);
            sum -= Math.Log(Math.Max(logits[Array.IndexOf(head.ClassNumbers, shot.Class)], 1e-12));
        }

        return leftOut.Length == 0 ? new TeachingStep(step, loss, float.NaN, float.NaN) : new TeachingStep(step, loss, (float)(sum / leftOut.Length), (float)right / leftOut.Length);
    }

    private static int Called(LinearHead head, Shot shot, out float[] logits)
    {
        logits = new float[head.Bias.Length];
        head.Score(shot.Values, logits);
        return head.ClassNumbers[LinearHead.Best(logits)];
    }

    /// <summary>
    /// The temperature at which the mean probability of the answers is a given one: how often they were right, counting one more that is
    /// and one that is not (Laplace's rule of succession). The likeliest temperature would be 0 where all were right, which few examples are.
    /// </summary>
    private static float TemperatureOf(List<(int Label, float[] Logits)> leftOut, double wanted)
    {
        double low = Math.Log(1e-3), high = Math.Log(1e6);
        for (int i = 0; i < 40 && leftOut.Count > 0; i++)
        {
            double middle = (low + high) / 2;
            double sure = leftOut.Average(one => 1 / one.Logits.Sum(logit => Math.Exp((logit - (double)one.Logits.Max()) / Math.Exp(middle))));
            (low, high) = sure > wanted ? (middle, high) : (low, middle);
        }

        return leftOut.Count > 0 ? (float)Math.Exp((low + high) / 2) : 1;
    }

    private static LinearHead Cooled(LinearHead head, float temperature) =>
        new(head.ClassNumbers, head.Weight.Map(weight => weight / temperature), head.Bias.Map(bias => bias / temperature));

    private static Graph GraphOf(int features, int rows)
    {
        var builder = new GraphBuilder();
        return builder.Build(builder.Add(new Linear(features, rows), builder.Input("embedding", new Shape(1, features)), name: "taught"));
    }
}
