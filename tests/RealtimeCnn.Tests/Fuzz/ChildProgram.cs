using RealtimeCnn.Fuzz.Damage;
using RealtimeCnn.Fuzz.Guarding;
using RealtimeCnn.Fuzz.Running;
using RealtimeCnn.OpenGL;
using RealtimeCnn.SelfTests;
using RealtimeCnn.Tests.App;
using RealtimeCnn.Tests.Cpu;
using RealtimeCnn.Tests.Layers;
using RealtimeCnn.Tests.OpenGL;
using RealtimeCnn.Tests.Training;

namespace RealtimeCnn.Tests.Fuzz;

/// <summary>
/// This assembly as a process of its own, for tests of what may end a process: <c>layers FROM COUNT</c> runs layer cases in guarded
/// memory, <c>gradients FROM COUNT</c> makes a step of training with each, <c>bits</c> prints what all of them computed, <c>gpu</c> runs them on OpenGL, <c>app</c> shows a camera without it, <c>hostile FROM COUNT</c> files that are written to break a reader, <c>planted FAULT FROM COUNT [--guard]</c> runs drawn files with a fault built in.
/// </summary>
internal static class ChildProgram
{
    /// <summary>The cases of <c>layers</c>. Oracles of long ones take longer than all others together, and in memory there is nothing new about them.</summary>
    public static IReadOnlyList<string> GuardedCases { get; } =
        [.. LayerCases.All.Where(layerCase => layerCase.Inputs.Sum(shape => shape.Count) <= 5_000).Select(layerCase => layerCase.Id).Order(StringComparer.Ordinal)];

    public static int Main(string[] arguments)
    {
        switch (arguments)
        {
            case ["layers", .. var rest]:
                var tests = new LayerCpuTests();
                RunLayers(ChildOptions.Parse(rest), id =>
                {
                    tests.The_CPU_computes_what_the_oracle_computes(id);
                    tests.Blocked_inputs_give_the_same_and_channels_behind_the_last_one_stay_zero(id);
                });
                return 0;
            case ["gradients", .. var rest]:
                RunLayers(ChildOptions.Parse(rest), GradientTests.MakeStep);
                return 0;
            case ["bits"]:
                VectorWidthTests.PrintBits(Console.Out);
                return 0;
            case ["app"]:
                WithoutOpenGlTests.Run(Console.Out);
                return 0;
            case ["gpu", var api]:
                SecondDriverTests.Run(Enum.Parse<GlClientApi>(api), Console.Out);
                return 0;
            case ["hostile", .. var rest]:
                ChildMain.RunFiles(ChildOptions.Parse(rest), Console.Out, seed => CaseSource.Hostile(HostileDraws.All[seed % HostileDraws.All.Count], seed));
                return 0;
            case ["planted", var fault, .. var rest]:
                ChildMain.RunFiles(ChildOptions.Parse(rest), Console.Out, load: PlantedFaults.Loader(fault));
                return 0;
            default:
                Console.Error.WriteLine("The tests run with: dotnet test tests/RealtimeCnn.Tests");
                return 1;
        }
    }

    private static void RunLayers(ChildOptions options, Action<string> run)
    {
        AlignedMemory.Source = new GuardedMemory();
        for (int i = options.From; i < Math.Min(options.From + options.Count, GuardedCases.Count); i++)
        {
            ChildMain.Say(Console.Out, ChildLine.Case, i, GuardedCases[i]);
            var outcome = ChildLine.Agreed;
            try
            {
                run(GuardedCases[i]);
            }
            catch (Exception problem)
            {
                outcome = ChildLine.Wrong;
                ChildMain.Say(Console.Out, ChildLine.Finding, i, $"{FindingKind.Cpu} {problem.Message}");
            }

            ChildMain.Say(Console.Out, outcome, i, string.Empty);
        }

        ChildMain.Say(Console.Out, ChildLine.End, GuardedCases.Count, string.Empty);
    }
}
