using RealtimeCnn.Graphs;

namespace RealtimeCnn.Kernels;

/// <summary>Why a plan took a kernel for a call, in the words of reports.</summary>
internal static class KernelReason
{
    /// <summary>What decided, in a word or three, read from what the choice was made of.</summary>
    /// <param name="options">What the plan was made for.</param>
    /// <param name="call">The call as it was when its kernel was chosen.</param>
    /// <param name="kernel">What was chosen.</param>
    public static string Of(PlanOptions options, LayerCall call, Kernel kernel)
    {
        if (options.Kernels.Forced.Contains(kernel))
            return "forced";
        if (options.Choice?.Find(options.Kernels, call) == kernel)
            return "measured";
        if (call.Nodes.Count > 1)
            return $"{call.Nodes.Count} in one";
        int fitting = Kernels(options, call, kernel).Count(other => other.Fits(call));
        return fitting > 1 ? $"best of {fitting}" : "only one";
    }

    /// <summary>The kernels that come before the chosen one, and what each lacked: <c>winograd 4×4 would not pay</c>.</summary>
    /// <param name="options">What the plan was made for.</param>
    /// <param name="call">The call as it was when its kernel was chosen.</param>
    /// <param name="kernel">What was chosen.</param>
    /// <param name="uses">How often each node of the graph is read.</param>
    /// <param name="shapes">Those of the graph's values.</param>
    public static string[] PassedOver(PlanOptions options, LayerCall call, Kernel kernel, IReadOnlyDictionary<Node, int> uses, Dictionary<Node, Shape[]> shapes)
    {
        return [.. Kernels(options, call, kernel).TakeWhile(other => other != kernel).Select(other => $"{other.Name} {Lack(other)}")];

        string Lack(Kernel other)
        {
            if (other.Fits(call))
                return "would not pay";
            if (other.Block == null)
                return "does not fit";
            if (other.Block(call.Node) is not { } block)
                return "found no block";
            if (block.SkipLast(1).Any(node => uses[node] > 1))
                return "has no block to itself";
            return other.Fits(LayerCall.Expected(block, shapes, options)) ? "would not pay" : "does not fit";
        }
    }

    // In order of preference.
    private static IEnumerable<Kernel> Kernels(PlanOptions options, LayerCall call, Kernel kernel) => kernel.Gradient is not { } gradient
        ? options.Kernels.Of(call.Layer)
        : options.Goal!.Backward.Of(call.Layer).Where(other => other.Gradient!.Gives(call.Forward!).Intersect(gradient.Gives(call.Forward!)).Any());
}
