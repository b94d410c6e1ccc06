using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Tests.Live;

/// <summary>A layer that gives its input back, when it is let: a network as slow as a test wants it.</summary>
/// <param name="Gate">Each release lets one picture through.</param>
internal sealed record GatedLayer(SemaphoreSlim Gate) : Layer, ICustomLayer
{
    private static readonly CustomKernel[] Brought =
    [
        CustomKernel.OnCpu<GatedLayer>((layer, _) => new CpuWork(1, (in CpuMemory memory, int _, int _) =>
        {
            layer.Gate.Wait();
            memory.Input(0).CopyTo(memory.Output());
        })),
    ];

    public IReadOnlyList<CustomKernel> Kernels => Brought;

    public override Shape InferShape(ReadOnlySpan<Shape> inputs) => inputs[0];
}
