using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>Row-major to channel-blocked and back, where the layout pass asks for it.</summary>
internal static class LayoutConversionKernel
{
    /// <summary>Whether planes are whole vec4s, of which an invocation turns four over.</summary>
    public static bool FitsQuads(LayerCall call) => call.Output.Shape is { Count: > 0 } shape && shape.Area % GpuKernels.Block == 0;

    public static Dispatch[] PlanQuads(LayerCall call)
    {
        var shape = call.Output.Shape;
        int blocks = BlockedLayout.Blocks(shape.Channels, GpuKernels.Block), area = shape.Area / GpuKernels.Block;
        return Plan(call, "_quads", checked(shape.Batch * blocks * area), area, blocks);
    }

    public static Dispatch[] Plan(LayerCall call)
    {
        var shape = call.Output.Shape;
        return Plan(call, "", ConvolutionParams.Vectors(call.Output), shape.Area, call.Layer is ToBlocked ? BlockedLayout.Blocks(shape.Channels, GpuKernels.Block) : shape.Channels);
    }

    private static Dispatch[] Plan(LayerCall call, string suffix, int count, int area, int planes)
    {
        var shape = call.Output.Shape;
        var constants = new Params(count, shape.Channels, area, shape.Count, IndexDivisor.By(area), IndexDivisor.By(planes));
        string shader = call.Layer is ToBlocked ? "to_blocked" : "to_plain";
        return [new Dispatch($"layers/{shader}{suffix}.comp", Dispatch.Bytes(constants), Dispatch.Flat(count), Operand.Of(0))];
    }

    private readonly record struct Params(int Count, int Channels, int Area, int Elements, IndexDivisor ByArea, IndexDivisor ByPlanes);
}
