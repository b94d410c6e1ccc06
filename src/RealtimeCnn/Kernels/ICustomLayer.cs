namespace RealtimeCnn.Kernels;

/// <summary>
/// A layer that this library does not know: it brings its kernels along. A record that derives from <see cref="Layers.Layer"/>
/// implements it, in any assembly; docs/layers-from-outside.md shows one.
/// </summary>
public interface ICustomLayer
{
    /// <summary>
    /// Its kernels on any backend, the best first; the same list for equal layers. One for the CPU is needed to run anywhere, one
    /// for the GPU keeps the layer from being computed on the CPU in the middle of a mixed network.
    /// </summary>
    IReadOnlyList<CustomKernel> Kernels { get; }
}
