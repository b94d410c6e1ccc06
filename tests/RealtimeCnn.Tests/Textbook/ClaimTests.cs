using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Textbook;

namespace RealtimeCnn.Tests.Textbook;

/// <summary>Every claim holds, for several seeds and pictures.</summary>
public class ClaimTests
{
    public static TheoryData<string> Names => [.. TextbookClaims.All.Select(claim => claim.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void It_holds_on_the_CPU(string name)
    {
        for (int seed = 0; seed < 3; seed++)
            AssertHolds(name, (graph, mode) => new CpuNetwork(graph, new NetworkOptions { Mode = mode }), seed);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void It_notices_a_path_that_miscomputes(string name)
    {
        using var photograph = Scene.Draw(120, 160);
        var explanation = TextbookClaims.Find(name)!.Explain(MiscomputingNetwork.Bind(), photograph);
        Assert.False(explanation.Holds, $"{name} holds on a path whose results are wrong by a few percent.");
    }

    [Fact]
    public void Names_are_unique_and_in_kebab_case()
    {
        Assert.All(TextbookClaims.All, claim => Assert.Matches("^[a-z]+(-[a-z]+)*$", claim.Name));
        Assert.Equal(TextbookClaims.All.Count, TextbookClaims.All.Select(claim => claim.Name).Distinct().Count());
    }

    [Fact]
    public void A_photograph_of_an_impossible_size_is_named()
    {
        using var tiny = Scene.Draw(16, 200);
        var error = Assert.Throws<ShapeException>(() => TextbookClaims.All[0].Explain((graph, mode) => new CpuNetwork(graph, new NetworkOptions { Mode = mode }), tiny));
        Assert.Contains("[1, 3, 16, 200]", error.Message, StringComparison.Ordinal);
    }

    // The scene in an odd size, and noise: what holds for one picture only is no property.
    internal static void AssertHolds(string name, Func<Graph, RunMode, INetwork> bind, int seed)
    {
        using var photograph = Picture(seed);
        var explanation = TextbookClaims.Find(name)!.Explain(bind, photograph, seed);
        Assert.NotEmpty(explanation.Findings);
        Assert.True(explanation.Holds, $"{name}, seed {seed}: {string.Join("; ", explanation.Findings.Where(finding => !finding.Holds))}");
        Assert.Equal(explanation.Format.Bytes, explanation.Pixels.Length);
        Assert.True(explanation.Pixels.Distinct().Count() > 16, $"The picture of {name} is empty.");
    }

    private static Tensor Picture(int seed)
    {
        var picture = Scene.Draw(64 + (7 * seed), 101 - (5 * seed));
        var random = new Random(seed);
        if (seed % 2 == 1)
        {
            foreach (ref float value in picture.Span)
                value = Math.Clamp(value + ((random.NextSingle() - 0.5f) * 0.2f), 0, 1);
        }

        return picture;
    }
}
