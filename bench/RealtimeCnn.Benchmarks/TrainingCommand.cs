using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.Training;
using RealtimeCnn.Training.Optimizers;

namespace RealtimeCnn.Benchmarks;

/// <summary>
/// <c>training</c>: what a step of training costs, from a batch in memory to changed parameters. Without a terminal's help: each line on
/// its input asks for one round, and it answers with a line, so that <c>bench/training.sh</c> can run rounds of two sides in turns.
/// </summary>
internal static class TrainingCommand
{
    private const int WarmUpSteps = 30;

    public static Command Create()
    {
        var name = new Argument<string>("network") { Description = $"One of {string.Join(", ", TrainedNetwork.All.Select(network => network.Name))}." };
        name.AcceptOnlyFromAmong([.. TrainedNetwork.All.Select(network => network.Name)]);
        var threads = new Option<int>("--threads") { Description = "Threads of a step.", DefaultValueFactory = _ => 1 };
        var seconds = new Option<double>("--seconds") { Description = "Least length of a round.", DefaultValueFactory = _ => 0.5 };
        var layers = new Option<int>("--layers") { Description = "Instead: the least time of each part of a step, of so many steps.", HelpName = "steps" };
        var command = new Command("training", "Times steps of training: a line on standard input is a round.") { name, threads, seconds, layers };
        command.SetAction(parsed =>
        {
            using var step = new TrainingStep(TrainedNetwork.All.First(network => network.Name == parsed.GetValue(name)), Math.Max(parsed.GetValue(threads), 1));
            if (parsed.GetValue(layers) is var steps and > 0)
                step.PrintParts(steps, parsed.InvocationConfiguration.Output);
            else
                step.AnswerRounds(Console.In, parsed.InvocationConfiguration.Output, parsed.GetValue(seconds));
        });
        return command;
    }

    /// <summary>A network with a batch of noise, trained by gradient descent.</summary>
    private sealed class TrainingStep : IDisposable
    {
        private readonly Graph _graph;
        private readonly TrainingNetwork _network;
        private readonly Optimizer _optimizer;
        private readonly Tensor _samples, _labels;

        public TrainingStep(TrainedNetwork network, int threads)
        {
            _graph = network.Create();
            _network = new TrainingNetwork(_graph, new SoftmaxCrossEntropy(), new TrainingOptions { Threads = threads });
            _optimizer = new Optimizer(_network.Parameters, new Sgd { Rate = 1e-4f });
            (_samples, _labels) = (new Tensor(_graph.InputShapes[0]), new Tensor(new Shape(network.Batch)));
            var random = new Random(1);
            foreach (ref float value in _samples.Span)
                value = (random.NextSingle() * 2) - 1;
            int classes = _graph.InferShapes()[_graph.Outputs[0]][1];
            foreach (ref float label in _labels.Span)
                label = random.Next(classes);
            for (int i = 0; i < WarmUpSteps; i++)
                Make();
        }

        /// <summary>Answers each line with samples in a second, bytes allocated in a step, and processor time over clock time.</summary>
        public void AnswerRounds(TextReader asked, TextWriter answers, double seconds)
        {
            while (asked.ReadLine() != null)
            {
                long bytes = GC.GetTotalAllocatedBytes(precise: true), start = Stopwatch.GetTimestamp();
                int steps = 0;
                for (; Stopwatch.GetElapsedTime(start).TotalSeconds < seconds; steps++)
                    Make();
                double elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds;
                bytes = GC.GetTotalAllocatedBytes(precise: true) - bytes;
                answers.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{steps * _labels.Shape.Count / elapsed:0.0} {bytes / (double)steps:0.0}"));
                answers.Flush();
            }
        }

        public void PrintParts(int steps, TextWriter output)
        {
            var parts = _network.Profile([_samples], _labels);
            double[] least = [.. parts.Select(part => part.Milliseconds)];
            double update = double.PositiveInfinity, whole = double.PositiveInfinity;
            for (int i = 1; i < steps; i++)
            {
                var times = _network.Profile([_samples], _labels);
                for (int k = 0; k < least.Length; k++)
                    least[k] = Math.Min(least[k], times[k].Milliseconds);
                long start = Stopwatch.GetTimestamp();
                _optimizer.Step();
                update = Math.Min(update, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                start = Stopwatch.GetTimestamp();
                Make();
                whole = Math.Min(whole, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }

            for (int k = 0; k < least.Length; k++)
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{least[k],8:0.0000} {string.Join('+', parts[k].Nodes),-30} {parts[k].Kernel,-50} {parts[k].Output}"));
            foreach (var group in parts.Select((part, k) => (part.Kernel, Time: least[k])).GroupBy(part => part.Kernel).OrderByDescending(group => group.Sum(part => part.Time)))
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{group.Sum(part => part.Time),8:0.0000} {group.Count(),4} × {group.Key}"));
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{least.Sum(),8:0.0000} parts; {update:0.0000} update; {whole:0.0000} a step with its update"));
        }

        public void Dispose()
        {
            _network.Dispose();
            _graph.Dispose();
            _samples.Dispose();
            _labels.Dispose();
        }

        private void Make()
        {
            _network.Backpropagate(_samples, _labels);
            _optimizer.Step();
        }
    }
}
