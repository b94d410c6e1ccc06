using System.Runtime.CompilerServices;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>
/// The gradient of a <see cref="StridedView"/> by its source, row-major: what was copied goes back, what was copied several times is
/// summed in the order of the copies, what was not copied gets 0. Digits that move through the source never meet; digits that stay are the
/// repeats. An item is one row of the innermost digit that moves.
/// </summary>
internal static unsafe class StridedSpreadKernel
{
    private const int FloatsPerItem = 1 << 14;

    public static CpuDispatch Plan(StridedCopyLayer layer, LayerCall call)
    {
        Shape x = call.Output.Shape, y = call.Input.Shape;
        var view = layer.View(x, y);
        var clear = CpuDispatch.Create(&Clear, x.Count, (x.Count + FloatsPerItem - 1) / FloatsPerItem);
        if (y.Count == 0)
            return clear;
        List<(int Extent, int OfX, int OfY)> moving = [], repeats = [];
        foreach (var (digit, step) in view.Digits.Zip(Steps(view, y)).Where(one => one.First.Extent > 1))
            (digit.Step == 0 ? repeats : moving).Add((digit.Extent, digit.Step * x.Product(digit.SourceAxis + 1, x.Rank), step));
        if (moving.Count == 0)
            moving.Add((1, 0, 0));
        int origin = Enumerable.Range(0, x.Rank).Sum(axis => view.Start[axis] * x.Product(axis + 1, x.Rank)), copies = Product(repeats);
        var (length, ofX, ofY) = moving[^1];
        var outer = moving.SkipLast(1).ToList();
        int[] table = [.. Levels(outer, level => level.OfX), .. Levels(outer, level => level.OfY), .. Levels(repeats, level => level.OfY)];
        return clear.Then(CpuDispatch.CreateWithTable(&Backward, new Constants(outer.Count, repeats.Count, copies, length, ofX, ofY, origin), table, Product(outer)));
    }

    /// <summary>Floats of y from a turn of each digit to the next.</summary>
    private static int[] Steps(StridedView view, Shape y)
    {
        int[] steps = new int[view.Digits.Length], turns = new int[Math.Max(y.Rank, 1)];
        Array.Fill(turns, 1);
        for (int i = steps.Length - 1; i >= 0; i--)
        {
            int axis = view.Digits[i].OutputAxis;
            steps[i] = turns[axis] * y.Product(axis + 1, y.Rank);
            turns[axis] *= view.Digits[i].Extent;
        }

        return steps;
    }

    private static int Product(List<(int Extent, int OfX, int OfY)> levels) => levels.Aggregate(1, (product, level) => product * level.Extent);

    private static IEnumerable<int> Levels(List<(int Extent, int OfX, int OfY)> levels, Func<(int Extent, int OfX, int OfY), int> step) => levels.Select(level => level.Extent).Concat(levels.Select(step));

    [MethodImpl(KernelCode.Optimized)]
    private static void Clear(CpuArguments* arguments, int from, int to)
    {
        int first = from * FloatsPerItem;
        new Span<float>(arguments->Output + first, Math.Min(to * FloatsPerItem, *(int*)arguments->Constants) - first).Clear();
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void Backward(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        int* ofX = CpuDispatch.Table<Constants>(arguments), ofY = ofX + (2 * c.Moving), repeats = ofY + (2 * c.Moving);
        for (int item = from; item < to; item++)
        {
            float* dx = arguments->Output + c.Origin + ReduceKernel.Offset(ofX, c.Moving, item), dy = arguments->Inputs[0] + ReduceKernel.Offset(ofY, c.Moving, item);
            for (int copy = 0; copy < c.Copies; copy++)
                Add(dy + ReduceKernel.Offset(repeats, c.Repeats, copy), c.OfY, dx, c.OfX, c.Length);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(float* dy, int ofY, float* dx, int ofX, int count)
    {
        for (int i = 0; i < count; i++, dx += ofX, dy += ofY)
            *dx += *dy;
    }

    /// <param name="Moving">Digits that move through the source, but the innermost.</param>
    /// <param name="Repeats">Digits that stay.</param>
    /// <param name="Copies">Turns of those.</param>
    /// <param name="Length">Turns of the innermost digit that moves.</param>
    /// <param name="OfX">Floats of the source from one of them to the next.</param>
    /// <param name="OfY">The same of the output.</param>
    /// <param name="Origin">Floats of the source to what the first output element reads.</param>
    private readonly record struct Constants(int Moving, int Repeats, int Copies, int Length, int OfX, int OfY, int Origin);
}
