using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>The block <c>Params</c> of <c>include/pooling.glsl</c>.</summary>
internal readonly record struct PoolingParams(
    int Channels, int InHeight, int InWidth, int OutHeight,
    int OutWidth, int KernelHeight, int KernelWidth, int StrideHeight,
    int StrideWidth, int Top, int Left, int Bottom,
    int Right, int DilationHeight, int DilationWidth, int Count)
{
    public static PoolingParams Of(PoolingLayer layer, LayerCall call)
    {
        Shape x = call.Input.Shape, y = call.Output.Shape;
        var padding = layer.PaddingFor(x);
        return new PoolingParams(
            x.Channels, x.Height, x.Width, y.Height, y.Width,
            layer.Kernel.Height, layer.Kernel.Width, layer.Stride.Height, layer.Stride.Width,
            padding.Top, padding.Left, padding.Bottom, padding.Right, layer.Dilation.Height, layer.Dilation.Width,
            ConvolutionParams.Vectors(call.Output));
    }
}
