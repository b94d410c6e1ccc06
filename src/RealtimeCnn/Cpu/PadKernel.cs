using System.Runtime.CompilerServices;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>Padding and cutting in any layout; an element is a float or a vector of 16, an item one row along the last axis.</summary>
internal static unsafe class PadKernel
{
    public static CpuDispatch Plan(Pad layer, LayerCall call)
    {
        var y = call.Output;
        bool blocked = y.Layout == Layout.Blocked;
        var axes = layer.Axes(call, Lanes.Count);
        int rows = 1;
        for (int axis = 0; axis < axes.Rank - 1; axis++)
            rows *= axes[axis].Output;
        var constants = new Constants(axes, layer.Mode, layer.Value, blocked ? Lanes.Count : 1, y.Shape.Channels);
        return CpuDispatch.Create(&Forward, constants, y.Shape.Count == 0 ? 0 : rows);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Forward(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        int last = c.Axes.Rank - 1, unit = c.Unit;
        var axis = last < 0 ? new PadAxis(1, 1, 0, 1) : c.Axes[last];
        for (int row = from; row < to; row++)
        {
            int source = RowSource(in c, row), channels = unit;
            if (unit > 1)
                channels = Math.Min(Lanes.Count, c.Channels - (Coordinate(in c, row, 1) * Lanes.Count));
            float* y = arguments->Output + ((long)row * axis.Output * unit);
            // What is neither before nor behind the input lies in one piece.
            int first = Math.Min(axis.Before, axis.Output), kept = source < 0 || axis.Stride != 1 ? 0 : Math.Min(axis.Kept, axis.Output - first);
            new ReadOnlySpan<float>(arguments->Inputs[0] + (Math.Max(source, 0) * (long)unit), kept * unit).CopyTo(new Span<float>(y + (first * (long)unit), kept * unit));
            Write(arguments, in c, source, channels, y, 0, first);
            Write(arguments, in c, source, channels, y, first + kept, axis.Output);
        }
    }

    /// <summary>The elements [from, to) of an output row, each from where it comes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Write(CpuArguments* arguments, in Constants c, int source, int channels, float* y, int from, int to)
    {
        int unit = c.Unit, last = c.Axes.Rank - 1;
        if (source < 0 && channels == unit)
        {
            new Span<float>(y + (from * (long)unit), (to - from) * unit).Fill(c.Value);
            return;
        }

        var axis = last < 0 ? new PadAxis(1, 1, 0, 1) : c.Axes[last];
        for (int i = from; i < to; i++)
        {
            int at = source < 0 ? -1 : Pad.Source(i - axis.Before, axis.Kept, c.Mode);
            var element = new Span<float>(y + (i * (long)unit), unit);
            if (at >= 0)
            {
                new ReadOnlySpan<float>(arguments->Inputs[0] + ((source + ((long)at * axis.Stride)) * unit), unit).CopyTo(element);
                continue;
            }

            element[..channels].Fill(c.Value);
            element[channels..].Clear();
        }
    }

    /// <summary>Where the input row starts that an output row reads, or −1 for the constant.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int RowSource(in Constants c, int row)
    {
        int source = c.Axes.First;
        for (int a = c.Axes.Rank - 2; a >= 0; a--)
        {
            var axis = c.Axes[a];
            int at = Pad.Source((row % axis.Output) - axis.Before, axis.Kept, c.Mode);
            if (at < 0)
                return -1;
            source += at * axis.Stride;
            row /= axis.Output;
        }

        return source;
    }

    /// <summary>Coordinate of an output row along one axis.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Coordinate(in Constants c, int row, int axis)
    {
        for (int a = c.Axes.Rank - 2; a > axis; a--)
            row /= c.Axes[a].Output;
        return row % c.Axes[axis].Output;
    }

    private readonly record struct Constants(PadAxes Axes, PadMode Mode, float Value, int Unit, int Channels);
}
