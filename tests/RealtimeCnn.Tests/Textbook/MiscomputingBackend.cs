using RealtimeCnn.Graphs;
using RealtimeCnn.Textbook;

namespace RealtimeCnn.Tests.Textbook;

/// <summary>The CPU path with wrong results: each output is shifted by one element and a few percent too large or too small.</summary>
internal sealed class MiscomputingBackend : IBackend
{
    private readonly CpuBackend _right = new();
    private readonly Random _random = new(7);

    public string Name => "wrong";

    public IBoundNetwork Bind(Graph graph, RunMode mode = default) => new WrongNetwork(_right.Bind(graph, mode), _random);

    private sealed class WrongNetwork(IBoundNetwork right, Random random) : IBoundNetwork
    {
        public Graph Graph => right.Graph;

        public (long Planned, long Naive) ActivationBytes => right.ActivationBytes;

        public Tensor[] Run(params ReadOnlySpan<Tensor> inputs)
        {
            var outputs = right.Run(inputs);
            foreach (var output in outputs)
            {
                var span = output.Span;
                float first = span[0];
                for (int i = 0; i < span.Length; i++)
                    span[i] = (i + 1 < span.Length ? span[i + 1] : first) * (0.95f + (0.1f * random.NextSingle()));
            }

            return outputs;
        }

        public void Dispose() => right.Dispose();
    }
}
