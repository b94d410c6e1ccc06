using System.Globalization;
using System.Numerics;
using System.Text.Json.Serialization;
using RealtimeCnn.Heads;

namespace RealtimeCnn.Cli.Inference;

/// <summary>What a model says of one picture.</summary>
/// <param name="Picture">The picture's file.</param>
/// <param name="Width">In pixels.</param>
/// <param name="Height">In pixels.</param>
/// <param name="Classes">What it shows as a whole, most likely first; empty where the model is a detector.</param>
/// <param name="Detections">What it shows where, best first; empty where the model is a classifier.</param>
internal sealed record PictureAnswer(string Picture, int Width, int Height, IReadOnlyList<LabelScore> Classes, IReadOnlyList<FoundThing> Detections)
{
    /// <summary>Whether a classifier says that the picture shows none of its classes.</summary>
    public bool Rejected { get; init; }

    /// <summary>Its number in its video, from 0; null for a picture of its own.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Frame { get; init; }

    /// <summary>When it is shown in its video; null for a picture of its own.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Seconds { get; init; }

    /// <summary>What a video has shown for a while, by the votes of its pictures; null where that is nothing clear, and for a picture of its own.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Label { get; init; }

    /// <summary>How much of the picture each class covers, most first; null where the model is no segmentation.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ClassArea>? Areas { get; init; }

    /// <summary>Size of the picture that the model made; null where it makes none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PictureSize? Output { get; init; }

    /// <summary>The picture's name and size, and a line for each answer.</summary>
    public void Print(TextWriter output)
    {
        string said = Output is { } made ? $": a picture of {made.Width}x{made.Height}" : Rejected ? ": none of the classes"
            : Areas == null && Classes.Count + Detections.Count == 0 ? ": nothing found" : string.Empty;
        output.WriteLine($"{Picture} {Width}x{Height}{said}");
        int letters = Classes.Select(one => one.Label).Concat(Detections.Select(one => one.Label)).Select(label => label.Length).DefaultIfEmpty().Max();
        foreach (var (label, percent) in Areas ?? [])
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {label}  {percent:0.0} %"));
        foreach (var (label, score) in Classes)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {label.PadRight(letters)}  {score:0.000}"));
        foreach (var thing in Detections)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {thing.Label.PadRight(letters)}  {thing.Score:0.000}  {thing.Width:0}x{thing.Height:0} at {thing.X:0},{thing.Y:0}{Points(thing)}"));

        static string Points(FoundThing thing) => thing.Landmarks.Count == 0 ? string.Empty
            : $"  landmarks {string.Join(' ', thing.Landmarks.Select(point => string.Create(CultureInfo.InvariantCulture, $"{point[0]:0},{point[1]:0}")))}";
    }
}

/// <summary>One class and its probability.</summary>
internal sealed record LabelScore(string Label, float Score);

/// <summary>One class and how much of the picture it covers, in percent.</summary>
internal sealed record ClassArea(string Label, double Percent)
{
    /// <summary>Number of the class.</summary>
    [JsonIgnore]
    public int Number { get; init; }
}

/// <summary>Size of a picture, in pixels.</summary>
internal sealed record PictureSize(int Width, int Height);

/// <summary>One thing, its box and its landmarks, each [x, y], in pixels of the picture.</summary>
internal sealed record FoundThing(string Label, float Score, float X, float Y, float Width, float Height, IReadOnlyList<float[]> Landmarks)
{
    /// <summary>Number of the thing in its video; null in a picture of its own, and for one that was not seen for long enough.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Track { get; init; }

    /// <summary>A thing in pixels of a picture, whose box is cut at the edges.</summary>
    public static FoundThing Of(Detection box, ReadOnlySpan<Vector2> landmarks, string label, Size2d picture)
    {
        Vector2 first = Vector2.Max(new Vector2(box.Left, box.Top), Vector2.Zero), second = Vector2.Min(new Vector2(box.Right, box.Bottom), new Vector2(picture.Width, picture.Height));
        var size = Vector2.Max(second - first, Vector2.Zero);
        return new FoundThing(label, box.Score, first.X, first.Y, size.X, size.Y, [.. landmarks.ToArray().Select(point => new[] { point.X, point.Y })]);
    }
}
