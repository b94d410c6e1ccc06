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
    /// <summary>Whether windows share out the whole input instead of having a fixed extent.</summary>
    public int IsAdaptive { get; init; }

    /// <summary>Whether an average also counts the elements of the padding.</summary>
    public int CountIncludePad { get; init; }

    /// <summary>The exponent of a norm, or the smallest base of a generalized mean.</summary>
    public float Constant { get; init; }

    /// <summary>Of the lanes that share a window, how many lie beside one another along its columns, as a power of two.</summary>
    public int LaneShift { get; init; }

    /// <summary>What places are divided by.</summary>
    public PoolingDivisors Divisors { get; init; }

    /// <summary>Most rows and columns of the input that a window sees.</summary>
    public Size2d Seen => IsAdaptive == 0
        ? new Size2d(Math.Min(KernelHeight, InHeight), Math.Min(KernelWidth, InWidth))
        : new Size2d(LargestShare(InHeight, OutHeight), LargestShare(InWidth, OutWidth));

    /// <summary>Windows of fixed extent.</summary>
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

    /// <summary>Windows that share out the whole input: adaptive pooling, and with one output pixel global pooling.</summary>
    public static PoolingParams Adaptive(LayerCall call)
    {
        Shape x = call.Input.Shape, y = call.Output.Shape;
        return default(PoolingParams) with
        {
            Channels = x.Channels,
            InHeight = x.Height,
            InWidth = x.Width,
            OutHeight = y.Height,
            OutWidth = y.Width,
            Count = ConvolutionParams.Vectors(call.Output),
            IsAdaptive = 1,
        };
    }

    // A share begins and ends inside an element.
    private static int LargestShare(int length, int parts) => parts == 0 ? 0 : Math.Min(length, (length / parts) + 2);
}
