using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.SelfTests.Oracles;
using RealtimeCnn.Tests.Oracles;

namespace RealtimeCnn.Tests.Graphs;

/// <summary>Einstein sums that are products of matrices become <see cref="MatMul"/>; others stay. (Only the former have a GPU kernel.)</summary>
public class LowerEinsumTests
{
    private static readonly Shape Operand = new(2, 5, 7, 35);

    [Theory]
    [InlineData("abcd,abdf->abcf", "MatMul")]
    [InlineData("abcd,abfd->abcf", "Transpose", "MatMul")]
    [InlineData("abcd,abcf->abfd", "Transpose", "MatMul", "Transpose")]
    [InlineData("abcd,bacf->bafd", "Transpose", "MatMul", "Transpose")]
    [InlineData("abcd,abcf->ab", "Einsum")]
    [InlineData("abcd,abcd->abcd", "Einsum")]
    [InlineData("abcd,aefd->abc", "Einsum")]
    public void The_result_stays_and_products_of_matrices_become_one(string equation, params string[] left)
    {
        var builder = new GraphBuilder();
        string[] terms = equation[..equation.IndexOf("->", StringComparison.Ordinal)].Split(',');
        var extents = terms[0].Zip(Operand.ToArray()).ToDictionary(pair => pair.First, pair => pair.Second);
        Shape other = new([.. terms[1].Select(letter => extents.GetValueOrDefault(letter, 33))]);
        using var graph = builder.Build(builder.Add(new Einsum(equation), [builder.Input("left", Operand), builder.Input("right", other)], name: "sum"));
        using var lowered = PassCase.Optimize(graph);
        Assert.Equal(left, PassCase.Types(lowered));
        Assert.Equal("sum", lowered.Outputs[0].Name);

        var random = new Random(1);
        using Tensor a = new(Operand), b = new(other);
        foreach (var tensor in (Tensor[])[a, b])
        {
            foreach (ref float value in tensor.Span)
                value = random.NextSingle() - 0.5f;
        }

        using var exact = new CpuNetwork(graph, new NetworkOptions { Optimize = false });
        using var fast = new CpuNetwork(graph);
        Closeness.Assert(DoubleTensor.Of(exact.Run(a, b)[0]), fast.Run(a, b)[0], 2e-6, equation);
    }
}
