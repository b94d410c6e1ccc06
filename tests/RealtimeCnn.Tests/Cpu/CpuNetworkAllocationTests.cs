using RealtimeCnn.Cpu;
using RealtimeCnn.Tests.Camera;

namespace RealtimeCnn.Tests.Cpu;

/// <summary>Counts what all threads of the process allocate, so nothing else may run meanwhile.</summary>
[Collection(nameof(RunsAlone))]
public class CpuNetworkAllocationTests
{
    private const int Runs = 10, Attempts = 50;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_run_allocates_nothing_on_any_of_its_threads(int threads)
    {
        using var graph = SmallNetwork.Build();
        using var input = Noise.Of(new Shape(1, 3, 16, 16));
        using var network = new CpuNetwork(graph, new NetworkOptions { Threads = threads, Sharing = SharingRule.Finest });
        network.Run(input);

        // The runtime compiles methods again and the test runner reports, each now and then; a kernel that allocates does so in every run.
        long least = long.MaxValue;
        for (int attempt = 0; attempt < Attempts && least > 0; attempt++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            for (int run = 0; run < Runs; run++)
                network.Run(input);
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        Assert.Equal(0, least);
    }
}
