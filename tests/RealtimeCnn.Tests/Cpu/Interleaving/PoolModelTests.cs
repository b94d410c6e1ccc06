using RealtimeCnn.Cpu;
using Xunit.Abstractions;

namespace RealtimeCnn.Tests.Cpu.Interleaving;

/// <summary>
/// The protocol by which threads share a run, in every interleaving of small instances: nothing is computed twice, never, or before
/// what it comes after, nobody sleeps through a run, a step or the end, and nobody waits for ever. What each fault breaks is found.
/// </summary>
public sealed class PoolModelTests(ITestOutputHelper output)
{
    private static readonly Dictionary<string, PoolModel> Models = new()
    {
        ["a chain, twice"] = new([Step(2), Step(1, 0), Step(2, 1)], helpers: 1, runs: 2),
        ["a chain, two helpers"] = new([Step(2), Step(1, 0)], helpers: 2, runs: 1),
        ["two helpers, three times"] = new([Step(1)], helpers: 2, runs: 3),
        ["branches"] = new([Step(1), Step(1, 0), Step(2), Step(1, 1, 2)], helpers: 1, runs: 2),
        ["sections"] = new([new StepShare(4, 1, 2, 2, []), Step(2, 0)], helpers: 1, runs: 3),
        ["a step that fails"] = new([Step(1), Step(2, 0), Step(1, 1), Step(2, 2)], helpers: 1, runs: 1, failing: 1),
        ["a step that fails, two helpers"] = new([Step(2), Step(1, 0)], helpers: 2, runs: 1, failing: 0),
    };

    public static TheoryData<string> Names => [.. Models.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void No_interleaving_goes_wrong(string name)
    {
        var interleavings = Models[name].Explore();
        Assert.Null(interleavings.Explore());
        output.WriteLine($"{interleavings.Count} states");
    }

    [Theory]
    [InlineData(nameof(Fault.TornClaim), "is begun twice")]
    [InlineData(nameof(Fault.TornCount), "for ever")]
    [InlineData(nameof(Fault.LateSleep), "for ever")]
    [InlineData(nameof(Fault.NoOrder), "before item")]
    [InlineData(nameof(Fault.NoWaking), "for ever")]
    [InlineData(nameof(Fault.SilentCompletion), "for ever")]
    public void A_fault_is_found(string fault, string message) =>
        Assert.Contains(message, new PoolModel([Step(2), Step(1, 0)], helpers: 1, runs: 1, fault: Enum.Parse<Fault>(fault)).Explore().Explore(), StringComparison.Ordinal);

    private static StepShare Step(int items, params int[] after) => new(items, 1, 1, 1, after);
}
