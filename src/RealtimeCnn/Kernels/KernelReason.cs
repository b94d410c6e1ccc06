using RealtimeCnn.Graphs;

namespace RealtimeCnn.Kernels;

/// <summary>Why a plan took a kernel for a call, in the words of reports.</summary>
internal static class KernelReason
{
    /// <summary>The reason, read from what the choice was made of.</summary>
    /// <param name="options">What the plan was made for.</param>
    /// <param name="call">The call as it was when its kernel was chosen.</param>
    /// <param name="kernel">What was chosen.</param>
    public static string Of(PlanOptions options, LayerCall call, Kernel kernel)
    {
        if (options.Kernels.Forced.Contains(kernel))
            return "forced";
        if (options.Choice?.Find(options.Kernels, call) == kernel)
            return "measured";
        IReadOnlyList<Kernel> kernels = kernel.Gradient is not { } gradient
            ? options.Kernels.Of(call.Layer)
            : [.. options.Goal!.Backward.Of(call.Layer).Where(other => other.Gradient!.Gives(call.Forward!).Intersect(gradient.Gives(call.Forward!)).Any())];
        string[] refusals = [.. kernels.TakeWhile(other => other != kernel).Select(other => Refusal(other, call))];
        return refusals.Length > 0 ? $"first that fits: {string.Join(", ", refusals)}"
            : kernels.Count == 1 ? "the only one"
            : $"first of {kernels.Count}";
    }

    // Of a kernel of several nodes, a plan knows whether they were there and nobody else read between them; of a condition, only that it was not met.
    private static string Refusal(Kernel kernel, LayerCall call)
    {
        if (kernel.Fits(call))
            return $"{kernel.Name} would not pay";
        if (kernel.Block == null)
            return $"{kernel.Name} refused";
        var block = kernel.Block(call.Node);
        return $"{kernel.Name} {(block == null ? "found no block" : block.SequenceEqual(call.Nodes) ? "refused" : "had no block to itself")}";
    }
}
