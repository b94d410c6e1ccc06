using RealtimeCnn.Graphs;

namespace RealtimeCnn.Kernels;

/// <summary>
/// Which kernel to take for which call, by name: what a measurement on one machine found, as data that can be kept in a file. Calls
/// that it does not know take the first kernel that fits. Immutable.
/// </summary>
/// <param name="names">Names of kernels among those of their layer, such as <c>plain</c>, by <see cref="Key"/>.</param>
internal sealed class KernelChoice(IReadOnlyDictionary<string, string> names)
{
    /// <summary>In the place of a kernel's name, of several nodes: they are not computed together.</summary>
    public const string Apart = "layer by layer";

    /// <summary>What a measurement depends on: the backend, the layers with their hyper-parameters, and the shapes they work on.</summary>
    public static string Key(KernelTable table, LayerCall call) =>
        $"{table.Backend}: {string.Join(" → ", call.Nodes.Select(node => node.Layer))} of {string.Join(", ", call.Inputs.Select(input => input.Shape))}";

    /// <summary>Whether several nodes are computed together; null where nothing is known about them.</summary>
    public bool? Joins(KernelTable table, LayerCall call) => names.TryGetValue(Key(table, call), out string? name) ? name != Apart : null;

    /// <summary>The kernel for a call, or null where nothing is known about it.</summary>
    /// <exception cref="KeyNotFoundException">The named kernel does not exist, or does not compute the call: the data are of another version.</exception>
    public Kernel? Find(KernelTable table, LayerCall call)
    {
        string key = Key(table, call);
        if (!names.TryGetValue(key, out string? name))
            return null;
        var fitting = table.Fitting(call);
        return fitting.FirstOrDefault(kernel => kernel.Name == name)
            ?? throw new KeyNotFoundException($"'{name}' was chosen for {key}, where there are only: {string.Join(", ", fitting.Select(kernel => kernel.Name))}. Measure again.");
    }
}
