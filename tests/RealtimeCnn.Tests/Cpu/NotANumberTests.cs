using RealtimeCnn.Cpu;
using RealtimeCnn.SelfTests;

namespace RealtimeCnn.Tests.Cpu;

/// <summary>docs/numerics.md: whatever is computed from a NaN is NaN, and nothing else is, by whichever kernel.</summary>
public class NotANumberTests
{
    private const int Most = 20_000;

    public static TheoryData<string> Layers => [.. LayerCases.All.Select(one => one.Layer.GetType().Name).Distinct()];

    [Theory]
    [MemberData(nameof(Layers))]
    public void A_NaN_shows_where_the_definition_has_one_and_nowhere_else(string layer)
    {
        foreach (var one in LayerCases.All.Where(one => one.Layer.GetType().Name == layer))
        {
            for (int input = 0; input < one.Inputs.Length; input++)
            {
                if (one.Inputs[input].Count is > 0 and < Most)
                    Check(one, input);
            }
        }
    }

    private static void Check(LayerCase one, int input)
    {
        using var run = new LayerRun(one);
        run.Inputs[input].Span[run.Inputs[input].Shape.Count / 3] = float.NaN;
        bool[] expected = Array.ConvertAll(run.Expected.Values, double.IsNaN);
        string[] kernels = [.. run.KernelsOf(CpuKernels.Table).Select(kernel => kernel.ToString())];
        // What only looks at its input in another shape has no kernel.
        foreach (string[] forced in kernels.Select(kernel => (string[])[kernel]).DefaultIfEmpty([]))
        {
            using var network = new CpuNetwork(run.Graph, new NetworkOptions { Threads = 1, Mode = one.Mode, Optimize = false, ForcedKernels = forced });
            bool[] given = Array.ConvertAll(network.Run(run.Inputs)[0].Span.ToArray(), float.IsNaN);
            int wrong = expected.Zip(given).Count(pair => pair.First != pair.Second);
            Assert.True(wrong == 0, $"{one.Id} by {string.Join("", forced)}: with a NaN in input {input}, {given.Count(isNaN => isNaN)} elements are NaN, of the definition {expected.Count(isNaN => isNaN)}; {wrong} differ.");
        }
    }
}
