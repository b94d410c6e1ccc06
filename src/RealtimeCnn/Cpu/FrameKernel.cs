using System.Runtime.CompilerServices;
using RealtimeCnn.Graphs;
using RealtimeCnn.Images;

namespace RealtimeCnn.Cpu;

/// <summary>The run's frame as a row-major picture, for layers that read no rows of it. An item is a run of rows.</summary>
internal static unsafe class FrameKernel
{
    /// <summary>Most items, each of which has memory of its own when as many threads are at work.</summary>
    private const int MostItems = 32;

    /// <summary>Whether the input is a frame.</summary>
    public static bool Fits(LayerCall call) => call.Input.Element.IsFrame();

    public static CpuDispatch Plan(LayerCall call)
    {
        var shape = call.Output.Shape;
        var constants = new Constants(Math.Min(Math.Max(shape.Height, shape.Width), MostItems), FramePlanes.WorkFloats(Math.Max(shape.Height, shape.Width), shape.Channels));
        return CpuDispatch.Create(&Forward, constants, constants.Items).WithScratch((long)constants.Items * constants.Floats);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Forward(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        ref readonly var frame = ref arguments->Run->Frame;
        long rows = frame.Down.Length;
        FramePlanes.Write(in frame, (int)(from * rows / c.Items), (int)(to * rows / c.Items), arguments->Output, arguments->Scratch[0] + ((nint)from * c.Floats));
    }

    /// <param name="Items">What the rows are cut into.</param>
    /// <param name="Floats">Memory of an item.</param>
    private readonly record struct Constants(int Items, int Floats);
}
