using System.Globalization;
using System.Text.Json.Serialization;
using RealtimeCnn.Heads;
using RealtimeCnn.Images;

namespace RealtimeCnn.Cli.Inference;

/// <summary>What a model says of one picture.</summary>
/// <param name="Picture">The picture's file.</param>
/// <param name="Width">In pixels.</param>
/// <param name="Height">In pixels.</param>
/// <param name="Classes">What it shows as a whole, most likely first; empty where the model is a detector.</param>
/// <param name="Detections">What it shows where, best first; empty where the model is a classifier.</param>
internal sealed record PictureAnswer(string Picture, int Width, int Height, IReadOnlyList<LabelScore> Classes, IReadOnlyList<FoundThing> Detections)
{
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
        output.WriteLine($"{Picture} {Width}x{Height}{(Output is { } made ? $": a picture of {made.Width}x{made.Height}" : Areas == null && Classes.Count + Detections.Count == 0 ? ": nothing found" : string.Empty)}");
        int letters = Classes.Select(one => one.Label).Concat(Detections.Select(one => one.Label)).Select(label => label.Length).DefaultIfEmpty().Max();
        foreach (var (label, percent) in Areas ?? [])
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {label}  {percent:0.0} %"));
        foreach (var (label, score) in Classes)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {label.PadRight(letters)}  {score:0.000}"));
        foreach (var thing in Detections)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {thing.Label.PadRight(letters)}  {thing.Score:0.000}  {thing.Width:0}x{thing.Height:0} at {thing.X:0},{thing.Y:0}"));
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

/// <summary>One thing and its box, in pixels of the picture.</summary>
internal sealed record FoundThing(string Label, float Score, float X, float Y, float Width, float Height)
{
    /// <summary>Number of the thing in its video; null in a picture of its own, and for one that was not seen for long enough.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Track { get; init; }

    /// <summary>A box in pixels of a network's input, brought back to the picture and cut at its edges.</summary>
    public static FoundThing Of(Detection box, string label, PictureMapping mapping)
    {
        PicturePoint first = mapping.ToUpright(new PicturePoint(box.Left, box.Top)), second = mapping.ToUpright(new PicturePoint(box.Right, box.Bottom));
        double left = Math.Max(first.X, 0), top = Math.Max(first.Y, 0), right = Math.Min(second.X, mapping.Upright.Width), bottom = Math.Min(second.Y, mapping.Upright.Height);
        return new FoundThing(label, box.Score, (float)left, (float)top, (float)Math.Max(right - left, 0), (float)Math.Max(bottom - top, 0));
    }
}
