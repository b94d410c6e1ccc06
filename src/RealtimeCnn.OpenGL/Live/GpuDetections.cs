using RealtimeCnn.Drawing;
using RealtimeCnn.Images;
using RealtimeCnn.Live;
using RealtimeCnn.OpenGL.Drawing;

namespace RealtimeCnn.OpenGL.Live;

/// <summary>What shaders found in the picture that was begun last, drawn from where it lies: nothing of it comes back.</summary>
internal sealed class GpuDetections(GlDevice device, GpuBuffer found, int landmarks, int classes, int most) : LiveDetections
{
    private GpuBoxes? _boxes;

    public override void Draw(Canvas canvas, Area picture, PictureMapping mapping, BoxPainter painter)
    {
        ArgumentNullException.ThrowIfNull(painter);
        var target = canvas as GpuCanvas ?? throw new ArgumentException($"What was found lies in GPU memory; draw it on a {nameof(GpuCanvas)}.", nameof(canvas));
        _boxes ??= new GpuBoxes(device, found, landmarks, classes, most);
        target.Boxes(_boxes, picture, mapping, painter);
    }

    internal override void Free() => _boxes?.Dispose();
}
