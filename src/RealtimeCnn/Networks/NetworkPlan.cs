using RealtimeCnn.Graphs;

namespace RealtimeCnn;

/// <summary>All that a network needs to run with one combination of input shapes. Made empty, then built unit by unit.</summary>
internal abstract class NetworkPlan : IDisposable
{
    private (Parameter Parameter, bool IsFinite)[] _chosenBy = [];
    private ParameterStore? _store;
    private long _seen;

    /// <summary>The tensors that runs give their outputs in; they live as long as the plan.</summary>
    public Tensor[] Outputs { get; private protected set; } = [];

    /// <summary>Bytes of activations, and those without using memory twice.</summary>
    public abstract (long Planned, long Naive) ActivationBytes { get; }

    /// <summary>Builds it, one unit a step. To be disposed whether or not it came to an end.</summary>
    public abstract IEnumerable<double> Build();

    /// <summary>Computes <see cref="Outputs"/>. Allocates nothing.</summary>
    public abstract void Run(ReadOnlySpan<Tensor> inputs, CancellationToken cancellation);

    /// <summary>The same, with the duration of each step.</summary>
    public abstract IReadOnlyList<StepTime> Profile(ReadOnlySpan<Tensor> inputs, CancellationToken cancellation);

    /// <summary>The value of a node after a run, as a new tensor.</summary>
    public abstract Tensor Read(Node node);

    /// <summary>Notes which of a graph's parameters kernels were chosen by, once the plan is built.</summary>
    public void NoteChoices(Graph graph)
    {
        (_store, _seen) = (graph.Store, graph.Store.Version);
        _chosenBy = [.. graph.Parameters.Where(parameter => parameter.WasAskedForFinite).Select(parameter => (parameter, parameter.IsFinite))];
    }

    /// <summary>Whether its kernels would still be chosen: parameters that were finite are, and those that were not are not. Allocates nothing.</summary>
    public bool Holds()
    {
        if (_store == null || _store.Version == _seen)
            return true;
        _seen = _store.Version;
        foreach (var (parameter, isFinite) in _chosenBy)
        {
            if (parameter.IsFinite != isFinite)
                return false;
        }

        return true;
    }

    public virtual void Dispose()
    {
        foreach (var output in Outputs)
            output.Dispose();
        Outputs = [];
    }

    /// <summary>Makes the tensors of some shapes; none where there is no memory for all.</summary>
    private protected static Tensor[] MakeTensors(IEnumerable<Shape> shapes)
    {
        var tensors = new List<Tensor>();
        try
        {
            tensors.AddRange(shapes.Select(shape => new Tensor(shape)));
            return [.. tensors];
        }
        catch
        {
            tensors.ForEach(tensor => tensor.Dispose());
            throw;
        }
    }
}
