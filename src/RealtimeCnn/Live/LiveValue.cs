using RealtimeCnn.Drawing;
using RealtimeCnn.Heads;
using RealtimeCnn.Images;

namespace RealtimeCnn.Live;

/// <summary>An output of a live network where it lies, for drawing: see <see cref="LiveOptions.Drawn"/>. It belongs to its pipeline.</summary>
public abstract class LiveValue
{
    private protected LiveValue(string name, Shape shape) => (Name, Shape) = (name, shape);

    /// <summary>Name of the output.</summary>
    public string Name { get; }

    /// <summary>Its shape, <c>[1, C, H, W]</c>.</summary>
    public Shape Shape { get; }

    /// <summary>Draws a value of one channel (gray) or three (red, green, blue), clamped between black and white, stretched to a rectangle.</summary>
    /// <param name="canvas">A canvas of the kind that the pipeline draws on: on the GPU, or in memory.</param>
    /// <param name="where">On the canvas, in its units.</param>
    /// <param name="head">Which numbers are black and white; null for 0 and 1.</param>
    /// <exception cref="ArgumentException">The canvas is of the other kind.</exception>
    public abstract void Draw(Canvas canvas, Area where, PictureHead? head = null);

    /// <summary>Draws the classes of a segmentation over its picture, each but the background in its colour (<see cref="ClassColors"/>), at the canvas's own pixels.</summary>
    /// <param name="canvas">A canvas of the kind that the pipeline draws on: on the GPU, or in memory.</param>
    /// <param name="where">Where the whole upright picture lies on it.</param>
    /// <param name="mapping">Where the places of the network's input lie in the picture: <see cref="LiveResult.Mapping"/>.</param>
    /// <param name="head">What the scores mean.</param>
    /// <param name="opacity">Of the colours, in [0, 1].</param>
    /// <exception cref="ArgumentException">The canvas is of the other kind, or the value is none of segmentation.</exception>
    public abstract void DrawMask(Canvas canvas, Area where, PictureMapping mapping, SegmentationHead head, float opacity = 0.5f);

    /// <summary>Draws a backdrop over what is background in a picture, by a segmentation.</summary>
    /// <param name="canvas">A canvas of the kind that the pipeline draws on: on the GPU, or in memory.</param>
    /// <param name="picture">The picture that the value is of, which lies on the canvas already.</param>
    /// <param name="where">Where the whole upright picture lies.</param>
    /// <param name="mapping">Where the places of the network's input lie in the picture: <see cref="LiveResult.Mapping"/>.</param>
    /// <param name="head">What the scores mean.</param>
    /// <param name="backdrop">What is drawn.</param>
    /// <exception cref="ArgumentException">Canvas or picture is of the other kind, or the value is none of segmentation.</exception>
    public abstract void DrawBackdrop(Canvas canvas, LivePicture picture, Area where, PictureMapping mapping, SegmentationHead head, Backdrop backdrop);

    /// <summary>Draws channels as a grid of feature maps, each over its own range.</summary>
    /// <param name="canvas">A canvas of the kind that the pipeline draws on: on the GPU, or in memory.</param>
    /// <param name="where">The whole grid.</param>
    /// <param name="columns">Maps in a row.</param>
    /// <param name="rows">Maps in a column.</param>
    /// <param name="gap">Units between maps.</param>
    /// <param name="firstChannel">The first one shown.</param>
    /// <param name="colors">How values become colours.</param>
    /// <exception cref="ArgumentException">The canvas is of the other kind.</exception>
    public abstract void DrawMaps(Canvas canvas, Area where, int columns, int rows, float gap = 2, int firstChannel = 0, MapColors colors = MapColors.Stretched);

    /// <summary>Copies the newest value out, row-major. One on a GPU is waited for: for tests and tools.</summary>
    /// <param name="destination">Takes all its elements.</param>
    /// <exception cref="ArgumentException">The destination has another length.</exception>
    public void CopyTo(Span<float> destination)
    {
        if (destination.Length != Shape.Count)
            throw new ArgumentException($"'{Name}' has {Shape.Count} elements, and the destination {destination.Length}.", nameof(destination));
        Read(destination);
    }

    /// <summary>Fills a span of as many elements as there are.</summary>
    private protected abstract void Read(Span<float> destination);

    /// <summary>Frees what drawing needed; the value itself belongs to its network.</summary>
    internal virtual void Free()
    {
    }
}

/// <summary>A value in memory: that of the newest result.</summary>
/// <param name="name">Of the output.</param>
/// <param name="shape">Of the output.</param>
/// <param name="newest">Where the newest result has it.</param>
internal sealed class TensorValue(string name, Shape shape, Func<Tensor> newest) : LiveValue(name, shape)
{
    private ImageToTensor? _shrink;
    private Tensor? _small;
    private ShownPixels? _behind;
    private PixelPicture? _pictureBehind;

    public override void Draw(Canvas canvas, Area where, PictureHead? head = null) => InMemory(canvas).Picture(newest(), where, head);

    public override void DrawMask(Canvas canvas, Area where, PictureMapping mapping, SegmentationHead head, float opacity = 0.5f) =>
        InMemory(canvas).Mask(newest(), where, mapping, head, opacity);

    public override void DrawBackdrop(Canvas canvas, LivePicture picture, Area where, PictureMapping mapping, SegmentationHead head, Backdrop backdrop)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentNullException.ThrowIfNull(backdrop);
        ArgumentNullException.ThrowIfNull(head);
        var target = InMemory(canvas);
        var small = backdrop.Rows > 0 ? Shrunken(picture, backdrop) : null;
        target.Masks.Backdrop(target, newest(), small, backdrop.Picture is { } behind ? Covering(behind, target, where) : [], where, mapping, head, backdrop.Color);
    }

    public override void DrawMaps(Canvas canvas, Area where, int columns, int rows, float gap = 2, int firstChannel = 0, MapColors colors = MapColors.Stretched) =>
        InMemory(canvas).FeatureMaps(newest(), where, columns, rows, gap, firstChannel, colors);

    private protected override void Read(Span<float> destination) => newest().Span.CopyTo(destination);

    internal override void Free() => _small?.Dispose();

    private ReadOnlySpan<uint> Covering(PixelPicture behind, CpuCanvas canvas, Area where)
    {
        var (_, _, width, height) = canvas.PixelsOf(where);
        if (width <= 0 || height <= 0)
            return [];
        var size = new Size2d(height, width);
        if (_behind?.Size != size || !ReferenceEquals(behind, _pictureBehind))
            (_behind, _pictureBehind) = (new ShownPixels(size, FitMode.Crop), behind);
        return _behind.Of(behind.Bytes, behind.Format, behind.Geometry);
    }

    private Tensor Shrunken(LivePicture picture, Backdrop backdrop)
    {
        var pixels = picture.Pixels ?? throw new ArgumentException($"'{Name}' lies in memory, and the picture is a texture alone.", nameof(picture));
        var preprocessing = new Preprocessing { Size = backdrop.GridOf(picture.Upright) };
        if (_small?.Shape != preprocessing.Shape)
        {
            _small?.Dispose();
            (_shrink, _small) = (new ImageToTensor(preprocessing), new Tensor(preprocessing.Shape));
        }

        _shrink!.Run(pixels.Bytes, pixels.Format, pixels.Geometry, _small!);
        return _small!;
    }

    private CpuCanvas InMemory(Canvas canvas) => canvas as CpuCanvas
        ?? throw new ArgumentException($"'{Name}' lies in memory; draw it on a {nameof(CpuCanvas)}.", nameof(canvas));
}
