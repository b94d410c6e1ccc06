using System.Runtime.CompilerServices;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>The gradient of a maximum over groups of channels, row-major: all of it goes to the first largest; a NaN is the largest. An item is one output channel.</summary>
internal static unsafe class MaxoutGradientKernel
{
    public static CpuDispatch Plan(Maxout layer, LayerCall call) =>
        CpuDispatch.Create(&Backward, new Constants(layer.Pieces, call.Input.Shape.Area), call.Input.Shape.Batch * call.Input.Shape.Channels);

    [MethodImpl(KernelCode.Optimized)]
    private static void Backward(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        for (int item = from; item < to; item++)
        {
            float* dy = arguments->Inputs[0] + ((long)item * c.Area), y = arguments->Inputs[2] + ((long)item * c.Area);
            float* x = arguments->Inputs[1] + ((long)item * c.Pieces * c.Area), dx = arguments->Output + ((long)item * c.Pieces * c.Area);
            for (int i = 0; i < c.Area; i++)
            {
                bool isOpen = true;
                for (long at = i; at < (long)c.Pieces * c.Area; at += c.Area)
                {
                    bool isTaken = isOpen && (x[at] == y[i] || (float.IsNaN(x[at]) && float.IsNaN(y[i])));
                    dx[at] = isTaken ? dy[i] : 0;
                    isOpen &= !isTaken;
                }
            }
        }
    }

    private readonly record struct Constants(int Pieces, int Area);
}
