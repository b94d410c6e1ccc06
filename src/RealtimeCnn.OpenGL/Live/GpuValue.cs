using RealtimeCnn.Drawing;
using RealtimeCnn.Live;
using RealtimeCnn.OpenGL.Drawing;

namespace RealtimeCnn.OpenGL.Live;

/// <summary>A value in GPU memory.</summary>
/// <param name="name">Of the output.</param>
/// <param name="tensor">Where it lies.</param>
internal sealed class GpuValue(string name, GpuTensor tensor) : LiveValue(name, tensor.Shape)
{
    public override void Draw(Canvas canvas, Area where) => OnGpu(canvas).Picture(tensor, where);

    public override void DrawMaps(Canvas canvas, Area where, int columns, int rows, float gap = 2, int firstChannel = 0) =>
        OnGpu(canvas).FeatureMaps(tensor, where, columns, rows, gap, firstChannel);

    private GpuCanvas OnGpu(Canvas canvas) => canvas as GpuCanvas
        ?? throw new ArgumentException($"'{Name}' lies in GPU memory; draw it on a {nameof(GpuCanvas)}.", nameof(canvas));
}
