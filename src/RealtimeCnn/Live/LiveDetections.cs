using RealtimeCnn.Drawing;
using RealtimeCnn.Heads;
using RealtimeCnn.Images;

namespace RealtimeCnn.Live;

/// <summary>What a live detector finds, for drawing from where it is found: see <see cref="LiveOptions.DrawsFound"/>. It belongs to its pipeline.</summary>
public abstract class LiveDetections
{
    private protected LiveDetections()
    {
    }

    /// <summary>Draws what was found in the pipeline's picture (<see cref="LivePipeline.Picture"/>): landmarks, boxes and labels, as <see cref="BoxPainter"/> does.</summary>
    /// <param name="canvas">A canvas of the kind that the pipeline draws on: on the GPU, or in memory.</param>
    /// <param name="picture">Where the whole upright picture lies on it.</param>
    /// <param name="mapping">Where the places of the network's input lie in the picture: <see cref="LiveResult.Mapping"/>.</param>
    /// <param name="painter">Has the labels.</param>
    /// <exception cref="ArgumentException">The canvas is of the other kind.</exception>
    public abstract void Draw(Canvas canvas, Area picture, PictureMapping mapping, BoxPainter painter);

    /// <summary>Frees what drawing needed.</summary>
    internal virtual void Free()
    {
    }
}

/// <summary>Those of the newest result.</summary>
/// <param name="newest">Where they are.</param>
internal sealed class ListedDetections(Func<Detections> newest) : LiveDetections
{
    public override void Draw(Canvas canvas, Area picture, PictureMapping mapping, BoxPainter painter)
    {
        ArgumentNullException.ThrowIfNull(painter);
        painter.Draw(canvas, newest(), picture, mapping);
    }
}
