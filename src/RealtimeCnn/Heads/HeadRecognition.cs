using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Heads;

/// <summary>
/// Tells published networks by the names and shapes of their outputs, for files that do not say what these mean. What it finds is a
/// guess, which is said to the user; a file that says its head is never guessed at.
/// </summary>
public static class HeadRecognition
{
    private const int VocChannels = 125, CocoChannels = 85, CocoClasses = 80, NodesSearched = 24, HandNumbers = 63, FaceNumbers = 1404;

    /// <summary>What the outputs mean; null where nobody's are like that.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="outputs">Its outputs, in the order of the graph's, with the names of the file.</param>
    /// <param name="input">Size of its input.</param>
    /// <exception cref="ArgumentException">There are more or fewer outputs than the graph has.</exception>
    public static ModelHead? Of(Graph graph, IReadOnlyList<HeadOutput> outputs, Size2d input)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(outputs);
        if (outputs.Count != graph.Outputs.Count)
            throw new ArgumentException($"The graph has {graph.Outputs.Count} outputs; {outputs.Count} were described.", nameof(outputs));
        ModelHead? head = outputs switch
        {
            { Count: 12 } => new YuNetHead(),
            { Count: > 1 } when Landmarks(outputs) is { } landmarks => landmarks,
            [{ Shape.Rank: 3 }, { Shape.Rank: 3 }] => Blaze(outputs) ?? (ModelHead?)Ssd(graph, outputs),
            [{ Shape: { Rank: 3 } rows }] => Decoded(Rows(rows, input), HasExp(graph.Outputs[0])),
            [{ Shape: { Rank: 4 } maps }, ..] when maps.Area > 1 => outputs.Count == 1 ? Maps(maps, input) : null,
            [{ Shape: { Rank: > 1 } scores }, ..] when scores.Count == scores.Channels * scores.Batch && scores.Channels > 1 => new ClassificationHead(),
            _ => null,
        };
        return head is DetectionHead detector && !Fits(detector, outputs, input) ? null : head;
    }

    private static bool Fits(DetectionHead head, IReadOnlyList<HeadOutput> outputs, Size2d input)
    {
        try
        {
            head.Lay(outputs, input);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static BlazeHead? Blaze(IReadOnlyList<HeadOutput> outputs)
    {
        var boxes = outputs[0].Shape[2] == 1 ? outputs[1].Shape : outputs[0].Shape;
        return (boxes[1], boxes[2]) switch
        {
            (896, 16) => new BlazeHead(),
            (2304, 16) => new BlazeHead { Strides = [4], PerCell = [1] },
            (2016, 18) => new BlazeHead { Thing = BlazeHead.Palm },
            _ => null,
        };
    }

    /// <summary>MediaPipe's hands and faces: points, and one or two single numbers.</summary>
    private static LandmarkHead? Landmarks(IReadOnlyList<HeadOutput> outputs)
    {
        int[] counts = [.. outputs.Select(output => output.Shape.Count)];
        int scores = counts.Count(count => count == 1);
        return counts.Any(count => count != 1 && count != counts.Max()) || scores == 0 ? null
            : (counts.Max(), counts.Length - scores, scores) switch
            {
                (HandNumbers, 1 or 2, 1 or 2) => new LandmarkHead { Points = HandNumbers / 3, Dimensions = 3 },
                (FaceNumbers, 1, 1) => new LandmarkHead { Points = FaceNumbers / 3, Dimensions = 3, Presence = PresenceScore.Logit },
                _ => null,
            };
    }

    private static SsdHead Ssd(Graph graph, IReadOnlyList<HeadOutput> outputs) => new()
    {
        // Whoever decodes boxes takes exponentials of their sides.
        AreCorners = HasExp(graph.Outputs[outputs[0].Shape[2] == 4 ? 0 : 1]),
    };

    // Of boxes that the network decodes, only YOLOX's are known.
    private static DetectionHead? Decoded(DetectionHead? head, bool isDecoded) => !isDecoded ? head : head is YoloxHead yolox ? yolox with { IsDecoded = true } : null;

    private static DetectionHead? Rows(Shape shape, Size2d input)
    {
        var plus = new NanoDetHead();
        var before = plus with { Strides = [8, 16, 32], Offset = 0.5f };
        var yolox = new YoloxHead();
        int places = shape[1], channels = shape[2];
        return places == new StridedCells(plus.Strides, input).Places && channels > 4 * plus.Bins ? plus
            : places != new StridedCells(yolox.Strides, input).Places || channels < 6 ? null
            : channels == CocoClasses + (4 * before.Bins) ? before
            : yolox;
    }

    private static DetectionHead? Maps(Shape shape, Size2d input) => (shape.Channels, input.Height / Math.Max(shape.Height, 1)) switch
    {
        (VocChannels, 32) => new TinyYoloV2Head(),
        (CocoChannels, 16) => new FastestDetHead(),
        _ => null,
    };

    /// <summary>Whether exponentials are taken between a node and the convolutions before it.</summary>
    private static bool HasExp(Node output)
    {
        var left = new Queue<Node>([output]);
        for (int i = 0; i < NodesSearched && left.TryDequeue(out var node); i++)
        {
            if (node.Layer is Exp)
                return true;
            if (node.Layer is Conv2d or Linear or Input)
                continue;
            foreach (var input in node.Inputs)
                left.Enqueue(input);
        }

        return false;
    }
}
