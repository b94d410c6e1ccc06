using System.CommandLine;
using System.Globalization;
using RealtimeCnn.OpenGL.Hosts;
using RealtimeCnn.SelfTests;

namespace RealtimeCnn.Benchmarks;

/// <summary>
/// <c>kernels</c>: each kernel that a table has for a layer, in turns over the layer's cases. What is tuned, and what the choice among
/// kernels rests on.
/// </summary>
internal static class KernelCommand
{
    private const int WidestName = 80;

    public static Command Create()
    {
        var layers = new Argument<string[]>("layers") { Description = "Layers, such as Conv2d, or what several of them are, such as PoolingLayer; all when none is given.", Arity = ArgumentArity.ZeroOrMore };
        var all = new Option<bool>("--all") { Description = "All cases, the awkward small ones too, instead of realistic ones." };
        var text = new Option<string?>("--case") { Description = "Only cases whose name contains this." };
        var kernel = new Option<string?>("--kernel") { Description = "Only this kernel, such as winograd 4×4, beside the plain one." };
        var threads = new Option<int>("--threads") { Description = "Threads of the CPU path.", DefaultValueFactory = _ => 1 };
        var rounds = new Option<int>("--rounds") { Description = "Rounds; in each every kernel has its turn, and the least time of all counts.", DefaultValueFactory = _ => 10 };
        var milliseconds = new Option<double>("--milliseconds") { Description = "Length of a turn: one run at least.", DefaultValueFactory = _ => 5 };
        var backend = new Option<string>("--backend") { Description = "Where to run.", DefaultValueFactory = _ => "cpu" };
        backend.AcceptOnlyFromAmong("cpu", "gpu");
        var command = new Command("kernels", "Times every kernel of a layer over its cases.") { layers, all, text, kernel, threads, rounds, milliseconds, backend };
        command.SetAction(parsed =>
        {
            var cases = Cases(parsed.GetValue(layers) ?? [], parsed.GetValue(all)).Where(one => one.Name.Contains(parsed.GetValue(text) ?? "", StringComparison.OrdinalIgnoreCase)).ToList();
            if (cases.Count == 0)
            {
                parsed.InvocationConfiguration.Error.WriteLine("There is no such case.");
                return 1;
            }

            using var host = parsed.GetValue(backend) == "gpu" ? EglHost.Create() : null;
            var benchmark = new KernelBenchmark(host?.Device, Math.Max(parsed.GetValue(threads), 1), Math.Max(parsed.GetValue(rounds), 1), TimeSpan.FromMilliseconds(Math.Max(parsed.GetValue(milliseconds), 0)));
            Write(cases, one => benchmark.Measure(one, parsed.GetValue(kernel)), parsed.InvocationConfiguration.Output);
            return 0;
        });
        return command;
    }

    /// <summary>The cases of layers with these names, of all when none is given: realistic ones where a layer has some, else its largest; or every one.</summary>
    internal static IEnumerable<LayerCase> Cases(string[] names, bool all)
    {
        var realistic = LayerCases.Realistic.ToLookup(one => one.Layer.GetType());
        foreach (var cases in LayerCases.All.GroupBy(one => one.Layer.GetType()).Where(cases => names.Length == 0 || names.Any(name => Is(cases.Key, name))))
        {
            IEnumerable<LayerCase> sized = realistic[cases.Key].Any() ? realistic[cases.Key] : [cases.MaxBy(Size)!];
            foreach (var one in all ? cases.Concat(realistic[cases.Key]) : sized)
                yield return one;
        }
    }

    private static bool Is(Type? layer, string name) => layer != null && (string.Equals(layer.Name, name, StringComparison.OrdinalIgnoreCase) || Is(layer.BaseType, name));

    private static long Size(LayerCase one) => one.Inputs.Sum(shape => (long)shape.Count);

    private static void Write(IReadOnlyList<LayerCase> cases, Func<LayerCase, IReadOnlyList<KernelTime>> measure, TextWriter output)
    {
        int name = Math.Min(cases.Max(one => one.Id.Length), WidestName);
        string Name(LayerCase one) => (one.Id.Length <= name ? one.Id : $"{one.Id[..(name - 1)]}…").PadRight(name);
        output.WriteLine($"{"case".PadRight(name)}  {"kernel",-16}{"ms",11}{"GFLOP/s",10}{"GB/s",8}{"of plain",10}");
        foreach (var one in cases)
        {
            var times = measure(one);
            if (times.Count == 0)
                output.WriteLine($"{Name(one)}  nothing to run: its values are those of its input, or constant");
            foreach (var time in times)
            {
                output.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{(time == times[0] ? Name(one) : new string(' ', name))}  {time.Kernel,-16}{time.Milliseconds,11:0.0000}{(time.Gflops > 0 ? time.Gflops.ToString("0.0", CultureInfo.InvariantCulture) : ""),10}{time.GigaBytes,8:0.0}{time.OfPlain,10:0.00}{(time.IsChosen ? "  chosen" : "")}"));
            }
        }
    }
}
