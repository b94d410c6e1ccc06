using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Tests.Layers;

public class SoftmaxTests
{
    [Theory]
    [InlineData(1, 1000, 1)]
    [InlineData(3, 21, 35)]
    public void Each_line_sums_to_one(int batch, int classes, int area)
    {
        var shape = new Shape(batch, classes, area);
        using var input = new Tensor(shape);
        var random = new Random(11);
        foreach (ref float value in input.Span)
            value = 8 * random.NextSingle();
        var builder = new GraphBuilder();
        using var graph = builder.Build(builder.Add(new Softmax(), builder.Input("x", shape)));
        using var network = new CpuNetwork(graph);
        var y = network.Run(input)[0];
        for (int line = 0; line < batch * area; line++)
        {
            double sum = 0;
            for (int c = 0; c < classes; c++)
                sum += y.Span[((line / area * classes) + c) * area + (line % area)];
            Assert.Equal(1, sum, 1e-6);
        }
    }
}
