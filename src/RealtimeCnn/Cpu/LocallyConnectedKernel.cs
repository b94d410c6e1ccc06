using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>
/// Convolution with a kernel for every output pixel: lane = output channel, an item is one output row of one block of 16 channels.
/// Weights are read once each, in order. Sums run over kh, kw, ic in that order.
/// </summary>
internal static unsafe class LocallyConnectedKernel
{
    public static CpuDispatch Plan(LocallyConnected2d layer, LayerCall call)
    {
        Shape x = call.Input.Shape, y = call.Output.Shape;
        var padding = layer.ExplicitPadding;
        var constants = new Constants(
            x.Channels, BlockedLayout.Blocks(x.Channels, Lanes.Count), x.Height, x.Width, y.Channels, BlockedLayout.Blocks(y.Channels, Lanes.Count), y.Height, y.Width,
            layer.Kernel, layer.Stride, layer.Dilation, padding.Top, padding.Left, layer.Activation);
        return CpuDispatch.Create(&Forward, constants, y.Batch * constants.OutBlocks * y.Height, layer.PackWeights(call, Lanes.Count, 1), layer.PackBias(call, Lanes.Count));
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void Forward(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        int area = c.InHeight * c.InWidth, taps = c.Kernel.Height * c.Kernel.Width;
        for (int item = from; item < to; item++)
        {
            int row = item % c.OutHeight, block = item / c.OutHeight % c.OutBlocks, n = item / c.OutHeight / c.OutBlocks;
            float* x = arguments->Inputs[0] + ((long)n * c.InBlocks * area * Lanes.Count);
            for (int column = 0; column < c.OutWidth; column++)
            {
                long place = ((((long)block * c.OutHeight) + row) * c.OutWidth) + column;
                float* w = arguments->Weights[0] + (place * taps * c.InChannels * Lanes.Count);
                var sum = Vector512.Load(arguments->Weights[1] + (place * Lanes.Count));
                for (int tap = 0; tap < taps; tap++, w += c.InChannels * Lanes.Count)
                {
                    int sourceRow = (row * c.Stride.Height) - c.Top + (tap / c.Kernel.Width * c.Dilation.Height);
                    int sourceColumn = (column * c.Stride.Width) - c.Left + (tap % c.Kernel.Width * c.Dilation.Width);
                    if ((uint)sourceRow >= (uint)c.InHeight || (uint)sourceColumn >= (uint)c.InWidth)
                        continue;
                    float* pixel = x + (((sourceRow * c.InWidth) + sourceColumn) * (long)Lanes.Count);
                    for (int ic = 0; ic < c.InChannels; ic++)
                    {
                        float value = pixel[((long)(ic / Lanes.Count) * area * Lanes.Count) + (ic % Lanes.Count)];
                        sum = Lanes.MultiplyAdd(Vector512.Create(value), Vector512.Load(w + (ic * Lanes.Count)), sum);
                    }
                }

                Vector512.StoreAligned(Lanes.KeepFirst(c.Activation.Apply(sum), c.OutChannels - (block * Lanes.Count)), arguments->Output + ((((long)item * c.OutWidth) + column) * Lanes.Count));
            }
        }
    }

    private readonly record struct Constants(
        int InChannels, int InBlocks, int InHeight, int InWidth, int OutChannels, int OutBlocks, int OutHeight, int OutWidth,
        Size2d Kernel, Size2d Stride, Size2d Dilation, int Top, int Left, Activation Activation);
}
