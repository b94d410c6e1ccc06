using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Graphs.Passes;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Training;

/// <summary>
/// A graph with a loss, bound to the CPU to be trained: each step runs it forward in training mode and backward, and leaves the
/// gradient of every parameter; whoever trains changes the parameters between steps. Steps depend on inputs, parameters, seed and
/// number alone, to the bit, for any number of threads, and allocate nothing once a plan is made. One thread at a time. The graph must
/// live as long as the network.
/// </summary>
public sealed class TrainingNetwork : IDisposable
{
    private readonly PlanOptions _planOptions;
    private readonly PlanCache<StepPlan> _plans;
    private readonly Fusion _passes;
    private readonly Graph _graph;
    private readonly Graph _fused;
    private readonly LossTerm[] _terms;
    private readonly Shape[] _shapes;
    private readonly float[] _losses;
    private readonly Lock _gate = new();
    private bool _hasStepped;
    private bool _isDisposed;

    /// <summary>Prepares training; plans are made at the first step with each combination of input shapes.</summary>
    /// <param name="graph">What to train. Its parameters are changed in place.</param>
    /// <param name="loss">What the first output is compared with a target by.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <exception cref="ArgumentException">A node to freeze, or an input to differentiate by, does not exist.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is less than one thread or more than 1024, or less than one plan kept.</exception>
    /// <exception cref="ShapeException">The loss does not take the graph's first output.</exception>
    public TrainingNetwork(Graph graph, Loss loss, TrainingOptions? options = null)
        : this(graph, [new LossTerm(loss)], options)
    {
    }

    /// <summary>Prepares training of several outputs at once; plans are made at the first step with each combination of input shapes.</summary>
    /// <param name="graph">What to train. Its parameters are changed in place.</param>
    /// <param name="terms">What is made small: the sum of these losses, each times its weight; at least one.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <exception cref="ArgumentException">There is no term, an output, a node to freeze, or an input to differentiate by, does not exist, or a weight is not finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is less than one thread or more than 1024, or less than one plan kept.</exception>
    /// <exception cref="ShapeException">A loss does not take its output.</exception>
    public TrainingNetwork(Graph graph, IReadOnlyList<LossTerm> terms, TrainingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(terms);
        options ??= new TrainingOptions();
        VerifyTerms(graph, terms);
        WorkerPool.Verify(options.Threads);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.PlansKept, 1);
        VerifyNames(options.Frozen, graph.Nodes, "node", "to freeze");
        VerifyNames(options.InputGradients, graph.Inputs, "input", "to differentiate by");
        (_graph, _terms) = (graph, [.. terms]);
        _passes = new Fusion(WithLosses(graph, _terms), new NetworkOptions { Mode = RunMode.Training(), MaxActivationBytes = options.MaxActivationBytes });
        _passes.Units().Finish();
        _fused = FuseNormalization.Run(_passes.Result!, options.Frozen.ToHashSet());
        var goal = TrainingGoal.Of(graph, options.Backward ?? CpuKernels.Backward, options.Frozen, options.InputGradients);
        _planOptions = new PlanOptions(options.Kernels ?? CpuKernels.Table, MaxActivationBytes: options.MaxActivationBytes) { Mode = RunMode.Training(options.Seed), Goal = goal, IsShared = options.Threads > 1 };
        _plans = new PlanCache<StepPlan>(options.PlansKept);
        _shapes = new Shape[graph.Inputs.Count + 1];
        _losses = new float[_terms.Length];
        Parameters = [.. graph.Parameters.Where(goal.Parameters.Contains).Select(parameter => new TrainedParameter(this, parameter))];
        Pool = new WorkerPool(options.Threads, options.Sharing);
    }

    /// <summary>Every parameter that is trained, in the order of the graph's nodes; those that several nodes share once.</summary>
    public IReadOnlyList<TrainedParameter> Parameters { get; }

    /// <summary>Steps made so far. Set it to go on where another network stopped: chance depends on it.</summary>
    public long Steps { get; set; }

    /// <summary>What the graph gave in the last step, an output each. They belong to the network and hold until its next step.</summary>
    /// <exception cref="InvalidOperationException">There was no step yet.</exception>
    public IReadOnlyList<Tensor> Outputs => Last.Outputs;

    /// <summary>What each term of the loss came to in the last step, before its weight.</summary>
    public IReadOnlyList<float> Losses => _losses;

    /// <summary>Bytes of activations, gradients and saved values that the last step's plan needs, and those it would need if no memory were used twice.</summary>
    /// <exception cref="InvalidOperationException">There was no step yet.</exception>
    public (long Planned, long Naive) ActivationBytes => (LastPlan.ArenaBytes, LastPlan.NaiveBytes);

    /// <summary>The threads that work on a step.</summary>
    internal WorkerPool Pool { get; }

    /// <summary>The plan of the last step.</summary>
    internal Plan LastPlan => Last.Plan.Plan;

    private StepPlan Last => _isDisposed ? throw new ObjectDisposedException(nameof(TrainingNetwork)) : (_hasStepped ? _plans.Current! : throw new InvalidOperationException($"There was no step yet, or the last one was cancelled: call {nameof(Backpropagate)} first."));

    /// <summary>One step for a graph of one input.</summary>
    /// <inheritdoc cref="Backpropagate(ReadOnlySpan{Tensor}, Tensor, CancellationToken)"/>
    public float Backpropagate(Tensor input, Tensor target, CancellationToken cancellation = default) => Backpropagate([input], target, cancellation);

    /// <summary>
    /// Runs the graph forward in training mode, compares its outputs with the target, and runs it backward: gradients of all
    /// parameters hold until the next step, and running statistics have moved. Changing the parameters is left to the caller.
    /// </summary>
    /// <param name="inputs">One tensor for each input of the graph, in order; borrowed for the call.</param>
    /// <param name="target">What the outputs should have been, as the losses take it, the first axis being the batch; borrowed for the call.</param>
    /// <param name="cancellation">
    /// Ends the step between two layers. Parameters, statistics and <see cref="Steps"/> are then as before it, and there are no gradients
    /// until the next one.
    /// </param>
    /// <returns>The loss.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="ShapeException">The shapes do not fit the network or the loss, or it would need more memory than <see cref="TrainingOptions.MaxActivationBytes"/>.</exception>
    /// <exception cref="ArgumentException">An element of the target is not possible.</exception>
    /// <exception cref="NotSupportedException">A gradient has to pass a layer that cannot be trained; the message names it.</exception>
    /// <exception cref="ObjectDisposedException">The network or a tensor was disposed.</exception>
    /// <exception cref="InvalidOperationException">Another thread is using the network, or this one is editing a parameter.</exception>
    public float Backpropagate(ReadOnlySpan<Tensor> inputs, Tensor target, CancellationToken cancellation = default) => Step(inputs, target, isTimed: false, out _, cancellation);

    /// <summary>The same step with the time that each of its parts takes, forward and backward: what a step costs, and where.</summary>
    /// <inheritdoc cref="Backpropagate(ReadOnlySpan{Tensor}, Tensor, CancellationToken)"/>
    /// <returns>What was computed, in order.</returns>
    public IReadOnlyList<StepTime> Profile(ReadOnlySpan<Tensor> inputs, Tensor target, CancellationToken cancellation = default)
    {
        Step(inputs, target, isTimed: true, out var times, cancellation);
        return times;
    }

    /// <summary>The gradient of one parameter after the last step, in the order of its shape: a new tensor, the caller's.</summary>
    /// <param name="parameter">Node and parameter, such as <c>linear1.weight</c>.</param>
    /// <exception cref="KeyNotFoundException">No such parameter is trained; the message lists those that are.</exception>
    /// <exception cref="InvalidOperationException">There was no step yet.</exception>
    public Tensor Gradient(string parameter)
    {
        var found = Parameters.FirstOrDefault(trained => trained.Name == parameter)
            ?? throw new KeyNotFoundException($"No parameter '{parameter}' is trained. Those that are: {string.Join(", ", Parameters.Select(trained => trained.Name))}.");
        return new Tensor(found.Parameter.Shape, found.Gradient);
    }

    /// <summary>The gradient of one input after the last step: a new tensor, the caller's.</summary>
    /// <param name="input">Name of an input of the graph.</param>
    /// <exception cref="KeyNotFoundException"><see cref="TrainingOptions.InputGradients"/> did not name it.</exception>
    /// <exception cref="InvalidOperationException">There was no step yet.</exception>
    public Tensor InputGradient(string input)
    {
        if (!_planOptions.Goal!.InputGradients.Contains(input))
            throw new KeyNotFoundException($"To read the gradient of input '{input}', name it in {nameof(TrainingOptions)}.{nameof(TrainingOptions.InputGradients)}.");
        var value = Last.Plan.Plan.Gradients!.Inputs[_fused[input]];
        return new Tensor(value.Info.Shape, Last.Plan.Read(value)[..value.Info.Shape.Count]);
    }

    /// <summary>Frees plans, packed parameters and threads; the graph stays, with its parameters as they are.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_isDisposed)
                return;
            _isDisposed = true;
            _plans.Dispose();
            Pool.Dispose();
            _passes.Dispose();
        }
    }

    /// <summary>The gradient of a parameter after the last step.</summary>
    internal ReadOnlySpan<float> GradientOf(Parameter parameter) => Last.Plan.Read(Last.Plan.Plan.Gradients!.Parameters[parameter])[..parameter.Shape.Count];

    private float Step(ReadOnlySpan<Tensor> inputs, Tensor target, bool isTimed, out StepTime[] times, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(target);
        if (!_gate.TryEnter())
            throw new InvalidOperationException("The network makes a step on another thread. Give each thread a graph and a network of its own.");
        try
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return StepAlone(inputs, target, isTimed, out times, cancellation);
        }
        finally
        {
            _gate.Exit();
        }
    }

    private float StepAlone(ReadOnlySpan<Tensor> inputs, Tensor target, bool isTimed, out StepTime[] times, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        ShapeInference.VerifyInputCount(_graph, inputs.Length);
        for (int i = 0; i < inputs.Length; i++)
            _shapes[i] = inputs[i].Shape;
        _shapes[^1] = target.Shape;
        var step = PlanFor(_shapes);
        step.VerifyTargets(target);
        _hasStepped = false;
        step.TakeInputs(inputs);
        step.TakeTargets(target);
        step.Plan.Step = unchecked((uint)Steps);
        times = [];
        if (isTimed)
            times = step.Plan.Plan.Describe("cpu", step.Plan.Profile(cancellation));
        else
            step.Plan.Run(cancellation);
        _plans.Use(step);
        _hasStepped = true;
        Steps++;
        return step.Finish();
    }

    private StepPlan PlanFor(Shape[] shapes)
    {
        if (_plans.Find(_planOptions, shapes) is { } plan)
            return plan;
        plan = new StepPlan(this, shapes);
        _plans.Add(_planOptions, shapes, plan);
        return plan;
    }

    /// <summary>The graph with an input for each term's target behind its own, and the sum and every loss before its outputs. It owns nothing.</summary>
    private static Graph WithLosses(Graph graph, LossTerm[] terms)
    {
        var shapes = graph.InferShapes();
        var inputs = new List<Node>(graph.Inputs);
        var losses = new List<Node>();
        foreach (var (term, number) in terms.Select((term, i) => (term, i + 1)))
        {
            var prediction = graph.Outputs[term.Output];
            inputs.Add(new Node(FreeName(graph, "target", number), new Input(term.Loss.TargetShape(shapes[prediction])), [], []));
            losses.Add(new Node(FreeName(graph, "loss", number), term.Loss, [prediction, inputs[^1]], []));
        }

        var sum = terms is [{ Weight: 1 }] ? losses[0] : new Node(FreeName(graph, "losses", 1), new LossSum([.. terms.Select(term => term.Weight)]), losses, []);
        return new Graph(inputs, [sum, .. losses, .. graph.Outputs], []);
    }

    private static void VerifyTerms(Graph graph, IReadOnlyList<LossTerm> terms)
    {
        if (terms.Count == 0)
            throw new ArgumentException("There is no loss to train by.", nameof(terms));
        foreach (var term in terms)
        {
            if (term.Output < 0 || term.Output >= graph.Outputs.Count || !float.IsFinite(term.Weight))
                throw new ArgumentException($"A loss of output {term.Output} with weight {term.Weight} is not possible: the graph has {graph.Outputs.Count} outputs, from 0 on, and weights are finite.", nameof(terms));
        }
    }

    private static void VerifyNames(IEnumerable<string> names, IReadOnlyList<Node> nodes, string what, string why)
    {
        if (names.FirstOrDefault(name => nodes.All(node => node.Name != name)) is { } missing)
            throw new ArgumentException($"There is no {what} '{missing}' {why}. The graph has: {string.Join(", ", nodes.Select(node => node.Name))}.");
    }

    /// <summary>A name that no node has: <c>target</c>, <c>target2</c>, …</summary>
    private static string FreeName(Graph graph, string wanted, int number)
    {
        string name = number == 1 ? wanted : $"{wanted}{number}";
        while (graph.Nodes.Any(node => node.Name == name))
            name += "'";
        return name;
    }

    /// <summary>A plan together with the tensors it gives its outputs in, and the statistics it moves.</summary>
    private sealed class StepPlan : IDisposable
    {
        private readonly TrainingNetwork _network;
        private readonly int _inputs;

        public StepPlan(TrainingNetwork network, ReadOnlySpan<Shape> shapes)
        {
            (_network, _inputs) = (network, network._graph.Inputs.Count);
            var plan = Graphs.Plan.Build(network._fused, [.. shapes[..^1], .. TargetShapes(shapes)], network._planOptions);
            Plan = new CpuPlan(plan, network.Pool);
            try
            {
                Plan.Units().Finish();
                Outputs = [.. plan.Outputs.Skip(1 + network._terms.Length).Select(output => new Tensor(output.Info.Shape))];
            }
            catch
            {
                Plan.Dispose();
                throw;
            }
        }

        public CpuPlan Plan { get; }

        public Tensor[] Outputs { get; }

        /// <exception cref="ArgumentException">An element of the target is not possible.</exception>
        public void VerifyTargets(Tensor target)
        {
            for (int t = 0; t < _network._terms.Length; t++)
            {
                var (loss, prediction) = (_network._terms[t].Loss, Outputs[_network._terms[t].Output].Shape);
                if (_network._terms[t].Target is not { } range)
                {
                    loss.VerifyTarget(prediction, target.Span);
                    continue;
                }

                int each = target.Shape.Count / target.Shape[0];
                for (int n = 0; n < target.Shape[0]; n++)
                    loss.VerifyTarget(prediction, target.Span.Slice(n * each, each)[range]);
            }
        }

        /// <summary>Steps read inputs where the caller has them, but for those that the memory plan keeps elsewhere.</summary>
        public unsafe void TakeInputs(ReadOnlySpan<Tensor> inputs)
        {
            for (int i = 0; i < inputs.Length; i++)
            {
                var value = Plan.Plan.Inputs[i];
                if (!Plan.TryMove(value, inputs[i].Pointer))
                    inputs[i].Span.CopyTo(Plan.Read(value));
            }
        }

        /// <summary>Gives each loss its part of the target.</summary>
        public void TakeTargets(Tensor target)
        {
            for (int t = 0; t < _network._terms.Length; t++)
            {
                var memory = Plan.Read(Plan.Plan.Inputs[_inputs + t]);
                if (_network._terms[t].Target is not { } range)
                {
                    target.Span.CopyTo(memory);
                    continue;
                }

                int each = target.Shape.Count / target.Shape[0];
                for (int n = 0; n < target.Shape[0]; n++)
                {
                    var part = target.Span.Slice(n * each, each)[range];
                    part.CopyTo(memory[(n * part.Length)..]);
                }
            }
        }

        /// <summary>Takes what a run left: outputs, losses and statistics. Gives the sum of the losses.</summary>
        public float Finish()
        {
            int losses = _network._losses.Length;
            for (int i = 0; i < losses; i++)
                _network._losses[i] = Plan.Read(Plan.Plan.Outputs[i + 1])[0];
            for (int i = 0; i < Outputs.Length; i++)
                Plan.Read(Plan.Plan.Outputs[i + 1 + losses])[..Outputs[i].Shape.Count].CopyTo(Outputs[i].Span);
            for (int i = 0; i < Plan.Plan.Updates.Count; i++)
            {
                var (parameter, value) = Plan.Plan.Updates[i];
                parameter.Write(Plan.Read(value)[..parameter.Shape.Count]);
            }

            return Plan.Read(Plan.Plan.Outputs[0])[0];
        }

        public void Dispose()
        {
            Plan.Dispose();
            foreach (var output in Outputs)
                output.Dispose();
        }

        /// <summary>The shape in which each loss takes its part of a target of the last of these shapes.</summary>
        private Shape[] TargetShapes(ReadOnlySpan<Shape> shapes)
        {
            var target = shapes[^1];
            var terms = _network._terms;
            if (terms.All(term => term.Target == null))
                return [.. terms.Select(_ => target)];
            var predictions = _network._graph.InferShapes(shapes[..^1]);
            int batch = target.Rank > 0 ? target[0] : 0, each = batch > 0 ? target.Count / batch : 0;
            return [.. terms.Select(term => term.Target is { } range ? Part(term, range) : target)];

            Shape Part(LossTerm term, Range range)
            {
                var wanted = term.Loss.TargetShape(predictions[_network._graph.Outputs[term.Output]]);
                int last = range.End.GetOffset(each), first = range.Start.GetOffset(each);
                return first >= 0 && first <= last && last <= each && (long)batch * (last - first) == wanted.Count
                    ? wanted
                    : throw new ShapeException($"elements {range} of each of {batch} targets of {each} elements are no {wanted}, which the loss of output {term.Output} takes.");
            }
        }
    }
}
