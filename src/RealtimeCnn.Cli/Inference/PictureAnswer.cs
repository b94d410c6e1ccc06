using System.Globalization;
using System.Numerics;
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

    /// <summary>The picture's name and size, and a line for each answer.</summary>
    public void Print(TextWriter output)
    {
        output.WriteLine($"{Picture} {Width}x{Height}{(Rejected ? ": none of the classes" : Classes.Count + Detections.Count == 0 ? ": nothing found" : string.Empty)}");
        int letters = Classes.Select(one => one.Label).Concat(Detections.Select(one => one.Label)).Select(label => label.Length).DefaultIfEmpty().Max();
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

/// <summary>One thing, its box and its landmarks, each [x, y], in pixels of the picture.</summary>
internal sealed record FoundThing(string Label, float Score, float X, float Y, float Width, float Height, IReadOnlyList<float[]> Landmarks)
{
    /// <summary>One of the things found, in pixels of the picture, its box cut at the edges.</summary>
    public static FoundThing Of(Detections found, int index, IReadOnlyList<string> labels, Size2d picture)
    {
        var box = found[index];
        Vector2 first = Vector2.Max(new Vector2(box.Left, box.Top), Vector2.Zero), second = Vector2.Min(new Vector2(box.Right, box.Bottom), new Vector2(picture.Width, picture.Height));
        var size = Vector2.Max(second - first, Vector2.Zero);
        return new FoundThing(labels[box.Class], box.Score, first.X, first.Y, size.X, size.Y, [.. found.LandmarksOf(index).ToArray().Select(point => new[] { point.X, point.Y })]);
    }
}
