using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>Layers that work along one axis of row-major memory: <see cref="Gather"/>, <see cref="OneHot"/>, <see cref="CumSum"/>, <see cref="ArgMax"/>, <see cref="ArgMin"/>, <see cref="TopK"/>.</summary>
internal static class AxisKernels
{
    public static Dispatch[] Plan(Gather layer, LayerCall call)
    {
        var axis = AxisGeometry.Of(call.Input.Shape, layer.Axis);
        int count = ConvolutionParams.Vectors(call.Output);
        int indices = call.Inputs[1].Shape.Count;
        byte[] constants = Dispatch.Bytes(new GatherParams(count, call.Output.Shape.Count, axis.Extent, axis.Inner, IndexDivisor.By(axis.Inner), IndexDivisor.By(indices), indices));
        return [new Dispatch("layers/gather.comp", constants, Dispatch.Flat(count), Operand.Of(0), Operand.Of(1))];
    }

    public static Dispatch[] Plan(OneHot layer, LayerCall call)
    {
        var axis = AxisGeometry.Of(call.Output.Shape, layer.Axis);
        int count = ConvolutionParams.Vectors(call.Output);
        byte[] constants = Dispatch.Bytes(new OneHotParams(count, call.Output.Shape.Count, axis.Extent, axis.Inner, IndexDivisor.By(axis.Inner), IndexDivisor.By(axis.Extent), layer.Off, layer.On));
        return [new Dispatch("layers/one_hot.comp", constants, Dispatch.Flat(count), Operand.Of(0))];
    }

    public static Dispatch[] Plan(CumSum layer, LayerCall call)
    {
        var axis = AxisGeometry.Of(call.Input.Shape, layer.Axis);
        var dispatches = new List<Dispatch>();
        for (int from = 0; from < axis.Extent; from += Math.Min(Lanes.MostTurns, axis.Extent - from))
        {
            int end = from + Math.Min(Lanes.MostTurns, axis.Extent - from);
            byte[] constants = Dispatch.Bytes(new CumSumParams(axis.Runs, axis.Extent, axis.Inner, layer.Exclusive ? 1 : 0, IndexDivisor.By(axis.Inner), layer.Reverse ? 1 : 0, from, end));
            dispatches.Add(new Dispatch("layers/cum_sum.comp", constants, Dispatch.Flat(axis.Runs), Operand.Of(0)));
        }

        return [.. dispatches];
    }

    public static Dispatch[] Plan(ArgExtremeLayer layer, LayerCall call, GlLimits limits)
    {
        var axis = AxisGeometry.Of(call.Input.Shape, layer.Axis);
        int count = ConvolutionParams.Vectors(call.Output);
        byte[] constants = Dispatch.Bytes(new ArgParams(count, axis.Runs, axis.Extent, axis.Inner, IndexDivisor.By(axis.Inner), layer.SelectLast ? 1 : 0, layer.Direction));
        int lanes = Lanes.For(4L * (axis.Extent + 2), limits);
        return [Dispatch.Shared("layers/arg_extreme.comp", constants, count, lanes, $"{layer.GetType().Name} over {axis.Extent} elements", Operand.Of(0))];
    }

    public static Dispatch[] Plan(TopK layer, LayerCall call, GlLimits limits)
    {
        var axis = AxisGeometry.Of(call.Input.Shape, layer.Axis);
        // Each element walks the whole axis: beyond a plain group's reach there is no end to it.
        int lanes = Lanes.For(axis.Extent, limits);
        return [.. Enumerable.Range(0, 2).Select(output =>
        {
            byte[] constants = Dispatch.Bytes(new TopKParams(call.Input.Shape.Count, axis.Extent, axis.Inner, layer.K, IndexDivisor.By(axis.Inner), IndexDivisor.By(axis.Extent), output, layer.Largest ? 1 : -1));
            return Dispatch.Shared("layers/top_k.comp", constants, call.Input.Shape.Count, lanes <= Lanes.Group ? lanes : 0, $"TopK of {axis.Extent} elements", Operand.Of(0)) with { Writes = Operand.Output(output) };
        })];
    }

    private readonly record struct GatherParams(int Count, int Elements, int Extent, int Inner, IndexDivisor ByInner, IndexDivisor ByIndices, int Indices);

    private readonly record struct OneHotParams(int Count, int Elements, int Depth, int Inner, IndexDivisor ByInner, IndexDivisor ByDepth, float Off, float On);

    private readonly record struct CumSumParams(int Runs, int Extent, int Inner, int Exclusive, IndexDivisor ByInner, int Reverse, int From, int End);

    private readonly record struct ArgParams(int Count, int Elements, int Extent, int Inner, IndexDivisor ByInner, int SelectLast, float Direction);

    private readonly record struct TopKParams(int Count, int Extent, int Inner, int K, IndexDivisor ByInner, IndexDivisor ByExtent, int Indices, float Direction);
}
