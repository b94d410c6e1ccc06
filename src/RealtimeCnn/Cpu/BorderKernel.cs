using System.Runtime.CompilerServices;
using RealtimeCnn.Graphs;

namespace RealtimeCnn.Cpu;

/// <summary>Puts zeros around the planes of a channel-blocked tensor, or takes them away: an item is a row of one plane of the output.</summary>
internal static unsafe class BorderKernel
{
    public static CpuDispatch Plan(LayerCall call)
    {
        var shape = call.Output.Shape;
        Border x = call.Input.Border, y = call.Output.Border;
        int rows = shape.Height + y.Top + y.Bottom;
        var constants = new Constants(shape.Height, shape.Width, x.Plane(shape), x.Pitch(shape), x.Origin(shape), y.Top, y.Left, y.Pitch(shape), rows);
        return CpuDispatch.Create(&Forward, constants, shape.Batch * BlockedLayout.Blocks(shape.Channels, Lanes.Count) * rows);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Forward(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        for (int item = from; item < to; item++)
        {
            int row = (item % c.Rows) - c.Top;
            var output = new Span<float>(arguments->Output + ((long)item * c.OutPitch * Lanes.Count), c.OutPitch * Lanes.Count);
            if ((uint)row >= (uint)c.Height)
            {
                output.Clear();
                continue;
            }

            long source = ((long)(item / c.Rows) * c.InPlane) + c.InOrigin + (row * (long)c.InPitch);
            output[..(c.Left * Lanes.Count)].Clear();
            new ReadOnlySpan<float>(arguments->Inputs[0] + (source * Lanes.Count), c.Width * Lanes.Count).CopyTo(output[(c.Left * Lanes.Count)..]);
            output[((c.Left + c.Width) * Lanes.Count)..].Clear();
        }
    }

    private readonly record struct Constants(int Height, int Width, int InPlane, int InPitch, int InOrigin, int Top, int Left, int OutPitch, int Rows);
}
