using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;

namespace RealtimeCnn.Tests.Textbook;

/// <summary>The CPU path with wrong results: each output is shifted by one element and a few percent too large or too small.</summary>
internal sealed class MiscomputingNetwork(CpuNetwork right, Random random) : INetwork
{
    public Graph Graph => right.Graph;

    public Graph Source => right.Source;

    public string Backend => "wrong";

    public string Choice => "wrong: to see who notices.";

    public (long Planned, long Naive) ActivationBytes => right.ActivationBytes;

    public static Func<Graph, RunMode, INetwork> Bind()
    {
        var random = new Random(7);
        return (graph, mode) => new MiscomputingNetwork(new CpuNetwork(graph, new NetworkOptions { Mode = mode }), random);
    }

    public string BackendOf(Node node) => Backend;

    public IReadOnlyList<Tensor> Run(params ReadOnlySpan<Tensor> inputs) => Run(inputs, CancellationToken.None);

    public IReadOnlyList<Tensor> Run(ReadOnlySpan<Tensor> inputs, CancellationToken cancellation)
    {
        var outputs = right.Run(inputs, cancellation);
        foreach (var output in outputs)
        {
            var span = output.Span;
            float first = span[0];
            for (int i = 0; i < span.Length; i++)
                span[i] = (i + 1 < span.Length ? span[i + 1] : first) * (0.95f + (0.1f * random.NextSingle()));
        }

        return outputs;
    }

    public NetworkProfile Profile(ReadOnlySpan<Tensor> inputs, CancellationToken cancellation = default) => right.Profile(inputs, cancellation);

    public Tensor Read(string node) => right.Read(node);

    public PlanBuild Prepare(params ReadOnlySpan<Shape> shapes) => right.Prepare(shapes);

    public void Dispose() => right.Dispose();
}
