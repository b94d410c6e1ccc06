using RealtimeCnn.Kernels;

namespace RealtimeCnn.Graphs;

/// <summary>What a training plan differentiates: the graph's first output, one number, with respect to parameters and inputs.</summary>
/// <param name="Backward">The backend's backward kernels.</param>
/// <param name="Parameters">The parameters that get gradients.</param>
/// <param name="Frozen">Names of nodes that run as at inference.</param>
/// <param name="InputGradients">Names of the inputs that get gradients too.</param>
internal sealed record TrainingGoal(KernelTable Backward, IReadOnlySet<Parameter> Parameters, IReadOnlySet<string> Frozen, IReadOnlySet<string> InputGradients)
{
    /// <summary>The goal of training a graph: all its parameters, but constants, statistics and those of frozen nodes.</summary>
    public static TrainingGoal Of(Graph graph, KernelTable backward, IReadOnlyCollection<string>? frozen = null, IReadOnlyCollection<string>? inputGradients = null)
    {
        var names = (frozen ?? []).ToHashSet();
        var parameters = new HashSet<Parameter>();
        foreach (var node in graph.Nodes.Where(node => node.Layer is not Layers.Constant && !names.Contains(node.Name)))
            parameters.UnionWith(node.Parameters.Where((_, i) => !node.Layer.Parameters[i].IsStatistic));
        return new TrainingGoal(backward, parameters, names, (inputGradients ?? []).ToHashSet());
    }

    /// <summary>Whether a parameter of a node gets a gradient.</summary>
    public bool Trains(Node node, int parameter) => Parameters.Contains(node.Parameters[parameter]);
}

/// <summary>The values of a node's forward step, as its backward steps may read them.</summary>
/// <param name="Call">The forward call; its outputs include what the kernel saved.</param>
/// <param name="Inputs">What the forward kernel read, in its layouts.</param>
/// <param name="Outputs">What the layer gave.</param>
/// <param name="Saved">What the kernel saved.</param>
internal sealed record ForwardStep(LayerCall Call, PlanValue[] Inputs, PlanValue[] Outputs, PlanValue[] Saved);

/// <summary>The next value of a parameter that is measured, not trained.</summary>
internal sealed record StatisticUpdate(Parameter Parameter, PlanValue Value);

/// <summary>What the backward steps of a plan compute.</summary>
/// <param name="Parameters">By parameter; those that several nodes share have one.</param>
/// <param name="Inputs">By input node; those that the goal asks for.</param>
internal sealed record PlanGradients(IReadOnlyDictionary<Parameter, PlanValue> Parameters, IReadOnlyDictionary<Node, PlanValue> Inputs)
{
    public IEnumerable<PlanValue> Values => Parameters.Values.Concat(Inputs.Values);
}
