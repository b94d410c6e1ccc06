using RealtimeCnn.Heads;
using RealtimeCnn.Training.Data;

namespace RealtimeCnn.Training;

/// <summary>How a detector does on one class.</summary>
/// <param name="Name">The class.</param>
/// <param name="Count">Things of it that there are.</param>
/// <param name="AveragePrecision">Area under precision over recall, from 0 to 1; null where there are none.</param>
/// <param name="Found">Share of them that boxes at the model's own threshold found; null where there are none.</param>
public readonly record struct ClassDetections(string Name, int Count, double? AveragePrecision, double? Found);

/// <summary>
/// What a detector finds in pictures whose boxes are known. Best score first, a box is right where it overlaps one of its class in its
/// picture by at least <see cref="Overlap"/> that no better box took: the one it overlaps most.
/// </summary>
/// <remarks>Source: Everingham et al. 2010, "The PASCAL Visual Object Classes Challenge", section 4.2; the area under the whole curve as from 2010 on.</remarks>
public sealed class DetectionEvaluation
{
    /// <summary>Intersection over union from which on a box is right.</summary>
    public const float Overlap = 0.5f;

    /// <summary>Boxes of lower scores no longer change the area.</summary>
    private const float LeastScore = 0.01f;

    private DetectionEvaluation(IReadOnlyList<ClassDetections> perClass, int count, int empty, int falseBoxes, int falseOnEmpty)
    {
        (PerClass, Count, CountWithoutBoxes) = (perClass, count, empty);
        MeanAveragePrecision = perClass.Where(one => one.AveragePrecision != null).Select(one => one.AveragePrecision!.Value).DefaultIfEmpty(0).Average();
        FalseBoxesPerPicture = empty > 0 ? (double)falseOnEmpty / empty : null;
        FalseBoxesPerPictureInAll = (double)falseBoxes / count;
    }

    /// <summary>Mean of the average precisions of the classes that there are, from 0 to 1.</summary>
    public double MeanAveragePrecision { get; }

    /// <summary>Boxes at the model's own threshold on a picture that shows nothing; null where there is none.</summary>
    public double? FalseBoxesPerPicture { get; }

    /// <summary>Boxes at the model's own threshold that are not right, on any picture.</summary>
    public double FalseBoxesPerPictureInAll { get; }

    /// <summary>Pictures that were looked at.</summary>
    public int Count { get; }

    /// <summary>Pictures among them that show nothing.</summary>
    public int CountWithoutBoxes { get; }

    /// <summary>Each class by itself.</summary>
    public IReadOnlyList<ClassDetections> PerClass { get; }

    /// <summary>Runs a detector over pictures, one by one.</summary>
    /// <param name="network">The detector, of one input.</param>
    /// <param name="data">Pictures, with targets as <see cref="BoxTarget"/> has them.</param>
    /// <param name="head">What its outputs mean.</param>
    /// <param name="statistics">How pixels become inputs; null to leave them as they are.</param>
    /// <param name="cancellation">Ends it between two runs.</param>
    /// <exception cref="DataSetException">Targets are no boxes.</exception>
    /// <exception cref="ArgumentException">The network's outputs are not those of the head.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static DetectionEvaluation Of(INetwork network, IDataSet data, DetectionHead head, InputStatistics? statistics = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(head);
        Verify(data);
        var shapes = network.Source.InferShapes(new Shape([1, .. data.SampleShape.ToArray()]));
        var reader = new DetectionReader(head, [.. network.Source.Outputs.Select(output => new HeadOutput(output.Name, shapes[output]))], new Size2d(data.SampleShape[1], data.SampleShape[2]));
        return Of(network, data, head.Threshold, statistics, (outputs, threshold) => { reader.Read(outputs, 0, threshold); return reader.Found; }, cancellation);
    }

    /// <summary>The same with any way to read boxes from outputs, down to a score.</summary>
    internal static DetectionEvaluation Of(
        INetwork network, IDataSet data, float threshold, InputStatistics? statistics, Func<IReadOnlyList<Tensor>, float, Detections> read, CancellationToken cancellation = default)
    {
        var scored = data.Classes.Select(_ => new List<(float Score, bool IsRight)>()).ToArray();
        int[] counts = new int[data.Classes.Count], found = new int[data.Classes.Count];
        int empty = 0, falseBoxes = 0, falseOnEmpty = 0;
        var truth = new List<Detection>();
        using var loader = new BatchLoader(data, new BatchOptions { Size = 1, IsShuffled = false, Statistics = statistics });
        foreach (var batch in loader.Epoch(0))
        {
            BoxTarget.Read(batch.Targets.Span, truth);
            var boxes = read(network.Run([batch.Samples], cancellation), Math.Min(LeastScore, threshold));
            empty += truth.Count == 0 ? 1 : 0;
            foreach (var thing in truth)
                counts[thing.Class]++;
            bool[] isTaken = new bool[truth.Count];
            bool isEmpty = truth.Count == 0;
            foreach (var box in boxes.OrderByDescending(box => box.Score))
            {
                bool isRight = Take(box, truth, isTaken);
                scored[box.Class].Add((box.Score, isRight));
                if (box.Score < threshold)
                    continue;
                found[box.Class] += isRight ? 1 : 0;
                falseBoxes += isRight ? 0 : 1;
                falseOnEmpty += isEmpty ? 1 : 0;
            }
        }

        return new DetectionEvaluation(
            [.. data.Classes.Select((name, k) => new ClassDetections(name, counts[k], counts[k] == 0 ? null : AveragePrecision(scored[k], counts[k]), counts[k] == 0 ? null : (double)found[k] / counts[k]))],
            data.Count, empty, falseBoxes, falseOnEmpty);
    }

    /// <summary>Area under the precision that is reached at each recall or a larger one.</summary>
    internal static double AveragePrecision(IEnumerable<(float Score, bool IsRight)> scored, int count)
    {
        bool[] isRight = [.. scored.OrderByDescending(box => box.Score).Select(box => box.IsRight)];
        double[] precisions = new double[isRight.Length];
        int right = 0;
        for (int i = 0; i < isRight.Length; i++)
            precisions[i] = (double)(right += isRight[i] ? 1 : 0) / (i + 1);
        double area = 0, best = 0;
        for (int i = isRight.Length - 1; i >= 0; i--)
        {
            best = Math.Max(best, precisions[i]);
            area += isRight[i] ? best / count : 0;
        }

        return area;
    }

    private static void Verify(IDataSet data)
    {
        if (!BoxTarget.IsOf(data))
            throw new DataSetException($"A detector is evaluated on pictures with boxes; samples are {data.SampleShape}, targets {data.TargetShape}.");
    }

    private static bool Take(Detection box, List<Detection> truth, bool[] isTaken)
    {
        int most = -1;
        for (int i = 0; i < truth.Count; i++)
        {
            if (truth[i].Class == box.Class && truth[i].Overlap(box) >= Overlap && (most < 0 || truth[i].Overlap(box) > truth[most].Overlap(box)))
                most = i;
        }

        if (most < 0 || isTaken[most])
            return false;
        return isTaken[most] = true;
    }
}
