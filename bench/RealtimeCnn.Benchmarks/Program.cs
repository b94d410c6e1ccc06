using System.CommandLine;
using RealtimeCnn.Benchmarks;
using RealtimeCnn.Benchmarks.Soak;
using RealtimeCnn.Models;

// dotnet run -c Release --project bench/RealtimeCnn.Benchmarks -- mobilenetv2 resnet18 --backend both
var models = new Argument<string[]>("models")
{
    Description = $"Classic networks or .onnx files; all networks when none is given: {string.Join(", ", ModelCatalog.Names)}.",
    Arity = ArgumentArity.ZeroOrMore,
};
var backend = new Option<string>("--backend") { Description = "Where to run.", DefaultValueFactory = _ => "both" };
backend.AcceptOnlyFromAmong("cpu", "gpu", "both");
var runs = new Option<int>("--runs") { Description = "Measured runs of each network and backend.", DefaultValueFactory = _ => 11 };
var warmups = new Option<int>("--warmups") { Description = "Runs before them.", DefaultValueFactory = _ => 3 };
var threads = new Option<int>("--threads") { Description = "Threads of the CPU path.", DefaultValueFactory = _ => 1 };
var size = new Option<int?>("--size") { Description = "Height and width of the input of classic networks; as published without." };
var batch = new Option<int>("--batch") { Description = "Pictures in a batch.", DefaultValueFactory = _ => 1 };
var root = new RootCommand("Times networks on the CPU and in OpenGL, side by side.") { models, backend, runs, warmups, threads, size, batch };
root.SetAction(parsed =>
{
    string[] names = parsed.GetValue(models) is { Length: > 0 } given ? given : [.. ModelCatalog.Names];
    using var benchmark = new NetworkBenchmark(new BenchmarkOptions(
        parsed.GetValue(backend) is not "gpu", parsed.GetValue(backend) is not "cpu",
        Math.Max(parsed.GetValue(runs), 1), Math.Max(parsed.GetValue(warmups), 1), Math.Max(parsed.GetValue(threads), 1),
        parsed.GetValue(size), Math.Max(parsed.GetValue(batch), 1)));
    benchmark.Run(names, parsed.InvocationConfiguration.Output);
});

// dotnet run -c Release --project bench/RealtimeCnn.Benchmarks -- fuzz --minutes 20 --gpu
root.Subcommands.Add(FuzzCommand.Create());

// dotnet run -c Release --project bench/RealtimeCnn.Benchmarks -- kernels Conv2d --threads 2
root.Subcommands.Add(KernelCommand.Create());

// dotnet run -c Release --project bench/RealtimeCnn.Benchmarks -- arithmetic
root.Subcommands.Add(ArithmeticCommand.Create());

// dotnet run -c Release --project bench/RealtimeCnn.Benchmarks -- frames --fit Crop
root.Subcommands.Add(FrameCommand.Create());

// dotnet run -c Release --project bench/RealtimeCnn.Benchmarks -- training lenet5 --layers 100
root.Subcommands.Add(TrainingCommand.Create());

// dotnet run -c Release --project bench/RealtimeCnn.Benchmarks -- soak --minutes 20
root.Subcommands.Add(SoakCommand.Create());
return root.Parse(args).Invoke();
