namespace RealtimeCnn.Kernels;

/// <summary>A layer that no table knows: it brings its kernels along.</summary>
internal interface ICustomLayer
{
    /// <summary>Its kernels on any backend, the best first.</summary>
    IReadOnlyList<Kernel> Kernels { get; }
}
