using System.Runtime.CompilerServices;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>
/// Copies a <see cref="StridedView"/> from row-major memory into row-major memory: one loop for each digit, with those that are
/// walked in one go merged. An item is a piece of one run of the innermost loop.
/// </summary>
internal static unsafe class StridedRunKernel
{
    private const int FloatsPerItem = 8192;

    public static CpuDispatch Plan(StridedView view, Shape source)
    {
        List<(int Extent, int Step)> levels = [];
        for (int i = view.Digits.Length - 1; i >= 0; i--)
        {
            var digit = view.Digits[i];
            if (digit.Extent == 1)
                continue;
            int step = digit.Step * Stride(source, digit.SourceAxis);
            if (levels.Count > 0 && step == (long)levels[^1].Step * levels[^1].Extent)
                levels[^1] = (levels[^1].Extent * digit.Extent, levels[^1].Step);
            else
                levels.Add((digit.Extent, step));
        }

        if (levels.Count == 0)
            levels.Add((1, 0));
        levels.Reverse();
        int origin = 0;
        for (int axis = 0; axis < source.Rank; axis++)
            origin += view.Start[axis] * Stride(source, axis);
        int run = levels[^1].Extent, pieces = (run + FloatsPerItem - 1) / FloatsPerItem;
        int runs = levels.SkipLast(1).Aggregate(1, (product, level) => product * level.Extent);
        int[] table = [.. levels.Select(level => level.Extent), .. levels.Select(level => level.Step)];
        return CpuDispatch.CreateWithTable(&Forward, new Constants(levels.Count, origin, run, levels[^1].Step, pieces), table, runs * pieces);
    }

    private static int Stride(Shape source, int axis) => source.Rank == 0 ? 0 : source.Product(axis + 1, source.Rank);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Forward(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        int* extents = CpuDispatch.Table<Constants>(arguments);
        for (int item = from; item < to; item++)
        {
            int run = item / c.Pieces, first = item % c.Pieces * FloatsPerItem, count = Math.Min(FloatsPerItem, c.Run - first);
            var y = new Span<float>(arguments->Output + ((long)run * c.Run) + first, count);
            long offset = c.Origin + ((long)first * c.Step);
            for (int level = c.Levels - 2; level >= 0; level--)
            {
                offset += (long)(run % extents[level]) * extents[c.Levels + level];
                run /= extents[level];
            }

            float* x = arguments->Inputs[0] + offset;
            if (c.Step == 1)
                new ReadOnlySpan<float>(x, count).CopyTo(y);
            else if (c.Step == 0)
                y.Fill(*x);
            else
                Gather(x, c.Step, y);
        }
    }

    private static void Gather(float* x, int step, Span<float> y)
    {
        for (int i = 0; i < y.Length; i++, x += step)
            y[i] = *x;
    }

    private readonly record struct Constants(int Levels, int Origin, int Run, int Step, int Pieces);
}
