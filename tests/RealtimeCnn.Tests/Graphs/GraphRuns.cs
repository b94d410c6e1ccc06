using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.SelfTests.Oracles;
using RealtimeCnn.Tests.Oracles;

namespace RealtimeCnn.Tests.Graphs;

/// <summary>What tests of whole graphs share: random inputs, and the same graph run in two ways.</summary>
public static class GraphRuns
{
    /// <summary>Inputs uniform in [−1, 1], of the declared shapes or others. The caller disposes them.</summary>
    public static Tensor[] RandomInputs(Graph graph, int seed, params Shape[] shapes)
    {
        var random = new Random(seed);
        return [.. (shapes.Length == 0 ? graph.InputShapes : shapes).Select(shape =>
        {
            var tensor = new Tensor(shape);
            foreach (ref float value in tensor.Span)
                value = (random.NextSingle() * 2) - 1;
            return tensor;
        })];
    }

    /// <summary>Gives normalisations statistics, scales and biases that are not the identity, and biases that are not zero.</summary>
    public static void RandomizeAffine(Graph graph, int seed)
    {
        var random = new Random(seed);
        foreach (var node in graph.Nodes)
        {
            var specs = node.Layer.Parameters;
            for (int i = 0; i < specs.Count; i++)
            {
                if (specs[i].FanIn > 0 || node.Layer is RealtimeCnn.Layers.Constant)
                    continue;
                using var edit = node.Parameters[i].Edit();
                foreach (ref float value in edit.Values)
                    value = specs[i].Initial == 1 ? 0.5f + random.NextSingle() : (random.NextSingle() - 0.5f) * 0.2f;
            }
        }
    }

    /// <summary>The outputs of a graph as it stands, without passes. The caller disposes them.</summary>
    public static Tensor[] RunAsItStands(Graph graph, Tensor[] inputs, RunMode mode = default) => Run(graph, inputs, optimize: false, mode);

    /// <summary>The outputs of a graph. The caller disposes them.</summary>
    public static Tensor[] Run(Graph graph, Tensor[] inputs, bool optimize = true, RunMode mode = default)
    {
        using var network = new CpuNetwork(graph, new NetworkOptions { Threads = 2, Sharing = SharingRule.Finest, Optimize = optimize, Mode = mode });
        return [.. network.Run(inputs).Select(output => output.Clone())];
    }

    public static void AssertClose(Tensor[] expected, Tensor[] actual, double tolerance, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Closeness.Assert(DoubleTensor.Of(expected[i]), actual[i], tolerance, $"{what}, output {i}");
    }

    public static void Dispose(params Tensor[][] tensors)
    {
        foreach (var tensor in tensors.SelectMany(each => each))
            tensor.Dispose();
    }
}
