using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>
/// The gradients of a transposed convolution are those of the convolution that it transposes, with x and dy having changed places: dx is
/// the convolution of dy with the same weight, dweight the gradient by the weight of a convolution from dy to x; <c>dbias = Σ dy</c>.
/// </summary>
internal static unsafe class ConvTransposeGradients
{
    /// <summary>The convolution from the output back to an input of a shape, whose weight <c>[In, Out / Groups, KH, KW]</c> is the same.</summary>
    public static Conv2d AsConvolution(ConvTranspose2d layer, Shape x) => new(layer.OutChannels, layer.InChannels, layer.Kernel)
    {
        Stride = layer.Stride, Padding = layer.PaddingFor(x), Dilation = layer.Dilation, Groups = layer.Groups, HasBias = false,
    };

    /// <summary>Whether the tile computes the gradient by the input.</summary>
    public static bool FitsTiles(ConvTranspose2d layer, LayerCall call) => AsConvolution(call) is var forward && TileKernel.Fits((Conv2d)forward.Layer, forward);

    /// <summary>The formats of that.</summary>
    public static LayoutChoice TileFormats(LayerCall call) => TileKernel.Formats(AsConvolution(call));

    /// <summary>The work of that.</summary>
    public static CpuDispatch PlanTiles(ConvTranspose2d layer, LayerCall call)
    {
        var forward = AsConvolution(call);
        return TileKernel.Plan((Conv2d)forward.Layer, forward);
    }

    /// <summary>The plain gradient by the input.</summary>
    public static CpuDispatch PlanInput(ConvTranspose2d layer, LayerCall call)
    {
        var forward = AsConvolution(call);
        return ConvolutionKernel.Plan((Conv2d)forward.Layer, forward);
    }

    /// <summary>The backward call by the input as a forward call of that convolution.</summary>
    private static LayerCall AsConvolution(LayerCall call)
    {
        var layer = AsConvolution((ConvTranspose2d)call.Layer, call.Output.Shape);
        return call with { Nodes = [new Node(call.Node.Name, layer, [call.Node], [call.Parameters[0]])] };
    }

    /// <summary>The gradient by the bias: an item is one block of 16 channels, summed over n, h, w in that order.</summary>
    public static CpuDispatch PlanBias(LayerCall call)
    {
        var y = call.Input.Shape;
        int blocks = BlockedLayout.Blocks(y.Channels, Lanes.Count);
        return CpuDispatch.Create(&Bias, new Constants(y.Batch, blocks, y.Area, y.Channels), blocks);
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void Bias(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        for (int block = from; block < to; block++)
        {
            Vector512<double> lowerSum = default, upperSum = default;
            for (int n = 0; n < c.Batch; n++)
            {
                float* dy = arguments->Inputs[0] + ((((long)n * c.Blocks) + block) * c.Area * Lanes.Count);
                for (int i = 0; i < c.Area; i++, dy += Lanes.Count)
                {
                    var (lower, upper) = Vector512.Widen(Vector512.Load(dy));
                    lowerSum += lower;
                    upperSum += upper;
                }
            }

            Lanes.KeepFirst(Vector512.Narrow(lowerSum, upperSum), c.Channels - (block * Lanes.Count)).Store(arguments->Output + (block * Lanes.Count));
        }
    }

    private readonly record struct Constants(int Batch, int Blocks, int Area, int Channels);
}
