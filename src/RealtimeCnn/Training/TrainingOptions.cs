using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;

namespace RealtimeCnn.Training;

/// <summary>How a <see cref="TrainingNetwork"/> runs.</summary>
public sealed record TrainingOptions
{
    /// <summary>Most threads that work on a step, the caller's included; from 1 to 1024. Results do not depend on it.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Decides what is left to chance, such as which elements dropout drops; equal seeds give equal steps.</summary>
    public int Seed { get; init; }

    /// <summary>
    /// Names of nodes that stay as they are: their parameters get no gradients, and they run as at inference, so that the running
    /// statistics of a batch normalisation among them stay too.
    /// </summary>
    public IReadOnlyCollection<string> Frozen { get; init; } = [];

    /// <summary>Names of inputs that get gradients too: <see cref="TrainingNetwork.InputGradient"/>.</summary>
    public IReadOnlyCollection<string> InputGradients { get; init; } = [];

    /// <summary>Most plans kept, one for each combination of input shapes; at least 1.</summary>
    public int PlansKept { get; init; } = 4;

    /// <summary>Most bytes that one plan may take beside the graph's parameters: activations, gradients, saved values; 4 GiB by default.</summary>
    public long MaxActivationBytes { get; init; } = PlanOptions.DefaultMaxActivationBytes;

    /// <summary>How threads share work.</summary>
    internal SharingRule Sharing { get; init; } = SharingRule.Machine;

    /// <summary>The forward kernels to choose from; null for all of the CPU.</summary>
    internal KernelTable? Kernels { get; init; }

    /// <summary>The backward kernels to choose from; null for all of the CPU.</summary>
    internal KernelTable? Backward { get; init; }
}
