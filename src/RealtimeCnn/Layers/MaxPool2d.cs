using System.Runtime.Intrinsics;
using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;

namespace RealtimeCnn.Layers;

/// <summary>
/// Keeps the largest value of each window: <c>y[n,c,oh,ow] = max over kh,kw of x[n,c, oh·SH − top + kh·DH, ow·SW − left + kw·DW]</c>.
/// Padding never wins: a position outside the input is skipped, not counted as zero.
/// </summary>
/// <param name="Kernel">Extent of the window, in elements, each at least 1.</param>
/// <remarks>Shapes: <c>[N, C, H, W] → [N, C, OH, OW]</c> with OH and OW by <see cref="Window.Count"/>. NaN wins. Source: ONNX MaxPool.</remarks>
public sealed record MaxPool2d(Size2d Kernel) : PoolingLayer(Kernel)
{
    internal override unsafe CpuDispatch PlanCpu(LayerCall call)
    {
        var geometry = PoolingGeometry.Of(this, call);
        return CpuDispatch.Create(&Forward, geometry, geometry.Planes * geometry.OutHeight);
    }

    private static unsafe void Forward(CpuArguments* arguments, int from, int to)
    {
        ref readonly var g = ref *(PoolingGeometry*)arguments->Constants;
        for (int item = from; item < to; item++)
        {
            int plane = item / g.OutHeight, row = item % g.OutHeight;
            float* x = arguments->Inputs[0] + ((long)plane * g.InHeight * g.InWidth * 16);
            float* y = arguments->Output + ((long)item * g.OutWidth * 16);
            for (int column = 0; column < g.OutWidth; column++, y += 16)
            {
                var largest = Vector512.Create(float.NegativeInfinity);
                for (int kh = 0; kh < g.KernelHeight; kh++)
                {
                    int sourceRow = (row * g.StrideHeight) - g.Top + (kh * g.DilationHeight);
                    if ((uint)sourceRow >= (uint)g.InHeight)
                        continue;
                    for (int kw = 0; kw < g.KernelWidth; kw++)
                    {
                        int sourceColumn = (column * g.StrideWidth) - g.Left + (kw * g.DilationWidth);
                        if ((uint)sourceColumn < (uint)g.InWidth)
                            largest = Vector512.Max(largest, Vector512.Load(x + ((((long)sourceRow * g.InWidth) + sourceColumn) * 16)));
                    }
                }

                Vector512.StoreAligned(largest, y);
            }
        }
    }
}
