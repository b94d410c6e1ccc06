namespace RealtimeCnn.Layers;

/// <summary>A row-major tensor seen from one of its axes: element (o, i, k) lies at <c>(o·Extent + i)·Inner + k</c>.</summary>
/// <param name="Outer">Product of the axes before.</param>
/// <param name="Extent">The axis.</param>
/// <param name="Inner">Product of the axes behind.</param>
internal readonly record struct AxisGeometry(int Outer, int Extent, int Inner)
{
    public static AxisGeometry Of(Shape shape, int axis)
    {
        axis = AxisIndex.Resolve(axis, shape.Rank);
        return new AxisGeometry(shape.Product(0, axis), shape[axis], shape.Product(axis + 1, shape.Rank));
    }

    /// <summary>How many runs along the axis there are.</summary>
    public int Runs => Outer * Inner;

    /// <summary>Where a run along the axis starts.</summary>
    public long Start(int run) => ((long)(run / Inner) * Extent * Inner) + (run % Inner);
}
