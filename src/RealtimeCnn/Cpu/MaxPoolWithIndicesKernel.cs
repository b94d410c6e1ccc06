using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>
/// The largest element of each window and its place in the whole tensor, row-major, in one walk; lane = channel, an item is one output
/// row of one plane. The twin of <see cref="MaxPooling"/> with a second output.
/// </summary>
internal static unsafe class MaxPoolWithIndicesKernel
{
    public static CpuDispatch Plan(MaxPool2d layer, LayerCall call)
    {
        var geometry = PoolingGeometry.Of(layer, call);
        return CpuDispatch.Create(&Forward, geometry, geometry.Planes * geometry.OutHeight);
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void Forward(CpuArguments* arguments, int from, int to)
    {
        ref readonly var g = ref *(PoolingGeometry*)arguments->Constants;
        int area = g.InHeight * g.InWidth;
        for (int item = from; item < to; item++)
        {
            int plane = item / g.OutHeight, n = plane / g.Blocks, block = plane % g.Blocks, channels = g.Channels - (block * Lanes.Count);
            var rows = g.RowsOf(item % g.OutHeight);
            float* x = arguments->Inputs[0] + ((long)plane * area * Lanes.Count);
            long at = (long)item * g.OutWidth * Lanes.Count;
            var origin = Vector512.Create(((n * g.Channels) + (block * Lanes.Count)) * area) + (Vector512<int>.Indices * area);
            for (int column = 0; column < g.OutWidth; column++, at += Lanes.Count)
            {
                var (largest, place) = Find(x, new PoolingWindow(rows, g.ColumnsOf(column)), g.InWidth, origin);
                Vector512.StoreAligned(Lanes.KeepFirst(largest, channels), arguments->Outputs[0] + at);
                Vector512.StoreAligned(Lanes.KeepFirst(Vector512.ConvertToSingle(place), channels), arguments->Outputs[1] + at);
            }
        }
    }

    private static (Vector512<float> Largest, Vector512<int> Place) Find(float* x, in PoolingWindow window, int width, Vector512<int> origin)
    {
        var largest = Vector512.Create(float.NegativeInfinity);
        var place = Vector512.Create(-1);
        for (int h = window.Rows.First; h < window.Rows.End; h += window.Rows.Step)
        {
            for (int w = window.Columns.First; w < window.Columns.End; w += window.Columns.Step)
            {
                int pixel = (h * width) + w;
                var value = Vector512.Load(x + (pixel * (long)Lanes.Count));
                var wins = (Vector512.GreaterThan(value, largest) | Vector512.AndNot(Vector512.IsNaN(value), Vector512.IsNaN(largest))).AsInt32() | Vector512.LessThan(place, Vector512<int>.Zero);
                largest = Vector512.ConditionalSelect(wins.AsSingle(), value, largest);
                place = Vector512.ConditionalSelect(wins, origin + Vector512.Create(pixel), place);
            }
        }

        return (largest, place);
    }
}
