using System.Runtime.CompilerServices;
using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>
/// The gradients of a convolution with a kernel for every output pixel, row-major: <c>dx</c>, where each output gives every element of its
/// window dy times its own weight, an item being one input channel of one picture; and <c>dweight[oh,ow,oc,ic,kh,kw] = Σ over n of
/// dy[n,oc,oh,ow]·x[n,ic,…]</c>, <c>dbias[oc,oh,ow] = Σ over n of dy[n,oc,oh,ow]</c>, an item being one output pixel. Sums run in order.
/// </summary>
internal static unsafe class LocallyConnectedGradientKernel
{
    public static CpuDispatch PlanInput(LocallyConnected2d layer, LayerCall call)
    {
        var x = call.Output.Shape;
        return CpuDispatch.Create(&Input, Constants.Of(layer, x), x.Batch * x.Channels, VectorPacking.Of(call, 0));
    }

    public static CpuDispatch PlanParameters(LocallyConnected2d layer, LayerCall call) =>
        CpuDispatch.Create(&Parameters, Constants.Of(layer, call.Inputs[1].Shape), layer.OutputSize.Height * layer.OutputSize.Width);

    [MethodImpl(KernelCode.Optimized)]
    private static void Input(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        int places = c.Output.Height * c.Output.Width, taps = c.Kernel.Height * c.Kernel.Width;
        for (int item = from; item < to; item++)
        {
            var (n, channel) = Math.DivRem(item, c.InChannels);
            float* dx = arguments->Output + ((long)item * c.Input.Height * c.Input.Width), dy = arguments->Inputs[0] + ((long)n * c.OutChannels * places);
            new Span<float>(dx, c.Input.Height * c.Input.Width).Clear();
            for (int place = 0; place < places; place++)
            {
                for (int tap = 0; tap < taps; tap++)
                {
                    if (c.Source(place, tap) is not (>= 0 and var at))
                        continue;
                    float* w = arguments->Weights[0] + (((((long)place * c.OutChannels) * c.InChannels) + channel) * taps) + tap;
                    for (int o = 0; o < c.OutChannels; o++, w += (long)c.InChannels * taps)
                        dx[at] = float.MultiplyAddEstimate(dy[((long)o * places) + place], *w, dx[at]);
                }
            }
        }
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void Parameters(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        int places = c.Output.Height * c.Output.Width, taps = c.Kernel.Height * c.Kernel.Width;
        for (int place = from; place < to; place++)
        {
            float* dw = arguments->Outputs[0] + ((long)place * c.OutChannels * c.InChannels * taps);
            for (int o = 0; o < c.OutChannels; o++)
            {
                float* dy = arguments->Inputs[0] + ((long)o * places) + place;
                for (int weight = 0; weight < c.InChannels * taps; weight++, dw++)
                    *dw = c.Source(place, weight % taps) is >= 0 and var at ? Sum(in c, dy, arguments->Inputs[1] + ((long)(weight / taps) * c.Input.Height * c.Input.Width) + at) : 0;
                float sum = 0;
                for (int n = 0; n < c.Batch && c.HasBias; n++)
                    sum += dy[(long)n * c.OutChannels * places];
                if (c.HasBias)
                    arguments->Outputs[1][((long)o * places) + place] = sum;
            }
        }
    }

    /// <summary>Over the pictures, of one element of each times one gradient.</summary>
    private static float Sum(in Constants c, float* dy, float* x)
    {
        float sum = 0;
        for (int n = 0; n < c.Batch; n++, dy += (long)c.OutChannels * c.Output.Height * c.Output.Width, x += (long)c.InChannels * c.Input.Height * c.Input.Width)
            sum = float.MultiplyAddEstimate(*dy, *x, sum);
        return sum;
    }

    private readonly record struct Constants(
        int Batch, int InChannels, int OutChannels, Size2d Input, Size2d Output, Size2d Kernel, Size2d Stride, Size2d Dilation, int Top, int Left, bool HasBias)
    {
        public static Constants Of(LocallyConnected2d layer, Shape x) => new(
            x.Batch, layer.InChannels, layer.OutChannels, layer.InputSize, layer.OutputSize, layer.Kernel, layer.Stride, layer.Dilation,
            layer.ExplicitPadding.Top, layer.ExplicitPadding.Left, layer.HasBias);

        /// <summary>The input pixel under one place of an output pixel's window, or −1 outside.</summary>
        public int Source(int place, int tap)
        {
            int row = (place / Output.Width * Stride.Height) - Top + (tap / Kernel.Width * Dilation.Height), column = (place % Output.Width * Stride.Width) - Left + (tap % Kernel.Width * Dilation.Width);
            return (uint)row < (uint)Input.Height && (uint)column < (uint)Input.Width ? (row * Input.Width) + column : -1;
        }
    }
}
