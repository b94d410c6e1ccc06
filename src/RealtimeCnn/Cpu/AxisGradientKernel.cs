using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>
/// The gradient of layers that compute each axis for itself, as sums of elements times weights (<see cref="Pad"/>, <see cref="Resize2d"/>):
/// <c>dx[i…] = Σ over o… that read i… of the weights' product · dy[o…]</c>, in the order of the output. An element is a float, or 16 in
/// channel blocks; an item is one row along the last axis.
/// </summary>
internal static unsafe class AxisGradientKernel
{
    public static CpuDispatch Plan(Pad layer, LayerCall call)
    {
        Shape x = call.Output.Shape, y = call.Input.Shape;
        var axes = new List<Axis>();
        for (int a = 0; a < x.Rank; a++)
        {
            int before = Math.Max(layer.Before[a], 0), cut = Math.Max(-layer.Before[a], 0), kept = x[a] + Math.Min(layer.Before[a], 0) + Math.Min(layer.After[a], 0);
            var axis = new Axis(x[a], y[a]);
            for (int o = 0; o < y[a]; o++)
            {
                int source = Pad.Source(o - before, kept, layer.Mode);
                if (source >= 0)
                    axis.Add(source + cut, o, 1);
            }

            axes.Add(axis);
        }

        return Plan(axes, call);
    }

    public static CpuDispatch Plan(Resize2d layer, LayerCall call)
    {
        var x = call.Output.Shape;
        var axes = new List<Axis> { Axis.Same(x.Batch), Axis.Same(x.Channels) };
        foreach (var line in ResizeKernel.Lines(ResizeGeometry.Of(layer, call.Forward!, Lanes.Count)))
        {
            var axis = new Axis(line.Input, line.Pixels.Length);
            for (int o = 0; o < line.Pixels.Length; o++)
            {
                var (first, second, weight) = line.Pixels[o];
                axis.Add(first, o, 1 - weight);
                if (weight != 0)
                    axis.Add(second, o, weight);
            }

            axes.Add(axis);
        }

        return Plan(axes, call);
    }

    private static CpuDispatch Plan(List<Axis> axes, LayerCall call)
    {
        bool isBlocked = call.Output.Layout == Layout.Blocked;
        if (isBlocked)
            axes[1] = Axis.Same(BlockedLayout.Blocks(call.Output.Shape.Channels, Lanes.Count));
        if (axes.Count == 0)
            axes.Add(Axis.Same(1));
        // Extents of both sides, where each axis begins in the table, then the axes.
        var table = new List<int>();
        int[] starts = new int[axes.Count];
        for (int a = 0, at = 3 * axes.Count; a < axes.Count; at += axes[a].Numbers.Length, a++)
            starts[a] = at;
        table.AddRange([.. axes.Select(axis => axis.Input), .. axes.Select(axis => axis.Output), .. starts, .. axes.SelectMany(axis => axis.Numbers)]);
        int rows = axes.SkipLast(1).Aggregate(1, (product, axis) => product * axis.Input);
        var constants = new Constants(axes.Count, axes[^1].Input, axes[^1].Output, isBlocked ? Lanes.Count : 1);
        return CpuDispatch.CreateWithTable(&Backward, constants, [.. table], axes[^1].Input == 0 ? 0 : rows);
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void Backward(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        int* table = CpuDispatch.Table<Constants>(arguments);
        int* last = table + table[(3 * c.Rank) - 1];
        for (int row = from; row < to; row++)
        {
            float* dx = arguments->Output + ((long)row * c.Input * c.Unit);
            new Span<float>(dx, c.Input * c.Unit).Clear();
            AddRows(in c, table, row, arguments->Inputs[0], dx, last);
        }
    }

    /// <summary>All rows of the output that read a row of the input, the last of the outer axes changing fastest.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddRows(in Constants c, int* table, int row, float* dy, float* dx, int* last)
    {
        int* first = stackalloc int[Shape.MaxRank], end = stackalloc int[Shape.MaxRank], at = stackalloc int[Shape.MaxRank];
        for (int a = c.Rank - 2; a >= 0; a--)
        {
            row = Math.DivRem(row, table[a], out int index);
            int* axis = table + table[(2 * c.Rank) + a];
            (first[a], end[a]) = (axis[index], axis[index + 1]);
            at[a] = first[a];
            if (first[a] == end[a])
                return;
        }

        while (true)
        {
            long outRow = 0;
            float weight = 1;
            for (int a = 0; a < c.Rank - 1; a++)
            {
                int* entry = table + table[(2 * c.Rank) + a] + table[a] + 1 + (2 * at[a]);
                outRow = (outRow * table[c.Rank + a]) + entry[0];
                weight *= BitConverter.Int32BitsToSingle(entry[1]);
            }

            AddRow(in c, dy + (outRow * c.Output * c.Unit), weight, dx, last);
            int turning = c.Rank - 2;
            for (; turning >= 0 && ++at[turning] == end[turning]; turning--)
                at[turning] = first[turning];
            if (turning < 0)
                return;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddRow(in Constants c, float* dy, float weight, float* dx, int* axis)
    {
        int* entries = axis + c.Input + 1;
        for (int i = 0; i < c.Input; i++)
        {
            for (int e = axis[i]; e < axis[i + 1]; e++)
            {
                float w = weight * BitConverter.Int32BitsToSingle(entries[(2 * e) + 1]);
                long at = entries[2 * e];
                if (c.Unit == 1)
                    dx[i] = float.MultiplyAddEstimate(w, dy[at], dx[i]);
                else
                    Vector512.MultiplyAddEstimate(Vector512.Create(w), Vector512.Load(dy + (at * Lanes.Count)), Vector512.Load(dx + (i * Lanes.Count))).Store(dx + (i * Lanes.Count));
            }
        }
    }

    /// <param name="Rank">Axes, those of memory.</param>
    /// <param name="Input">Elements of the last one, of the input.</param>
    /// <param name="Output">The same of the output.</param>
    /// <param name="Unit">Floats of an element.</param>
    private readonly record struct Constants(int Rank, int Input, int Output, int Unit);

    /// <summary>Which elements of the output read each element of the input, along one axis.</summary>
    private sealed class Axis(int input, int output)
    {
        private readonly List<(int Output, float Weight)>[] _readers = [.. Enumerable.Range(0, input).Select(_ => new List<(int, float)>())];

        public int Input => input;

        public int Output => output;

        /// <summary>Where the readers of each element begin, and behind them where the last end; then each reader and the bits of its weight.</summary>
        public int[] Numbers
        {
            get
            {
                var starts = new List<int> { 0 };
                foreach (var readers in _readers)
                    starts.Add(starts[^1] + readers.Count);
                return [.. starts, .. _readers.SelectMany(readers => readers.SelectMany(reader => new[] { reader.Output, BitConverter.SingleToInt32Bits(reader.Weight) }))];
            }
        }

        public static Axis Same(int length)
        {
            var axis = new Axis(length, length);
            for (int i = 0; i < length; i++)
                axis.Add(i, i, 1);
            return axis;
        }

        public void Add(int element, int reader, float weight) => _readers[element].Add((reader, weight));
    }
}
