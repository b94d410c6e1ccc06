using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>Puts a border around the planes of a channel-blocked tensor, or takes it away: an item is a row of one plane of the output.</summary>
internal static unsafe class BorderKernel
{
    public static CpuDispatch Plan(LayerCall call)
    {
        var shape = call.Output.Shape;
        Border x = call.Input.Border, y = call.Output.Border;
        int rows = shape.Height + y.Top + y.Bottom;
        var constants = new Constants(shape.Height, shape.Width, x.Plane(shape), x.Pitch(shape), x.Origin(shape), y.Top, y.Left, y.Pitch(shape), rows, y.Mode);
        return CpuDispatch.Create(&Forward, constants, shape.Batch * BlockedLayout.Blocks(shape.Channels, Lanes.Count) * rows);
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void Forward(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        for (int item = from; item < to; item++)
        {
            int row = Window.Source((item % c.Rows) - c.Top, c.Height, c.Mode);
            float* output = arguments->Output + ((long)item * c.OutPitch * Lanes.Count);
            if (row < 0)
            {
                Lanes.Clear(output, c.OutPitch);
                continue;
            }

            float* source = arguments->Inputs[0] + ((((item / c.Rows) * (long)c.InPlane) + c.InOrigin + (row * (long)c.InPitch)) * Lanes.Count);
            long bytes = c.Width * (long)Lanes.Count * sizeof(float);
            Buffer.MemoryCopy(source, output + (c.Left * Lanes.Count), bytes, bytes);
            FillOutside(source, output, in c, 0, c.Left);
            FillOutside(source, output, in c, c.Left + c.Width, c.OutPitch);
        }
    }

    /// <summary>Pixels [from, to) of an output row, which the input does not have.</summary>
    [MethodImpl(KernelCode.Optimized)]
    private static void FillOutside(float* source, float* output, in Constants c, int from, int to)
    {
        for (int i = from; i < to; i++)
        {
            int column = Window.Source(i - c.Left, c.Width, c.Mode);
            Vector512.StoreAligned(column < 0 ? Vector512<float>.Zero : Vector512.Load(source + (column * (long)Lanes.Count)), output + (i * (long)Lanes.Count));
        }
    }

    private readonly record struct Constants(int Height, int Width, int InPlane, int InPitch, int InOrigin, int Top, int Left, int OutPitch, int Rows, PaddingMode Mode);
}
