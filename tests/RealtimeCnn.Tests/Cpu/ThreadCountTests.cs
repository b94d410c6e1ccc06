using RealtimeCnn.Cpu;
using RealtimeCnn.Layers;
using RealtimeCnn.Models;
using RealtimeCnn.Training;

namespace RealtimeCnn.Tests.Cpu;

/// <summary>Numbers of threads that are not possible are one clear error at every entrance.</summary>
public sealed class ThreadCountTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    [InlineData(1025)]
    [InlineData(int.MaxValue)]
    public void It_is_refused(int threads)
    {
        using var graph = ModelCatalog.Create("lenet5");
        string expected = $"Threads is {threads}; it must be from 1 to 1024.";
        Assert.StartsWith(expected, Assert.Throws<ArgumentOutOfRangeException>(() => new CpuNetwork(graph, new NetworkOptions { Threads = threads })).Message, StringComparison.Ordinal);
        Assert.StartsWith(expected, Assert.Throws<ArgumentOutOfRangeException>(() => new TrainingNetwork(graph, new SoftmaxCrossEntropy(), new TrainingOptions { Threads = threads })).Message, StringComparison.Ordinal);
    }

    /// <summary>A thousand threads are a limit and no order: no more are started than the machine has processors.</summary>
    [Fact]
    public void Many_are_allowed()
    {
        using var graph = ModelCatalog.Create("squeezenet1.1", new ModelOptions { InputSize = 64 });
        using var network = new CpuNetwork(graph, new NetworkOptions { Threads = 1024 });
        using var alone = new CpuNetwork(graph, new NetworkOptions { Threads = 1 });
        using var x = new Tensor(new Shape(1, 3, 64, 64));
        x.Span.Fill(0.25f);
        Assert.Equal(alone.Run(x)[0].Span.ToArray(), network.Run(x)[0].Span.ToArray());
    }
}
