namespace RealtimeCnn.OpenGL;

/// <summary>What <see cref="KernelTuner"/> measured of one call, with its layer and shapes.</summary>
/// <param name="Nodes">The nodes of the network that make this call.</param>
/// <param name="Output">Shape of the result.</param>
/// <param name="Kernels">What was tried; first what a plan takes without a measurement.</param>
/// <param name="Chosen">The name of the one that plans take from now on.</param>
public sealed record TunedStep(IReadOnlyList<string> Nodes, Shape Output, IReadOnlyList<TunedKernel> Kernels, string Chosen)
{
    /// <summary>How many times faster the chosen kernel is than the one that a plan takes without a measurement; at least 1.</summary>
    public double Gain => Kernels[0].Milliseconds / Kernels.First(kernel => kernel.Name == Chosen).Milliseconds;
}

/// <summary>One kernel that was tried.</summary>
/// <param name="Name">Its name among the kernels of its layer.</param>
/// <param name="Milliseconds">Least of some runs; NaN where it does not count.</param>
/// <param name="Problem">Why it does not count: it does not compute what the plain kernel does, or the driver refuses it. Null where it counts.</param>
public sealed record TunedKernel(string Name, double Milliseconds, string? Problem);
