using RealtimeCnn.Cpu;
using RealtimeCnn.Models;
using RealtimeCnn.Tests.Camera;

namespace RealtimeCnn.Tests.Cpu;

/// <summary>Counts native memory of the whole process, so nothing else may run meanwhile.</summary>
[Collection(nameof(RunsAlone))]
public class CpuNetworkLeakTests
{
    [Fact]
    public void Sizes_that_change_every_frame_leave_no_memory_behind()
    {
        long before = Tensor.LiveBytes;
        using (var graph = ModelCatalog.Create("squeezenet1.1", new ModelOptions { InputSize = 64, Classes = 10 }))
        {
            using var network = new CpuNetwork(graph, new NetworkOptions { Threads = 2, Sharing = SharingRule.Finest, PlansKept = 3 });
            // Which kernels are chosen, and so what is packed, depends on the size: equal sizes are compared, by the plans that are kept.
            const int Sizes = 10;
            long[] bytes = new long[3 * Sizes];
            for (int frame = 0; frame < bytes.Length; frame++)
            {
                using (var input = new Tensor(new Shape(1 + (frame % 2), 3, 48 + (3 * (frame % Sizes)), 64)))
                    network.Run(input);
                bytes[frame] = Tensor.LiveBytes;
                if (frame >= Sizes + 3)
                    Assert.Equal(bytes[frame - Sizes], bytes[frame]);
            }
        }

        Assert.Equal(before, Tensor.LiveBytes);
    }

    [Fact]
    public void Passes_free_what_they_took()
    {
        foreach (string name in new[] { "googlenet-aux", "mobilenetv3-small", "shufflenetv2" })
        {
            long before = Tensor.LiveBytes;
            using (var graph = ModelCatalog.Create(name))
            using (var network = new CpuNetwork(graph))
                Assert.True(Tensor.LiveBytes > before);
            Assert.True(Tensor.LiveBytes == before, $"{name} left {Tensor.LiveBytes - before} bytes");
        }
    }
}
