using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>Resizing in channel blocks: an item is one output row of one block of 16 channels.</summary>
internal static unsafe class ResizeKernel
{
    public static CpuDispatch Plan(ResizeGeometry geometry)
    {
        int items = geometry.Planes * geometry.OutHeight;
        if (geometry.Mode != (int)ResizeMode.Nearest)
            return CpuDispatch.Create(&ForwardLinear, geometry, items);
        int[] columns = new int[geometry.OutWidth];
        for (int column = 0; column < columns.Length; column++)
            columns[column] = Nearest(Position(column, geometry.StepWidth, geometry.ShiftWidth), geometry.InWidth, geometry.Rounding);
        return CpuDispatch.CreateWithTable(&ForwardNearest, geometry, columns, items);
    }

    /// <summary>For rows and columns: the extent of the input, and for each pixel of the output the two that it reads and the weight of the second.</summary>
    public static (int Input, (int First, int Second, float Weight)[] Pixels)[] Lines(ResizeGeometry g)
    {
        (int, (int, int, float)[]) Line(int input, int output, float step, float shift) => (input,
        [
            .. Enumerable.Range(0, output).Select(index => g.Mode == (int)ResizeMode.Nearest
                ? (Nearest(Position(index, step, shift), input, g.Rounding), 0, 0)
                : Between(Position(index, step, shift), input)),
        ]);
        return [Line(g.InHeight, g.OutHeight, g.StepHeight, g.ShiftHeight), Line(g.InWidth, g.OutWidth, g.StepWidth, g.ShiftWidth)];
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void ForwardNearest(CpuArguments* arguments, int from, int to)
    {
        ref readonly var g = ref *(ResizeGeometry*)arguments->Constants;
        int* columns = CpuDispatch.Table<ResizeGeometry>(arguments);
        int width = g.OutWidth;
        for (int item = from; item < to; item++)
        {
            int plane = item / g.OutHeight, row = Nearest(Position(item % g.OutHeight, g.StepHeight, g.ShiftHeight), g.InHeight, g.Rounding);
            float* x = arguments->Inputs[0] + ((((long)plane * g.InHeight) + row) * g.InWidth * Lanes.Count);
            float* y = arguments->Output + ((long)item * width * Lanes.Count);
            for (int column = 0; column < width; column++, y += Lanes.Count)
                Vector512.LoadAligned(x + ((long)columns[column] * Lanes.Count)).StoreAligned(y);
        }
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void ForwardLinear(CpuArguments* arguments, int from, int to)
    {
        ref readonly var g = ref *(ResizeGeometry*)arguments->Constants;
        for (int item = from; item < to; item++)
        {
            int plane = item / g.OutHeight;
            var (above, below, down) = Between(Position(item % g.OutHeight, g.StepHeight, g.ShiftHeight), g.InHeight);
            float* upper = arguments->Inputs[0] + ((((long)plane * g.InHeight) + above) * g.InWidth * Lanes.Count);
            float* lower = arguments->Inputs[0] + ((((long)plane * g.InHeight) + below) * g.InWidth * Lanes.Count);
            float* y = arguments->Output + ((long)item * g.OutWidth * Lanes.Count);
            for (int column = 0; column < g.OutWidth; column++, y += Lanes.Count)
            {
                var (left, right, across) = Between(Position(column, g.StepWidth, g.ShiftWidth), g.InWidth);
                var top = Mix(Vector512.Load(upper + (left * Lanes.Count)), Vector512.Load(upper + (right * Lanes.Count)), across);
                var bottom = Mix(Vector512.Load(lower + (left * Lanes.Count)), Vector512.Load(lower + (right * Lanes.Count)), across);
                Vector512.StoreAligned(Mix(top, bottom, down), y);
            }
        }
    }

    private static Vector512<float> Mix(Vector512<float> a, Vector512<float> b, float weight) => (a * (1 - weight)) + (b * weight);

    private static float Position(int index, float step, float shift) => ((index + shift) * step) - shift;

    private static int Nearest(float position, int length, int rounding) => Math.Clamp((int)ResizeLine.Nearest(position, (NearestRounding)rounding), 0, length - 1);

    private static (int First, int Second, float Weight) Between(float position, int length)
    {
        float floor = MathF.Floor(position);
        return (Math.Clamp((int)floor, 0, length - 1), Math.Clamp((int)floor + 1, 0, length - 1), position - floor);
    }
}
