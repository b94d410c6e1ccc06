using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;

namespace RealtimeCnn.Cpu;

/// <summary>Which steps several threads compute: those with so much work that handing it over costs less than it saves. A pure rule.</summary>
internal static class SharingRule
{
    /// <summary>
    /// Least operations of a shared step, as <see cref="Layers.Layer.Operations"/> counts them. Threads that wait for work get and report it
    /// in about a microsecond, in which one thread alone does some ten thousand operations.
    /// </summary>
    public const long LeastOperations = 1 << 14;

    /// <summary>Whether a call is worth sharing. Of blocks, gradients and layers from outside the plan does not know the work: they are shared.</summary>
    public static bool IsShared(LayerCall call) =>
        call.Nodes.Count > 1 || call.Forward != null || call.Layer is ICustomLayer
        || call.Layer.Operations([.. call.Inputs.Select(input => input.Shape)], call.Output.Shape) >= LeastOperations;
}
