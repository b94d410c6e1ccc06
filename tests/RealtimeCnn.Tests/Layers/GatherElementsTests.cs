using RealtimeCnn.SelfTests;
using RealtimeCnn.SelfTests.Oracles;
using RealtimeCnn.Tests.Oracles;
using static RealtimeCnn.SelfTests.Cases.GatherElementsCases;

namespace RealtimeCnn.Tests.Layers;

public class GatherElementsTests
{
    [Fact]
    public void An_index_outside_gives_NaN()
    {
        var outside = Case("outside", 0, new Shape(3), new Shape(4)) with
        {
            Input = (input, _) => input == 0 ? 1 : 3,
            Oracle = (_, _) => DoubleTensor.Map(new DoubleTensor(new Shape(4)), _ => double.NaN),
        };
        using var run = new LayerRun(outside);
        using var network = new RealtimeCnn.Cpu.CpuNetwork(run.Graph);
        Closeness.Assert(run.Expected, network.Run(run.Inputs)[0], 0, "outside");
    }
}
