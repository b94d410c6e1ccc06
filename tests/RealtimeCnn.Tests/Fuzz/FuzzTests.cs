using RealtimeCnn.Fuzz.Damage;
using RealtimeCnn.Fuzz.Guarding;
using RealtimeCnn.Fuzz.Operators;
using RealtimeCnn.Fuzz.Oracle;
using RealtimeCnn.Fuzz.Running;
using RealtimeCnn.Onnx;

namespace RealtimeCnn.Tests.Fuzz;

/// <summary>
/// The short form of the harness, with fixed seeds; <c>fuzz</c> of the benchmarks is the long one. Cases run in child processes, so
/// that one which ends its process fails a test by name instead of ending the tests.
/// </summary>
public sealed class FuzzTests
{
    private static readonly string Tests = typeof(FuzzTests).Assembly.Location;

    public static TheoryData<string, string, bool> Plants => new()
    {
        { nameof(FindingKind.Exception), "exception", false },
        { nameof(FindingKind.Unclear), "unclear", false },
        { nameof(FindingKind.Refused), "refused", false },
        { nameof(FindingKind.Leak), "leak", false },
        { nameof(FindingKind.Memory), "memory", false },
        { nameof(FindingKind.Hang), "hang", false },
        { nameof(FindingKind.Crash), "stack", false },
        { nameof(FindingKind.Cpu), nameof(RelusFault.Miscomputes), false },
        { nameof(FindingKind.Crash), nameof(RelusFault.ReadsBehind), true },
        { nameof(FindingKind.Crash), nameof(RelusFault.ReadsBefore), true },
        { nameof(FindingKind.Crash), nameof(RelusFault.WritesBehind), true },
        { nameof(FindingKind.Crash), nameof(RelusFault.ReadsBehindConstants), true },
    };

    [Fact]
    public void Every_operator_that_is_imported_can_be_drawn() => Assert.Equal(OnnxLayers.Operators, OperatorDraws.All.Select(draw => draw.Op));

    [Fact]
    public void The_oracle_defines_all_operators_but_these() => Assert.Equal(
        ["DynamicQuantizeLinear", "NonMaxSuppression", "QLinearConv", "QLinearMatMul"],
        OnnxLayers.Operators.Except(OnnxOracle.Operators).Order(StringComparer.Ordinal));

    [Fact]
    public void A_seed_gives_the_same_file_every_time()
    {
        var source = new CaseSource([]);
        Assert.All(Enumerable.Range(0, 40), seed => Assert.Equal(source.Make(seed).File, source.Make(seed).File));
    }

    /// <summary>Four kinds of files for every operator: one of it alone, and as many networks, damaged models and damaged files.</summary>
    [Fact]
    public void Drawn_files_compute_what_they_say_and_damaged_ones_end_in_a_clear_error()
    {
        var session = Run(new FuzzSessionOptions(0) { Count = 4 * OperatorDraws.All.Count });
        Assert.Equal(4 * OperatorDraws.All.Count, session.Outcomes.Count);
        Assert.All(session.Outcomes.Where(outcome => outcome.Key % 4 < 2), valid => Assert.Equal(ChildLine.Agreed, valid.Value));
        int survived = session.Outcomes.Count(outcome => outcome.Key % 4 >= 2 && outcome.Value == ChildLine.Agreed);
        Assert.True(survived > 50 && survived < 2 * OperatorDraws.All.Count - 50, $"{survived} damaged files still run: the damage is too weak or too strong to tell anything.");
    }

    [Fact]
    public void Hostile_files_end_in_time_and_memory()
    {
        var session = Run(new FuzzSessionOptions(0) { Count = HostileDraws.All.Count, Child = [Tests, "hostile"] });
        Assert.Equal(HostileDraws.All.Count, session.Outcomes.Count);
    }

    [Fact]
    public void The_GPU_computes_what_the_CPU_does()
    {
        var session = Run(new FuzzSessionOptions(1000, Gpu: true) { Count = 100 });
        Assert.Equal(100, session.Outcomes.Count);
    }

    [GuardFact]
    public void Drawn_files_stay_within_their_memory()
    {
        var session = Run(new FuzzSessionOptions(2000, Guard: true) { Count = 300 });
        Assert.Equal(300, session.Outcomes.Count);
    }

    [GuardTheory]
    [InlineData("layers")]
    [InlineData("gradients")]
    public void Layers_stay_within_their_memory(string what)
    {
        int count = ChildProgram.GuardedCases.Count;
        var session = Run(new FuzzSessionOptions(0) { Count = count, Child = [Tests, what] });
        Assert.Equal(count, session.Outcomes.Count);
    }

    /// <summary>Who tests the harness: it has to report each of these.</summary>
    [GuardTheory]
    [MemberData(nameof(Plants))]
    public void A_planted_fault_is_found(string kind, string fault, bool guard)
    {
        int relu = 4 * OperatorDraws.All.Select(draw => draw.Op).ToList().IndexOf("Relu");
        var findings = new List<Finding>();
        var session = new FuzzSession(new FuzzSessionOptions(relu, Guard: guard) { Count = 1, Child = [Tests, "planted", fault], MostProcessorTime = TimeSpan.FromSeconds(fault == "hang" ? 1 : 10) }, findings.Add);
        session.Run();
        Assert.Contains(findings, finding => finding.Kind.ToString() == kind && finding.Seed == relu && finding.Case.StartsWith("Relu", StringComparison.Ordinal));
    }

    private static FuzzSession Run(FuzzSessionOptions options)
    {
        var findings = new List<Finding>();
        var session = new FuzzSession(options, findings.Add);
        session.Run();
        Assert.True(findings.Count == 0, string.Join(Environment.NewLine, findings));
        return session;
    }

    /// <summary>A fact that needs guard pages.</summary>
    private sealed class GuardFactAttribute : FactAttribute
    {
        public GuardFactAttribute() => Skip = Pages.IsSupported ? null : "Guard pages need Linux or macOS.";
    }

    /// <summary>A theory that needs guard pages.</summary>
    private sealed class GuardTheoryAttribute : TheoryAttribute
    {
        public GuardTheoryAttribute() => Skip = Pages.IsSupported ? null : "Guard pages need Linux or macOS.";
    }
}
