using RealtimeCnn.Layers;

namespace RealtimeCnn.Kernels;

/// <summary>
/// The taps of a transposed convolution in the order of who sees them. Along each axis, an output at place p, padding included, sees
/// the taps whose place k·dilation leaves the remainder that p leaves when divided by the stride. Row remainders come first, then
/// column remainders, then rows and columns of the window.
/// </summary>
internal readonly record struct StrideOrder(StrideAxis Rows, StrideAxis Columns)
{
    public static StrideOrder Of(ConvTranspose2d layer) => new(
        new StrideAxis(layer.Kernel.Height, layer.Stride.Height, layer.Dilation.Height), new StrideAxis(layer.Kernel.Width, layer.Stride.Width, layer.Dilation.Width));

    /// <summary>Where each tap of the window stands in the order.</summary>
    public int[] Places()
    {
        int[] places = new int[Rows.Kernel * Columns.Kernel];
        for (int i = 0; i < places.Length; i++)
            places[i] = PlaceOf(i);
        return places;
    }

    /// <summary>Where a tap stands in the order.</summary>
    public int PlaceOf(int tap)
    {
        var (row, column) = Math.DivRem(tap, Columns.Kernel);
        int rowRemainder = Rows.RemainderOf(row), columnRemainder = Columns.RemainderOf(column), rows = Rows.Count(Rows.Kernel, rowRemainder);
        return (Rows.Before(rowRemainder) * Columns.Kernel) + (rows * Columns.Before(columnRemainder))
            + (Rows.Count(row, rowRemainder) * Columns.Count(Columns.Kernel, columnRemainder)) + Columns.Count(column, columnRemainder);
    }
}

/// <summary>One axis of a window.</summary>
internal readonly record struct StrideAxis(int Kernel, int Stride, int Dilation)
{
    /// <summary>What a tap's place leaves when divided by the stride.</summary>
    public int RemainderOf(int tap) => tap * Dilation % Stride;

    /// <summary>How many taps leave a smaller remainder.</summary>
    public int Before(int remainder)
    {
        int count = 0;
        for (int tap = 0; tap < Kernel; tap++)
            count += RemainderOf(tap) < remainder ? 1 : 0;
        return count;
    }

    /// <summary>How many of the first taps leave a remainder.</summary>
    public int Count(int taps, int remainder)
    {
        int count = 0;
        for (int tap = 0; tap < taps; tap++)
            count += RemainderOf(tap) == remainder ? 1 : 0;
        return count;
    }

    /// <summary>For each remainder how many taps leave a smaller one, and how many leave it.</summary>
    public int[] Table()
    {
        int[] table = new int[2 * Stride];
        for (int remainder = 0; remainder < Stride; remainder++)
            (table[2 * remainder], table[(2 * remainder) + 1]) = (Before(remainder), Count(Kernel, remainder));
        return table;
    }
}
