using RealtimeCnn.Heads;

namespace RealtimeCnn.Training.Data;

/// <summary>
/// The form in which a data set says what a picture shows: <c>[most, 5]</c>, a row for each thing: its class, and its box's left, top,
/// right and bottom edges in pixels of the sample; class −1 in the rows that are left.
/// </summary>
public static class BoxTarget
{
    private const int Columns = 5;

    /// <summary>The shape of such a target.</summary>
    /// <param name="most">Most things that a picture shows, at least 1.</param>
    public static Shape Shape(int most) => new(Math.Max(1, most), Columns);

    /// <summary>Whether a set's targets have this form.</summary>
    /// <param name="data">The set.</param>
    public static bool IsOf(IDataSet data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return data.TargetShape.Rank == 2 && data.TargetShape[1] == Columns && data.SampleShape.Rank == 3;
    }

    /// <summary>Writes rows, and −1 behind them.</summary>
    /// <param name="boxes">What the picture shows; scores are left out.</param>
    /// <param name="target">Gets all rows.</param>
    public static void Write(IReadOnlyList<Detection> boxes, Span<float> target)
    {
        ArgumentNullException.ThrowIfNull(boxes);
        target.Fill(-1);
        for (int i = 0; i < boxes.Count; i++)
        {
            var box = boxes[i];
            float[] row = [box.Class, box.Left, box.Top, box.Right, box.Bottom];
            row.CopyTo(target[(i * Columns)..]);
        }
    }

    /// <summary>Reads rows, each with score 1.</summary>
    /// <param name="target">All rows.</param>
    /// <param name="boxes">Gets what the picture shows; what it held is removed.</param>
    public static void Read(ReadOnlySpan<float> target, List<Detection> boxes)
    {
        ArgumentNullException.ThrowIfNull(boxes);
        boxes.Clear();
        for (int i = 0; i + Columns <= target.Length && target[i] >= 0; i += Columns)
            boxes.Add(new Detection(target[i + 1], target[i + 2], target[i + 3], target[i + 4], (int)target[i], 1));
    }
}
