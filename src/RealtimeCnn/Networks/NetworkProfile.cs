namespace RealtimeCnn;

/// <summary>A run whose steps were timed one by one.</summary>
/// <param name="Outputs">As <see cref="INetwork.Run(ReadOnlySpan{Tensor})"/> gives them: the network's, until its next run or its disposal.</param>
/// <param name="Steps">What was computed, in order. Work that depends on parameters alone is no part of a run.</param>
public sealed record NetworkProfile(IReadOnlyList<Tensor> Outputs, IReadOnlyList<StepTime> Steps);

/// <summary>One step of a run: what a kernel computed, why this kernel, and how long it took.</summary>
public sealed record StepTime
{
    /// <summary>Nodes that the step computes, in order: one, or those that a kernel computes together. A conversion of layouts has the name of the node whose value it converts.</summary>
    public required IReadOnlyList<string> Nodes { get; init; }

    /// <summary>Where it ran: <c>cpu</c> or <c>gpu</c>.</summary>
    public required string Backend { get; init; }

    /// <summary>Layer and name of the kernel, as <see cref="NetworkOptions.ForcedKernels"/> takes it.</summary>
    public required string Kernel { get; init; }

    /// <summary>
    /// Why this kernel was taken, in a few words: <c>best of 4</c> that compute the layer, by the rules of the backend, <c>only one</c>, <c>3 in one</c> of nodes that it
    /// computes together, <c>measured</c> (<c>rtcnn tune</c>), or <c>forced</c>.
    /// </summary>
    public required string Reason { get; init; }

    /// <summary>The kernels that the backend would rather have taken, and why it did not: <c>winograd 4×4 would not pay</c>.</summary>
    public IReadOnlyList<string> PassedOver { get; init; } = [];

    /// <summary>Shape of the step's first output.</summary>
    public required Shape Output { get; init; }

    /// <summary>Multiply-accumulates of the nodes' layers; 0 where they do no such work. A kernel may get by with fewer.</summary>
    public required long MultiplyAccumulates { get; init; }

    /// <summary>
    /// Bytes of all that the step reads and writes, each once and as it lies in memory: values, what the kernel has for itself, and
    /// parameters, as float32. Less cannot move where nothing of it is in a cache.
    /// </summary>
    public required long Bytes { get; init; }

    /// <summary>Kernel launches on the GPU, or jobs of the threads on the CPU.</summary>
    public required int Dispatches { get; init; }

    /// <summary>
    /// Duration in milliseconds: on the CPU and on software OpenGL by the processor's clock, on a GPU by its timers. NaN where a GPU's
    /// timers gave an answer that cannot be true.
    /// </summary>
    public required double Milliseconds { get; init; }
}
