using RealtimeCnn.Graphs.Passes;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Graphs;

/// <summary>
/// Adds the backward steps to a plan: reverse-mode differentiation of its graph's first output. Nodes are walked from the last to the
/// first; each hands the gradients of its outputs on to its inputs and parameters by the kernels of the backward table, and gradients
/// that come together at a value or a parameter are summed.
/// </summary>
/// <remarks>Source: Linnainmaa 1970; Griewank and Walther 2008, "Evaluating Derivatives", chapter 3.</remarks>
internal sealed class BackwardPass(Plan plan, Graph graph, TrainingGoal goal)
{
    private readonly Dictionary<(Node, int Output), List<PlanValue>> _arrived = [];
    private readonly Dictionary<Parameter, List<PlanValue>> _parameters = [];
    private readonly Dictionary<Node, PlanValue> _inputs = [];
    private readonly HashSet<Node> _reached = [];
    private readonly Dictionary<Node, int> _uses = GraphRewriter.CountUses(graph);

    /// <summary>What the steps compute; null until they are all there.</summary>
    public PlanGradients? Gradients { get; private set; }

    /// <summary>The work of adding them, a node a unit.</summary>
    /// <exception cref="NotSupportedException">A gradient has to pass a layer that has no backward kernel for it; the message names it.</exception>
    /// <exception cref="ShapeException">The first output is not one number, or a gradient is too large to address.</exception>
    public IEnumerable<double> Units()
    {
        var loss = graph.Outputs[0];
        FindReached();
        VerifySlopes(loss);
        Arrive(loss, 0, Filled(loss, LossShape(loss), 1));
        double done = 0;
        foreach (var node in graph.Nodes.Reverse())
        {
            if (node.Layer is Input)
                TakeInput(node);
            else if (node.Layer is NodeOutput output)
                HandOn(node, output);
            else if (_reached.Contains(node))
                Differentiate(node);
            yield return ++done / graph.Nodes.Count;
        }

        Gradients = new PlanGradients(ParameterGradients(), _inputs);
    }

    /// <summary>Marks the nodes whose value depends on something that gets a gradient: gradients need to come no further.</summary>
    private void FindReached()
    {
        foreach (var node in graph.Nodes)
        {
            bool own = node.Layer is Input ? goal.InputGradients.Contains(node.Name) : Enumerable.Range(0, node.Parameters.Count).Any(parameter => goal.Trains(node, parameter));
            if (own || node.Inputs.Where((input, i) => node.Layer.HasSlopes(i) && _reached.Contains(input)).Any())
                _reached.Add(node);
        }
    }

    /// <summary>What the loss depends on by steps alone, such as what an index or a comparison is made of, cannot be trained.</summary>
    private void VerifySlopes(Node loss)
    {
        HashSet<Node> all = [loss], sloped = [loss];
        foreach (var node in graph.Nodes.Reverse().Where(all.Contains))
        {
            all.UnionWith(node.Inputs);
            if (sloped.Contains(node))
                sloped.UnionWith(node.Inputs.Where((_, i) => node.Layer.HasSlopes(i)));
        }

        if (graph.Nodes.FirstOrDefault(node => all.Contains(node) && !sloped.Contains(node) && Enumerable.Range(0, node.Parameters.Count).Any(parameter => goal.Trains(node, parameter))) is not { } cut)
            return;
        HashSet<Node> behind = [cut];
        foreach (var node in graph.Nodes.Where(node => node.Inputs.Any(behind.Contains)))
            behind.Add(node);
        var end = graph.Nodes.First(node => sloped.Contains(node) && node.Inputs.Any(behind.Contains));
        throw new NotSupportedException($"{cut} cannot be trained: the loss depends on it only through {end}, whose value changes by steps and has no slope. Freeze it.");
    }

    private Shape LossShape(Node loss)
    {
        var shape = plan.Values[loss].Info.Shape;
        return shape.Count == 1 ? shape : throw new ShapeException($"{loss}: only one number can be differentiated; it gives {shape}.");
    }

    private void TakeInput(Node node)
    {
        if (!goal.InputGradients.Contains(node.Name))
            return;
        var value = plan.Values[node];
        _inputs[node] = plan.Convert(node, Sum(node, 0) ?? Filled(node, value.Info.Shape, 0), Layout.Plain);
    }

    private void HandOn(Node node, NodeOutput output)
    {
        if (Sum(node, 0) is { } gradient)
            Arrive(node.Inputs[0], output.Index, gradient);
    }

    private void Differentiate(Node node)
    {
        var forward = plan.ForwardOf(node);
        PlanValue?[] arrived = forward.Outputs.Map((_, i) => Sum(node, i));
        if (arrived.All(gradient => gradient == null))
            return;
        PlanValue[] gradients = arrived.Map((gradient, i) => gradient ?? Filled(node, forward.Outputs[i].Info.Shape, 0));
        var wanted = Wanted(node).ToList();
        while (wanted.Count > 0)
        {
            var (kernel, call, given) = Choose(node, forward, gradients, wanted[0]);
            var values = Emit(kernel, call, forward, gradients);
            for (int i = 0; i < given.Count; i++)
            {
                if (!wanted.Remove(given[i]))
                    continue;
                var value = SumRepeats(node, values[i], ShapeOf(node, forward, given[i]));
                if (given[i].IsParameter)
                    Arrive(node.Parameters[given[i].Index], value);
                else
                    Arrive(call.Nodes[0].Inputs[given[i].Index], 0, value);
            }
        }
    }

    private IEnumerable<GradientTarget> Wanted(Node node) =>
    [
        .. Enumerable.Range(0, node.Inputs.Count).Where(input => node.Layer.HasSlopes(input) && _reached.Contains(node.Inputs[input])).Select(GradientTarget.Input),
        .. Enumerable.Range(0, node.Parameters.Count).Where(parameter => goal.Trains(node, parameter)).Select(GradientTarget.Parameter),
    ];

    private (Kernel Kernel, LayerCall Call, IReadOnlyList<GradientTarget> Given) Choose(Node node, ForwardStep forward, PlanValue[] gradients, GradientTarget target)
    {
        foreach (var kernel in goal.Backward.Of(node.Layer))
        {
            var given = kernel.Gradient!.Gives(forward.Call);
            if (!given.Contains(target))
                continue;
            var call = new LayerCall(
                [node], [.. Reads(kernel, [node], forward, gradients).Select(value => value.Info)],
                given.Map(one => new TensorInfo(kernel.Gradient.Spread?.Invoke(forward.Call, one) ?? ShapeOf(node, forward, one), Layout.Plain)))
            {
                Mode = forward.Call.Mode, Forward = forward.Call,
            };
            if (kernel.Fits(call))
            {
                var joined = ActivationBefore(node) is { } before ? call with { Nodes = [before, node] } : call;
                return (kernel, joined != call && kernel.Gradient.TakesSlope?.Invoke(joined) == true ? joined : call, given);
            }
        }

        string what = target.IsParameter ? $"its {node.Layer.Parameters[target.Index].Name}" : node.Inputs.Count == 1 ? "its input" : $"its input {target.Index}";
        throw new NotSupportedException(
            $"{node} cannot be trained: there is no backward kernel for the gradient of {what}. Freeze everything before it, or use another layer.");
    }

    /// <summary>The activation that gives a node its input, and nobody else a value.</summary>
    private Node? ActivationBefore(Node node) => node.Inputs is [{ Layer: ActivationLayer } before] && _uses[before] == 1 ? before : null;

    private PlanValue[] Emit(Kernel kernel, LayerCall call, ForwardStep forward, PlanValue[] gradients)
    {
        var (node, choice) = (call.Node, kernel.Layouts(call));
        PlanValue[] inputs = [.. Reads(kernel, call.Nodes, forward, gradients).Select((value, i) => plan.Convert(node, value, choice.Of(i)))];
        TensorInfo[] infos = call.Outputs.Map((info, i) => plan.Addressable(node, info with { Format = choice.OfOutput(i) }));
        return choice.IsAlias
            ? infos.Map(info => new PlanValue(info) { Origin = inputs[0] })
            : plan.Emit(kernel, call with { Inputs = inputs.Map(value => value.Info), Outputs = infos }, inputs);
    }

    private static Shape ShapeOf(Node node, ForwardStep forward, GradientTarget target) =>
        target.IsParameter ? node.Parameters[target.Index].Shape : forward.Inputs[target.Index].Info.Shape;

    /// <summary>The gradient of what was repeated: the sum over the axes along which it was.</summary>
    private PlanValue SumRepeats(Node node, PlanValue gradient, Shape target)
    {
        var spread = gradient.Info.Shape;
        if (spread == target)
            return gradient;
        var padded = Broadcasting.Padded(target, spread.Rank);
        var sum = new Reduce(ReduceFunction.Sum, [.. Enumerable.Range(0, spread.Rank).Where(axis => padded[axis] != spread[axis])]);
        var kept = plan.Convert(node, sum.Axes.Count == 0 ? gradient : Forward(new Node(node.Name, sum, [node], []), [gradient], padded), Layout.Plain);
        return padded == target ? kept : new PlanValue(kept.Info with { Shape = target }) { Origin = kept };
    }

    private static IEnumerable<PlanValue> Reads(Kernel kernel, IReadOnlyList<Node> nodes, ForwardStep forward, PlanValue[] gradients)
    {
        var reads = kernel.Gradient!.Reads | (nodes.Count > 1 ? ForwardValues.Inputs : ForwardValues.None);
        return gradients
            .Concat(reads.HasFlag(ForwardValues.Inputs) ? forward.Inputs : [])
            .Concat(reads.HasFlag(ForwardValues.Outputs) ? forward.Outputs : [])
            .Concat(reads.HasFlag(ForwardValues.Saved) ? forward.Saved : []);
    }

    private void Arrive(Node node, int output, PlanValue gradient) => List(_arrived, (node, output)).Add(gradient);

    private void Arrive(Parameter parameter, PlanValue gradient) => List(_parameters, parameter).Add(gradient);

    /// <summary>All that arrived at an output of a node, or null where nothing did.</summary>
    private PlanValue? Sum(Node node, int output) => _arrived.Remove((node, output), out var arrived) ? Sum(node, arrived) : null;

    private PlanValue Sum(Node node, List<PlanValue> terms)
    {
        if (terms.Count == 1)
            return terms[0];
        TensorFormat format = terms[0].Info.Layout;
        return Forward(new Node(node.Name, new GradientSum(), terms.Map(_ => node), []), terms.Map(term => plan.Convert(node, term, format)), terms[0].Info.Shape);
    }

    /// <summary>A parameter that the loss does not depend on has a gradient of zeros.</summary>
    private Dictionary<Parameter, PlanValue> ParameterGradients()
    {
        var gradients = new Dictionary<Parameter, PlanValue>();
        foreach (var node in graph.Nodes)
        {
            for (int i = 0; i < node.Parameters.Count; i++)
            {
                var parameter = node.Parameters[i];
                if (goal.Trains(node, i) && !gradients.ContainsKey(parameter))
                    gradients[parameter] = _parameters.TryGetValue(parameter, out var arrived) ? Sum(node, arrived) : Filled(node, parameter.Shape, 0);
            }
        }

        return gradients;
    }

    private PlanValue Filled(Node node, Shape shape, float value) => Forward(new Node(node.Name, new Filled(shape, value), [], []), [], shape);

    /// <summary>Adds a forward step to the backward ones.</summary>
    private PlanValue Forward(Node node, PlanValue[] inputs, Shape output)
    {
        var call = new LayerCall(node, inputs.Map(value => value.Info), new TensorInfo(output, Layout.Plain));
        var kernel = plan.Kernels.Choose(call);
        var choice = kernel.Layouts(call);
        PlanValue[] read = inputs.Map((value, i) => plan.Convert(node, value, choice.Of(i)));
        call = call with { Inputs = read.Map(value => value.Info), Outputs = [plan.Addressable(node, call.Output with { Format = choice.Output })] };
        return plan.Emit(kernel, call, read)[0];
    }

    private static List<PlanValue> List<TKey>(Dictionary<TKey, List<PlanValue>> lists, TKey key)
        where TKey : notnull
    {
        if (!lists.TryGetValue(key, out var list))
            lists[key] = list = [];
        return list;
    }
}
