using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.Tests.Camera;
using RealtimeCnn.Training;

namespace RealtimeCnn.Tests.Training;

/// <summary>Counts what all threads of the process allocate, so nothing else may run meanwhile.</summary>
[Collection(nameof(RunsAlone))]
public class TrainingAllocationTests
{
    private const int Steps = 10, Attempts = 50;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_step_allocates_nothing_on_any_of_its_threads(int threads)
    {
        var builder = new GraphBuilder(1);
        var x = builder.Start(new Shape(8, 20)).Linear(33).BatchNorm2d().Relu();
        using var graph = builder.Build(x.Linear(33).Add(x).Dropout().Linear(5));
        using var input = new Tensor(new Shape(8, 20), [.. Enumerable.Range(0, 160).Select(i => MathF.Sin(i))]);
        using var labels = new Tensor(new Shape(8), [0, 1, 2, 3, 4, 0, 1, 2]);
        using var training = new TrainingNetwork(graph, new SoftmaxCrossEntropy(), new TrainingOptions { Threads = threads, Sharing = SharingRule.Finest });
        Step();

        // The runtime compiles methods again and the test runner reports, each now and then; a kernel that allocates does so in every step.
        long least = long.MaxValue;
        for (int attempt = 0; attempt < Attempts && least > 0; attempt++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            for (int step = 0; step < Steps; step++)
                Step();
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        Assert.Equal(0, least);

        void Step()
        {
            training.Backpropagate(input, labels);
            for (int p = 0; p < training.Parameters.Count; p++)
            {
                using var edit = training.Parameters[p].Edit();
                var gradient = training.Parameters[p].Gradient;
                for (int i = 0; i < gradient.Length; i++)
                    edit.Values[i] -= 0.01f * gradient[i];
            }
        }
    }
}
