using System.Runtime.CompilerServices;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>Padding and cutting in any layout.</summary>
internal static class PadKernel
{
    public static Dispatch[] Plan(Pad layer, LayerCall call)
    {
        int channels = call.Output.Layout == Layout.Blocked ? call.Output.Shape.Channels : 0;
        var axes = layer.Axes(call, GpuKernels.Block);
        var constants = new Params { Count = ConvolutionParams.Vectors(call.Output), Mode = (int)layer.Mode, Value = layer.Value, Channels = channels, Axes = axes };
        for (int axis = 0; axis < axes.Rank; axis++)
            constants.By[axis] = new AxisDivisors(IndexDivisor.By(axes[axis].Output), IndexDivisor.By(Period(layer.Mode, axes[axis].Kept)));
        return [new Dispatch("layers/pad.comp", Dispatch.Bytes(constants), Dispatch.Flat(constants.Count), Operand.Of(0))];
    }

    /// <summary>Elements after which sources repeat outside of an axis.</summary>
    private static int Period(PadMode mode, int kept) => mode == PadMode.Reflect ? Math.Max(2 * (kept - 1), 1) : kept;

    private readonly record struct AxisDivisors(IndexDivisor ByOutput, IndexDivisor ByPeriod);

    private struct Params
    {
        public int Count, Mode;
        public float Value;
        public int Channels;
        public EachAxis By;
        public PadAxes Axes;
    }

    [InlineArray(Shape.MaxRank)]
    private struct EachAxis
    {
        private AxisDivisors _first;
    }
}
