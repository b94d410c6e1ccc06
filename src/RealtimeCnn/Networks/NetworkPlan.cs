using RealtimeCnn.Graphs;

namespace RealtimeCnn;

/// <summary>All that a network needs to run with one combination of input shapes. Made empty, then built unit by unit.</summary>
internal abstract class NetworkPlan : IDisposable
{
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
