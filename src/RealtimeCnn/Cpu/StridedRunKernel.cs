using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>
/// Copies a <see cref="StridedView"/> from row-major memory into row-major memory: one loop for each digit, with those that are
/// walked in one go merged. The two innermost are a matrix, whose rows are copied, filled or gathered, or whose columns are what lies
/// side by side: then it is transposed in registers. An item is a part of such a matrix.
/// </summary>
internal static unsafe class StridedRunKernel
{
    private const int FloatsPerItem = 8192;

    /// <summary>Rows that are transposed at a time: those of a line of the first cache.</summary>
    private const int RowsOfLine = 16;

    /// <summary>Columns from which on a row is copied or filled by the runtime's own loop.</summary>
    private const int LongRow = 16;

    public static CpuDispatch Plan(StridedView view, Shape source)
    {
        List<(int Extent, int Step)> levels = [];
        for (int i = view.Digits.Length - 1; i >= 0; i--)
        {
            var digit = view.Digits[i];
            if (digit.Extent == 1)
                continue;
            int stride = digit.Step * Stride(source, digit.SourceAxis);
            if (levels.Count > 0 && stride == (long)levels[^1].Step * levels[^1].Extent)
                levels[^1] = (levels[^1].Extent * digit.Extent, levels[^1].Step);
            else
                levels.Add((digit.Extent, stride));
        }

        while (levels.Count < 2)
            levels.Add((1, 0));
        levels.Reverse();
        int origin = 0;
        for (int axis = 0; axis < source.Rank; axis++)
            origin += view.Start[axis] * Stride(source, axis);
        var ((rows, rowStep), (columns, step)) = (levels[^2], levels[^1]);
        bool isTransposed = rowStep == 1 && step != 1;
        int width = Math.Min(columns, isTransposed ? FloatsPerItem / RowsOfLine : FloatsPerItem), height = FloatsPerItem / width;
        height = Math.Min(isTransposed ? height / RowsOfLine * RowsOfLine : height, rows);
        var constants = new Constants(levels.Count - 2, origin, rows, rowStep, columns, step, height, (rows + height - 1) / height, width, (columns + width - 1) / width);
        int matrices = levels.SkipLast(2).Aggregate(1, (product, level) => product * level.Extent);
        int[] table = [.. levels.SkipLast(2).Select(level => level.Extent), .. levels.SkipLast(2).Select(level => level.Step)];
        return CpuDispatch.CreateWithTable(isTransposed ? &ForwardTransposed : &Forward, constants, table, matrices * constants.Strips * constants.Pieces);
    }

    private static int Stride(Shape source, int axis) => source.Rank == 0 ? 0 : source.Product(axis + 1, source.Rank);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Forward(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        for (int item = from; item < to; item++)
        {
            c.Place(arguments, item, out float* x, out float* y, out int height, out int width);
            for (int row = 0; row < height; row++, x += c.RowStep, y += c.Columns)
            {
                if (width >= LongRow && c.Step == 1)
                    new ReadOnlySpan<float>(x, width).CopyTo(new Span<float>(y, width));
                else if (width >= LongRow && c.Step == 0)
                    new Span<float>(y, width).Fill(*x);
                else
                    Gather(x, c.Step, y, width);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Gather(float* x, int step, float* y, int count)
    {
        for (int i = 0; i < count; i++, x += step)
            y[i] = *x;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ForwardTransposed(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        for (int item = from; item < to; item++)
        {
            c.Place(arguments, item, out float* x, out float* y, out int height, out int width);
            for (int first = 0; first < height; first += RowsOfLine)
            {
                int end = Math.Min(first + RowsOfLine, height), column = 0;
                for (; column <= width - 4; column += 4)
                {
                    float* from4 = x + ((long)column * c.Step), to4 = y + column;
                    int row = first;
                    for (; row <= end - 4; row += 4)
                    {
                        var t = new Transposed(from4 + row, 4, c.Step);
                        float* at = to4 + ((long)row * c.Columns);
                        t.R0.Store(at);
                        t.R1.Store(at + c.Columns);
                        t.R2.Store(at + (2L * c.Columns));
                        t.R3.Store(at + (3L * c.Columns));
                    }

                    for (; row < end; row++)
                        Gather(from4 + row, c.Step, to4 + ((long)row * c.Columns), 4);
                }

                for (int row = first; row < end; row++)
                    Gather(x + ((long)column * c.Step) + row, c.Step, y + ((long)row * c.Columns) + column, width - column);
            }
        }
    }

    /// <param name="Levels">Loops around the matrices.</param>
    /// <param name="Origin">Floats to the first element.</param>
    /// <param name="Rows">Rows of a matrix.</param>
    /// <param name="RowStep">Floats from what a row begins with to what the next does.</param>
    /// <param name="Columns">Columns of a matrix.</param>
    /// <param name="Step">Floats from an element of a row to the next.</param>
    /// <param name="Height">Rows of an item.</param>
    /// <param name="Strips">Items of a column.</param>
    /// <param name="Width">Columns of an item.</param>
    /// <param name="Pieces">Items of a row.</param>
    private readonly record struct Constants(int Levels, int Origin, int Rows, int RowStep, int Columns, int Step, int Height, int Strips, int Width, int Pieces)
    {
        /// <summary>Where an item is read and written, its rows and its columns.</summary>
        public void Place(CpuArguments* arguments, int item, out float* x, out float* y, out int height, out int width)
        {
            int* extents = CpuDispatch.Table<Constants>(arguments);
            int rest = Math.DivRem(item, Pieces, out int piece), matrix = Math.DivRem(rest, Strips, out int strip), left = piece * Width, top = strip * Height;
            long from = Origin + ((long)top * RowStep) + ((long)left * Step), to = (((long)matrix * Rows) + top) * Columns + left;
            for (int level = Levels - 1; level >= 0; level--)
            {
                matrix = Math.DivRem(matrix, extents[level], out int index);
                from += (long)index * extents[Levels + level];
            }

            x = arguments->Inputs[0] + from;
            y = arguments->Output + to;
            (height, width) = (Math.Min(Height, Rows - top), Math.Min(Width, Columns - left));
        }
    }
}
