using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Heads;
using RealtimeCnn.Layers;
using RealtimeCnn.Training;
using RealtimeCnn.Training.Data;

namespace RealtimeCnn.Tests.Training;

/// <summary>Precision, recall and false boxes as they come out by hand.</summary>
public sealed class DetectionEvaluationTests
{
    private const int Side = 16;

    [Fact]
    public void The_area_is_that_under_the_best_precision_from_each_recall_on()
    {
        // Right, wrong, right of three things: precision 1 up to 1/3, 2/3 up to 2/3, 0 beyond.
        Assert.Equal((1 / 3.0) + (2 / 9.0), DetectionEvaluation.AveragePrecision([(0.5f, true), (0.9f, true), (0.7f, false)], 3), 1e-12);
        // A later, higher precision counts for what comes before it.
        Assert.Equal(2 / 3.0, DetectionEvaluation.AveragePrecision([(0.9f, false), (0.8f, true), (0.7f, true)], 2), 1e-12);
        Assert.Equal(0, DetectionEvaluation.AveragePrecision([], 2));
    }

    [Fact]
    public void Each_thing_is_found_once_and_a_false_box_is_counted_where_it_is()
    {
        // Picture 0 shows two things, of which one is found, twice, and the other called by the wrong class; picture 1 shows nothing and has a false box; picture 2 is right.
        Detection[][] truth = [[new(0, 0, 8, 8, 0, 1), new(8, 8, 16, 16, 1, 1)], [], [new(4, 4, 12, 12, 1, 1)]];
        Detection[][] said = [[new(0, 0, 8, 8, 0, 0.9f), new(0, 0, 8, 5, 0, 0.8f), new(8, 8, 16, 16, 0, 0.7f)], [new(0, 0, 9, 9, 1, 0.6f), new(0, 0, 9, 9, 0, 0.2f)], [new(4, 4, 12, 12, 1, 0.5f)]];
        var pictures = new PictureSet(new Shape(1, Side, Side), new byte[3 * Side * Side], [0, 0, 0], ["any"]);
        using var graph = Nothing();
        using var network = new CpuNetwork(graph);
        var found = DetectionEvaluation.Of(network, new BoxSet(pictures, truth, ["a", "b", "c"]), 0.5f, null, Saying(said));
        Assert.Equal((3, 1, 1.0, 3 / 3.0), (found.Count, found.CountWithoutBoxes, found.FalseBoxesPerPicture, found.FalseBoxesPerPictureInAll));
        Assert.Equal(new ClassDetections("a", 1, 1, 1), found.PerClass[0]);
        // Class b: wrong at 0.6, right at 0.5, of two things.
        Assert.Equal(new ClassDetections("b", 2, 0.25, 0.5), found.PerClass[1]);
        Assert.Equal(new ClassDetections("c", 0, null, null), found.PerClass[2]);
        Assert.Equal(0.625, found.MeanAveragePrecision, 1e-12);
        var full = DetectionEvaluation.Of(network, new BoxSet(pictures, [truth[0], truth[0], truth[0]], ["a", "b", "c"]), 0.35f, null, Saying(said));
        Assert.Null(full.FalseBoxesPerPicture);
    }

    [Fact]
    public void Data_without_boxes_are_refused()
    {
        using var graph = Nothing();
        using var network = new CpuNetwork(graph);
        var labels = new PictureSet(new Shape(1, Side, Side), new byte[Side * Side], [0], ["any"]);
        Assert.Contains("pictures with boxes", Assert.Throws<DataSetException>(() => DetectionEvaluation.Of(network, labels, new CentreHead())).Message, StringComparison.Ordinal);
        Assert.Contains("class 3", Assert.Throws<DataSetException>(() => new BoxSet(labels, [[new Detection(0, 0, 1, 1, 3, 1)]], ["a"])).Message, StringComparison.Ordinal);
        Assert.Contains("2 lists", Assert.Throws<DataSetException>(() => new BoxSet(labels, [[], []], ["a"])).Message, StringComparison.Ordinal);
    }

    private static Graph Nothing()
    {
        var builder = new GraphBuilder();
        return builder.Build(builder.Add(new Identity(), builder.Input("x", new Shape(1, 1, Side, Side))));
    }

    /// <summary>Says what it was told to, picture by picture.</summary>
    private static Func<IReadOnlyList<Tensor>, float, Detections> Saying(Detection[][] pictures)
    {
        var left = new Queue<Detection[]>(pictures);
        var found = new Detections();
        return (_, threshold) =>
        {
            found.Clear();
            foreach (var box in left.Dequeue().Where(box => box.Score >= threshold))
                found.Add(box);
            return found;
        };
    }
}
