using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>Padding and cutting in any layout.</summary>
internal static class PadKernel
{
    public static Dispatch[] Plan(Pad layer, LayerCall call)
    {
        int channels = call.Output.Layout == Layout.Blocked ? call.Output.Shape.Channels : 0;
        var constants = new Params(ConvolutionParams.Vectors(call.Output), (int)layer.Mode, layer.Value, channels, layer.Axes(call, GpuKernels.Block));
        return [new Dispatch("layers/pad.comp", Dispatch.Bytes(constants), Dispatch.Flat(constants.Count), Operand.Of(0))];
    }

    private readonly record struct Params(int Count, int Mode, float Value, int Channels, PadAxes Axes);
}
