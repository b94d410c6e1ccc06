using RealtimeCnn.Graphs;

namespace RealtimeCnn.Layers;

/// <summary>How a resized picture is read between pixels.</summary>
public enum ResizeMode
{
    /// <summary>The nearest pixel, by a <see cref="NearestRounding"/>.</summary>
    Nearest = 0,

    /// <summary>Linearly between the four around; the border repeats.</summary>
    Linear = 1,
}

/// <summary>Where pixel o of an axis of the output lies in the input; scale is output over input.</summary>
public enum ResizeCoordinates
{
    /// <summary><c>(o + 1/2) / scale − 1/2</c>: pixels are squares.</summary>
    HalfPixel = 0,

    /// <summary>The same, but 0 for an output of one pixel.</summary>
    PyTorchHalfPixel = 1,

    /// <summary><c>o / scale</c>.</summary>
    Asymmetric = 2,

    /// <summary><c>o·(input − 1) / (output − 1)</c>: first and last pixels meet.</summary>
    AlignCorners = 3,
}

/// <summary>Which pixel is nearest to a position between two.</summary>
public enum NearestRounding
{
    /// <summary>The nearer one, the first at equal distance.</summary>
    PreferFloor = 0,

    /// <summary>The nearer one, the second at equal distance.</summary>
    PreferCeil = 1,

    /// <summary>The first.</summary>
    Floor = 2,

    /// <summary>The second.</summary>
    Ceil = 3,
}

/// <summary>Resizes pictures by a scale, or to a fixed size: <c>y[n, c, oh, ow] = x[n, c, row(oh), column(ow)]</c>, read as <see cref="Mode"/> says.</summary>
/// <remarks>
/// Shapes: <c>[N, C, H, W] → [N, C, OH, OW]</c>, where OH is floor(H · scale) or given. Positions are computed in float32, as
/// ONNX Runtime does. Source: ONNX Resize (nearest, linear); PyTorch Upsample.
/// </remarks>
public sealed record Resize2d : Layer
{
    /// <summary>Resizes by a scale; the graph stays free to run with other sizes.</summary>
    /// <param name="scaleHeight">Output rows per input row, above 0.</param>
    /// <param name="scaleWidth">Output columns per input column, above 0.</param>
    public Resize2d(float scaleHeight, float scaleWidth) => (ScaleHeight, ScaleWidth) = (scaleHeight, scaleWidth);

    /// <summary>Resizes to a fixed size.</summary>
    /// <param name="size">Height and width of the output, in pixels, at least 1.</param>
    public Resize2d(Size2d size) => Size = size;

    /// <summary>The size of the output; null where scales are given.</summary>
    public Size2d? Size { get; }

    /// <summary>Output rows per input row; 0 where a size is given.</summary>
    public float ScaleHeight { get; }

    /// <summary>Output columns per input column; 0 where a size is given.</summary>
    public float ScaleWidth { get; }

    /// <summary>How the input is read between pixels.</summary>
    public ResizeMode Mode { get; init; }

    /// <summary>Where pixels of the output lie in the input.</summary>
    public ResizeCoordinates Coordinates { get; init; }

    /// <summary>Which pixel is the nearest; for <see cref="ResizeMode.Nearest"/>.</summary>
    public NearestRounding Rounding { get; init; }

    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        var x = inputs[0];
        if (x.Rank != 4)
            throw new ShapeException($"input must be [N, C, H, W]; it is {x}.");
        if (Size is null && !(ScaleHeight > 0 && ScaleWidth > 0 && float.IsFinite(ScaleHeight * ScaleWidth)))
            throw new ShapeException($"scales {ScaleHeight} and {ScaleWidth} must be above 0.");
        var size = Size ?? new Size2d(ResizeLine.Extent(x.Height, ScaleHeight), ResizeLine.Extent(x.Width, ScaleWidth));
        if (size.Height < 1 || size.Width < 1 || x.Height < 1 || x.Width < 1)
            throw new ShapeException($"cannot resize {x} to {size}: both need at least one pixel.");
        return new Shape(x.Batch, x.Channels, size.Height, size.Width);
    }

    /// <inheritdoc/>
    public override long Operations(ReadOnlySpan<Shape> inputs, Shape output) => (Mode == ResizeMode.Linear ? 4L : 1) * output.Count;
}

/// <summary>The numbers that both backends resize by: see <see cref="ResizeLine"/>.</summary>
internal readonly record struct ResizeGeometry(
    int Planes, int InHeight, int InWidth, int OutHeight, int OutWidth, int Mode, int Rounding,
    float StepHeight, float ShiftHeight, float StepWidth, float ShiftWidth)
{
    /// <param name="layer">What to compute.</param>
    /// <param name="call">Its shapes.</param>
    /// <param name="block">Channels of a plane.</param>
    public static ResizeGeometry Of(Resize2d layer, LayerCall call, int block)
    {
        Shape x = call.Input.Shape, y = call.Output.Shape;
        var rows = ResizeLine.Of(layer.Coordinates, x.Height, y.Height, layer.ScaleHeight);
        var columns = ResizeLine.Of(layer.Coordinates, x.Width, y.Width, layer.ScaleWidth);
        return new ResizeGeometry(
            x.Batch * BlockedLayout.Blocks(x.Channels, block), x.Height, x.Width, y.Height, y.Width,
            (int)layer.Mode, (int)layer.Rounding, (float)rows.Step, (float)rows.Shift, (float)columns.Step, (float)columns.Shift);
    }
}
