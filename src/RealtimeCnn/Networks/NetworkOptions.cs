using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;

namespace RealtimeCnn;

/// <summary>How a network runs, wherever it does.</summary>
public sealed record NetworkOptions
{
    /// <summary>
    /// Most threads that work on what the CPU computes, the caller's included; from 1 to 1024. A plan takes fewer where more would not
    /// make it faster, never more than there are processors. Results do not depend on it.
    /// </summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>
    /// What it is for: inference by default; <see cref="RunMode.Training"/> to see what layers do while a network is trained. A run
    /// never changes the graph's parameters, running statistics included; to train, see <see cref="Training.TrainingNetwork"/>.
    /// </summary>
    public RunMode Mode { get; init; }

    /// <summary>Whether layers are fused before planning; off, every node of the graph is computed as it stands.</summary>
    public bool Optimize { get; init; } = true;

    /// <summary>Whether every node's value stays readable after a run, at the cost of memory.</summary>
    public bool KeepAll { get; init; }

    /// <summary>Most plans kept, one for each combination of input shapes; at least 1. The one of the last run is always kept.</summary>
    public int PlansKept { get; init; } = 4;

    /// <summary>
    /// Kernels to take for their layers instead of the best that fits, such as <c>ConvolutionLayer/plain</c>: to compare, or to pass a
    /// fault by. A name that does not exist is an error that lists those that do.
    /// </summary>
    public IReadOnlyList<string> ForcedKernels { get; init; } = [];

    /// <summary>
    /// Most bytes that one plan may take beside the graph's parameters: activations, results, working memory; 4 GiB by default. A run
    /// that needs more is refused before any of it is taken. Lower it for models that are not trusted.
    /// </summary>
    public long MaxActivationBytes { get; init; } = PlanOptions.DefaultMaxActivationBytes;

    /// <summary>What lies in memory as halves; nothing by default. For what OpenGL computes.</summary>
    public HalfStorage Halves { get; init; }

    /// <summary>What values between steps are stored as.</summary>
    internal ElementType Storage { get; init; }

    /// <summary>The kernels to choose from; null for all of the backend.</summary>
    internal KernelTable? Kernels { get; init; }

    /// <summary>Kernels that were measured to be the best for their calls; null where nothing was measured.</summary>
    internal KernelChoice? Choice { get; init; }

    /// <summary>How threads share work.</summary>
    internal SharingRule Sharing { get; init; } = SharingRule.Machine;

    /// <summary>What builds measure their budget with.</summary>
    internal TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <exception cref="ArgumentOutOfRangeException">A number is not possible.</exception>
    internal NetworkOptions Verified()
    {
        WorkerPool.Verify(Threads);
        ArgumentOutOfRangeException.ThrowIfLessThan(PlansKept, 1);
        return this;
    }

    /// <summary>How plans are made from some kernels.</summary>
    /// <exception cref="KeyNotFoundException">A kernel that is to be forced does not exist.</exception>
    internal PlanOptions ForPlans(KernelTable kernels) =>
        new((Kernels ?? kernels).Forcing(ForcedKernels), KeepAll: KeepAll, MaxActivationBytes: MaxActivationBytes, Storage: Halves == HalfStorage.All ? ElementType.Float16 : Storage)
        {
            Mode = Mode,
            Choice = Choice,
            Weights = Halves == HalfStorage.None ? ElementType.Float32 : ElementType.Float16,
        };
}
