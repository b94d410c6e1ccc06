using RealtimeCnn.Drawing;

namespace RealtimeCnn.Textbook.Drawing;

/// <summary>A part of a page with a caption beneath.</summary>
/// <param name="Caption">What it shows; wrapped to the panel's width.</param>
internal abstract record Panel(string Caption)
{
    /// <summary>Width in pixels, without margins.</summary>
    public abstract int Width { get; }

    /// <summary>Height in pixels, without the caption.</summary>
    public abstract int Height { get; }

    /// <summary>Draws it with its top left corner at (x, y).</summary>
    public abstract void Draw(CpuCanvas canvas, int x, int y);
}

/// <summary>A panel that is drawn by hand.</summary>
internal sealed record Sketch(string Caption, int SketchWidth, int SketchHeight, Action<CpuCanvas, int, int> Drawing) : Panel(Caption)
{
    public override int Width => SketchWidth;

    public override int Height => SketchHeight;

    public override void Draw(CpuCanvas canvas, int x, int y) => Drawing(canvas, x, y);
}
