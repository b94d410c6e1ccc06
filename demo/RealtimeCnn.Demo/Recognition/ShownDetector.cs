using RealtimeCnn.Heads;
using RealtimeCnn.Live;

namespace RealtimeCnn.Demo.Recognition;

/// <summary>A detector: what there is in the picture, and where. One place shows one thing.</summary>
/// <param name="file">Its file.</param>
/// <param name="head">How its outputs become boxes.</param>
internal sealed class ShownDetector(ModelFile file, DetectionHead head)
    : ShownModel(file, head with { Suppression = head.Suppression with { IsByClass = false } }, keepsOutputs: head is CentreHead)
{
    /// <summary>A name for each class.</summary>
    public IReadOnlyList<string> Names => Classes;

    /// <summary>What was found, best first, in pixels of the picture as a viewer sees it.</summary>
    public Detections Found { get; } = new();

    /// <summary>How sure it is at each place of its maps; null of a detector without such maps.</summary>
    public HeatMap? Heat { get; } = head is CentreHead && file.Card.Outputs is [_, { Shape: var shape }, ..] ? new HeatMap(shape.Channels, shape.Height, shape.Width) : null;

    /// <summary>For each class, what its part of the heat is called.</summary>
    public IReadOnlyList<string> HeatTitles { get; } = [.. file.Card.Labels.Select(label => $"heat of '{label}'")];

    public override bool IsSure => Found.Count > 0;

    // The surest of the class anywhere, down to what would not be shown.
    public override Func<IReadOnlyList<Tensor>, float> NewScore(int label)
    {
        const float Least = 0.01f;
        var reader = new DetectionReader(head, Card.Outputs, new Size2d(Input.Height, Input.Width));
        return outputs =>
        {
            reader.Read(outputs, 0, Least);
            float best = 0;
            foreach (var found in reader.Found)
                best = found.Class == label ? Math.Max(best, found.Score) : best;
            return best;
        };
    }

    private protected override void Read(LiveResult result)
    {
        Found.CopyFrom(result.Detections);
        Found.ToUpright(result.Mapping);
        if (Heat is not { } heat)
            return;
        heat.Read(result.Outputs[0].Span, result.Outputs[1].Span);
        var mapping = result.Mapping;
        float stepX = (float)Input.Width / heat.Size.Width, stepY = (float)Input.Height / heat.Size.Height;
        var origin = mapping.ToUpright(default);
        heat.Placement = ((float)origin.X, stepX * (float)mapping.ScaleX, (float)origin.Y, stepY * (float)mapping.ScaleY);
    }
}
