namespace RealtimeCnn.Demo.Modes.Doctor;

/// <summary>Where two values of a layer differ: for each place the largest difference of all channels, on a grid that is small enough to draw.</summary>
/// <param name="Place">Height and width to draw it in proportion to: those of the maps; flat for a row.</param>
/// <param name="Size">Of the grid; no larger than the maps.</param>
/// <param name="Values">The differences, row by row; infinite where only one of both is a number.</param>
internal sealed record ErrorMap(Size2d Place, Size2d Size, float[] Values)
{
    /// <summary>Most cells along a side.</summary>
    public const int MostCells = 32;

    /// <summary>The largest difference.</summary>
    public float Greatest { get; } = Values.Length > 0 ? Values.Max() : 0;

    /// <summary>Compares two values of one shape: <c>[N, C, H, W]</c> place by place, any other as one row.</summary>
    public static ErrorMap Between(Tensor expected, Tensor actual)
    {
        var shape = expected.Shape;
        int height = shape.Rank == 4 ? shape.Height : 1, width = shape.Rank == 4 ? shape.Width : shape.Count;
        var size = new Size2d(Math.Min(height, MostCells), Math.Min(width, MostCells));
        float[] values = new float[size.Height * size.Width];
        ReadOnlySpan<float> left = expected.Span, right = actual.Span;
        for (int i = 0; i < left.Length; i++)
        {
            int x = i % width, y = i / width % height;
            ref float cell = ref values[(y * size.Height / height * size.Width) + (x * size.Width / width)];
            float difference = left[i].Equals(right[i]) ? 0 : Math.Abs(right[i] - left[i]);
            cell = Math.Max(cell, float.IsNaN(difference) ? float.PositiveInfinity : difference);
        }

        return new ErrorMap(shape.Rank == 4 ? new Size2d(height, width) : new Size2d(1, size.Width), size, values);
    }
}
