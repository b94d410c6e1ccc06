using RealtimeCnn.Heads;
using RealtimeCnn.Live;

namespace RealtimeCnn.Demo.Recognition;

/// <summary>A detector: what there is in the picture, and where. One place shows one thing.</summary>
/// <param name="file">Its file.</param>
/// <param name="head">How its outputs become boxes.</param>
internal sealed class ShownDetector(ModelFile file, DetectionHead head) : ShownModel(file, head with { Suppression = head.Suppression with { IsByClass = false } })
{
    /// <summary>A name for each class.</summary>
    public IReadOnlyList<string> Names => Classes;

    /// <summary>What was found, best first, in pixels of the picture as a viewer sees it.</summary>
    public Detections Found { get; } = new();

    public override bool IsSure => Found.Count > 0;

    private protected override void Read(LiveResult result)
    {
        Found.CopyFrom(result.Detections);
        Found.ToUpright(result.Mapping);
    }
}
