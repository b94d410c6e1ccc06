using RealtimeCnn.Drawing;

namespace RealtimeCnn.Live;

/// <summary>An output of a live network where it lies, for drawing: see <see cref="LiveOptions.Drawn"/>. It belongs to its pipeline.</summary>
public abstract class LiveValue
{
    private protected LiveValue(string name, Shape shape) => (Name, Shape) = (name, shape);

    /// <summary>Name of the output.</summary>
    public string Name { get; }

    /// <summary>Its shape, <c>[1, C, H, W]</c>.</summary>
    public Shape Shape { get; }

    /// <summary>Draws a value of one channel (gray) or three (red, green, blue), clamped to [0, 1], stretched to a rectangle.</summary>
    /// <param name="canvas">A canvas of the kind that the pipeline draws on: on the GPU, or in memory.</param>
    /// <param name="where">On the canvas, in its units.</param>
    /// <exception cref="ArgumentException">The canvas is of the other kind.</exception>
    public abstract void Draw(Canvas canvas, Area where);

    /// <summary>Draws channels as a grid of feature maps, each stretched from its least to its greatest value.</summary>
    /// <param name="canvas">A canvas of the kind that the pipeline draws on: on the GPU, or in memory.</param>
    /// <param name="where">The whole grid.</param>
    /// <param name="columns">Maps in a row.</param>
    /// <param name="rows">Maps in a column.</param>
    /// <param name="gap">Units between maps.</param>
    /// <param name="firstChannel">The first one shown.</param>
    /// <exception cref="ArgumentException">The canvas is of the other kind.</exception>
    public abstract void DrawMaps(Canvas canvas, Area where, int columns, int rows, float gap = 2, int firstChannel = 0);
}

/// <summary>A value in memory: that of the newest result.</summary>
/// <param name="name">Of the output.</param>
/// <param name="shape">Of the output.</param>
/// <param name="newest">Where the newest result has it.</param>
internal sealed class TensorValue(string name, Shape shape, Func<Tensor> newest) : LiveValue(name, shape)
{
    public override void Draw(Canvas canvas, Area where) => InMemory(canvas).Picture(newest(), where);

    public override void DrawMaps(Canvas canvas, Area where, int columns, int rows, float gap = 2, int firstChannel = 0) =>
        InMemory(canvas).FeatureMaps(newest(), where, columns, rows, gap, firstChannel);

    private CpuCanvas InMemory(Canvas canvas) => canvas as CpuCanvas
        ?? throw new ArgumentException($"'{Name}' lies in memory; draw it on a {nameof(CpuCanvas)}.", nameof(canvas));
}
