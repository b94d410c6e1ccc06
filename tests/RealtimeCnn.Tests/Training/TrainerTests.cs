using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.Training;
using RealtimeCnn.Training.Data;
using RealtimeCnn.Training.Optimizers;

namespace RealtimeCnn.Tests.Training;

/// <summary>A training in one call learns, repeats itself to the bit, survives being killed, and stops where it should.</summary>
public sealed class TrainerTests : IDisposable
{
    private const int Side = 9;
    private readonly string _folder = Directory.CreateTempSubdirectory("rtcnn-trainer").FullName;

    private static readonly TrainerOptions Recipe = new()
    {
        Epochs = 4, BatchSize = 16, Seed = 3, Rule = new Sgd { Rate = 0.05f, Momentum = 0.9f, IsNesterov = true, WeightDecay = 1e-3f }, Groups = [ParameterGroup.VectorsWithoutDecay],
        Schedule = new CosineSchedule(), WarmUpEpochs = 0.5, Augmentation = new Augmentation { Shift = 0.1f, Brightness = 20 }, AverageDecay = 0.9, MaxGradientNorm = 5, Threads = 2,
    };

    private string File => Path.Combine(_folder, "run.checkpoint");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void It_learns_and_says_how_it_went()
    {
        using var graph = Network();
        var records = new List<EpochRecord>();
        using var log = new StringWriter();
        var result = new Trainer(graph, Bars(200, 1), Recipe with { Progress = records.Add, Log = log }, Bars(60, 2)).Run();
        Assert.Equal(TrainingEnd.Complete, result.End);
        Assert.Equal([1, 2, 3, 4], result.Epochs.Select(record => record.Epoch));
        Assert.Equal(records, result.Epochs);
        Assert.True(result.Epochs[^1].HeldOutAccuracy > 0.95, $"Accuracy {result.Epochs[^1].HeldOutAccuracy} after four epochs.");
        Assert.True(result.Epochs[^1].Loss < result.Epochs[0].Loss / 2, $"The loss went from {result.Epochs[0].Loss} to {result.Epochs[^1].Loss}.");
        Assert.InRange(result.Epochs[^1].Rate, 0, 0.005);
        string[] lines = log.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(4, lines.Length);
        Assert.Equal(records[2].Loss, JsonDocument.Parse(lines[2]).RootElement.GetProperty("loss").GetDouble());

        // What the graph has now is what was evaluated last: the average.
        using var network = new CpuNetwork(graph);
        var evaluation = Evaluation.Of(network, Bars(60, 2), new EvaluationOptions { Statistics = InputStatistics.Range(1), BatchSize = 16 });
        Assert.Equal(result.Epochs[^1].HeldOutAccuracy, evaluation.Accuracy);
        Assert.Equal(60, evaluation.Count);
        Assert.Equal(60, evaluation.Confusion.Sum(row => row.Sum()));
        Assert.Equal(evaluation.Accuracy, evaluation.Confusion.Select((row, label) => row[label]).Sum() / 60.0);
        Assert.All(evaluation.PerClass, one => Assert.InRange(one.Recall!.Value, 0.8, 1));
    }

    [Fact]
    public void Every_bit_is_the_same_for_any_number_of_threads_and_another_seed_is_another_training()
    {
        float[] one = Train(Recipe with { Threads = 1 });
        Assert.Equal(one, Train(Recipe with { Threads = 3 }));
        Assert.NotEqual(one, Train(Recipe with { Threads = 1, Seed = 4 }));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_run_that_is_ended_at_any_moment_resumes_to_the_same_bits(int epochs)
    {
        float[] whole = Train(Recipe);
        var killed = Recipe with { Checkpoint = File, Resumes = true };
        using (var graph = Network())
        {
            // Ends some steps after a checkpoint.
            using var source = new CancellationTokenSource();
            Assert.ThrowsAny<OperationCanceledException>(() => new Trainer(graph, new Counting(Bars(200, 1), (200 * epochs) + 90, source.Cancel), killed).Run(source.Token));
        }

        using var resumed = Network();
        var result = new Trainer(resumed, Bars(200, 1), killed).Run();
        Assert.Equal(whole, Values(resumed));
        Assert.Equal([1, 2, 3, 4], result.Epochs.Select(record => record.Epoch));
        Assert.False(System.IO.File.Exists(File + ".new"));
        // Once more there is nothing left to do.
        using var again = Network();
        new Trainer(again, Bars(200, 1), killed).Run();
        Assert.Equal(whole, Values(again));
    }

    [Fact]
    public void A_checkpoint_that_is_damaged_or_of_another_training_is_refused()
    {
        var options = Recipe with { Epochs = 1, Checkpoint = File, Resumes = true };
        Train(options);
        Refused("BatchSize was '16' and is '8'", options with { BatchSize = 8 });
        Refused("Rule was 'Sgd", options with { Rule = new Adam() });
        byte[] bytes = System.IO.File.ReadAllBytes(File);
        bytes[^100] ^= 1;
        System.IO.File.WriteAllBytes(File, bytes);
        Refused("is damaged", options);
        System.IO.File.WriteAllText(File, "something else");
        Refused("is no checkpoint", options);

        void Refused(string why, TrainerOptions other) =>
            Assert.Contains(why, Assert.Throws<CheckpointException>(() => Train(other)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_checkpoint_that_cannot_be_written_leaves_the_old_one_whole()
    {
        var options = Recipe with { Epochs = 2, Checkpoint = File, Resumes = true };
        byte[]? old = null;
        using var graph = Network();
        Assert.ThrowsAny<Exception>(() => new Trainer(graph, Bars(200, 1), options with
        {
            Progress = _ =>
            {
                old = System.IO.File.ReadAllBytes(File);
                // The next cannot be written: its name is taken by a folder.
                Directory.CreateDirectory(File + ".new");
            },
        }).Run());
        Assert.Equal(old, System.IO.File.ReadAllBytes(File));
    }

    [FullDeviceFact]
    public void A_full_disk_is_told_in_one_line_and_leaves_the_old_checkpoint_whole()
    {
        byte[]? old = null;
        using var graph = Network();
        var error = Assert.Throws<IOException>(() => new Trainer(graph, Bars(200, 1), Recipe with
        {
            Checkpoint = File,
            Progress = _ =>
            {
                old = System.IO.File.ReadAllBytes(File);
                System.IO.File.CreateSymbolicLink(File + ".new", FullDeviceFactAttribute.Path);
            },
        }).Run());
        Assert.Equal(old, System.IO.File.ReadAllBytes(File));
        Assert.False(System.IO.File.Exists(File + ".new"));
        Assert.Matches($"^The checkpoint '.*run.checkpoint' of epoch 2 cannot be written: it needs [0-9]+ bytes, and [0-9]+ are free there [(].*[)]. The one of an epoch before is whole: make room, and resume from it.$", error.Message);
        // That of the second epoch differs by a line of history.
        Assert.InRange(long.Parse(Regex.Match(error.Message, "needs ([0-9]+)").Groups[1].Value, CultureInfo.InvariantCulture), old!.Length + 50, old.Length + 400);
    }

    [Theory]
    [InlineData(0.05f, true)]
    [InlineData(1e-9f, false)]
    [InlineData(3e4f, false)] // the weights are huge, and numbers
    public void It_says_whether_anything_was_learned(float rate, bool learns)
    {
        using var graph = Network();
        var options = Recipe with { Epochs = 2, Rule = new Sgd { Rate = rate }, Schedule = new ConstantSchedule(), WarmUpEpochs = 0, AverageDecay = null, Checkpoint = File, Resumes = true };
        var result = new Trainer(graph, Bars(200, 1), options with { EpochsNow = 1 }).Run();
        result = new Trainer(graph, Bars(200, 1), options).Run();
        Assert.Equal(TrainingEnd.Complete, result.End);
        Assert.InRange(result.StartLoss!.Value, 0.3, 5);
        Assert.True(learns == result.HasLearned, $"{result.StartLoss} {result.Best}");
    }

    [Fact]
    public void A_loss_that_is_no_number_ends_it_with_the_last_good_weights()
    {
        using var graph = Network();
        float[] start = Values(graph);
        var result = new Trainer(graph, Bars(200, 1), new TrainerOptions { Rule = new Sgd { Rate = 1e30f }, Threads = 1 }).Run();
        Assert.Equal(TrainingEnd.NotFinite, result.End);
        Assert.Empty(result.Epochs);
        Assert.Null(result.Best);
        Assert.Equal(start, Values(graph));
    }

    [Fact]
    public void Patience_ends_it_and_gives_the_best_weights()
    {
        using var graph = Network();
        var result = new Trainer(graph, Bars(200, 1), Recipe with { Epochs = 40, Patience = 2, Schedule = new ConstantSchedule() }, Bars(60, 2)).Run();
        Assert.Equal(TrainingEnd.NoProgress, result.End);
        Assert.Equal(result.Best!.Epoch + 2, result.Epochs.Count);
        Assert.Equal(result.Epochs.Max(record => record.HeldOutAccuracy), result.Best.HeldOutAccuracy);
        using var network = new CpuNetwork(graph);
        Assert.Equal(result.Best.HeldOutAccuracy, Evaluation.Of(network, Bars(60, 2), new EvaluationOptions { Statistics = InputStatistics.Range(1), BatchSize = 16 }).Accuracy);
    }

    [Fact]
    public void What_is_frozen_stays_to_the_bit_and_the_rest_learns()
    {
        using var graph = Network();
        float[] start = Values(graph);
        var last = graph.Nodes.Last(node => node.Parameters.Count > 0);
        int front = graph.Parameters.Except(last.Parameters).Sum(parameter => parameter.Shape.Count);
        var result = new Trainer(graph, Bars(200, 1), Recipe with { Frozen = [.. graph.Nodes.Where(node => node != last).Select(node => node.Name)], AverageDecay = null }).Run();
        float[] end = Values(graph);
        Assert.Equal(start[..front], end[..front]);
        Assert.NotEqual(start[front..], end[front..]);
        Assert.True(result.Epochs[^1].Loss < result.Epochs[0].Loss, $"The loss went from {result.Epochs[0].Loss} to {result.Epochs[^1].Loss}.");
    }

    [Fact]
    public void Mixed_samples_are_learned_from_as_probabilities()
    {
        using var graph = Network();
        var result = new Trainer(graph, Bars(200, 1), Recipe with { Augmentation = new Augmentation { Mixup = 0.5f } }, Bars(60, 2)).Run();
        Assert.True(result.Best!.HeldOutAccuracy > 0.95, $"Accuracy {result.Best.HeldOutAccuracy}.");
        Assert.InRange(result.Best.Accuracy!.Value, 0.75, 1);
        Assert.Throws<ArgumentException>(() => new Trainer(graph, Bars(200, 1), new TrainerOptions { Loss = new MeanSquaredError(), Augmentation = new Augmentation { Mixup = 0.5f } }));
    }

    [Fact]
    public void The_same_loop_can_be_written_by_hand()
    {
        using var expected = Network();
        var recipe = new TrainerOptions { Epochs = 2, BatchSize = 16, Seed = 5, Rule = new AdamW { Rate = 0.002f }, Threads = 2 };
        new Trainer(expected, Bars(100, 1), recipe).Run();

        using var graph = Network();
        using (var network = new TrainingNetwork(graph, recipe.Loss, new TrainingOptions { Seed = 5 }))
        using (var loader = new BatchLoader(Bars(100, 1), new BatchOptions { Size = 16, Seed = 5, Statistics = InputStatistics.Range(1) }))
        {
            var optimizer = new Optimizer(network.Parameters, recipe.Rule);
            for (int epoch = 0; epoch < 2; epoch++)
            {
                foreach (var batch in loader.Epoch(epoch))
                {
                    network.Backpropagate(batch.Samples, batch.Targets);
                    optimizer.Step();
                }
            }
        }

        Assert.Equal(Values(expected), Values(graph));
    }

    [Fact]
    public void What_cannot_be_is_refused_before_it_begins()
    {
        using var graph = Network();
        Assert.Throws<ArgumentException>(() => new Trainer(graph, Bars(20, 1), new TrainerOptions { Patience = 1 }));
        Assert.Throws<ArgumentException>(() => new Trainer(graph, Bars(20, 1), new TrainerOptions { Resumes = true }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Trainer(graph, Bars(20, 1), new TrainerOptions { Epochs = 0 }));
        Assert.Throws<DataSetException>(() => new Trainer(graph, Bars(20, 1), null, new PictureSet(new Shape(1, 2, 2), new byte[4], [0], ["across", "down"])));
    }

    private static float[] Train(TrainerOptions options)
    {
        using var graph = Network();
        new Trainer(graph, Bars(200, 1), options).Run();
        return Values(graph);
    }

    private static float[] Values(Graph graph) => [.. graph.Parameters.SelectMany(parameter => parameter.Values.ToArray())];

    private static Graph Network()
    {
        var builder = new GraphBuilder(1);
        return builder.Build(builder.Start(new Shape(1, 1, Side, Side)).Conv2d(6, 3, padding: 1).BatchNorm2d().Relu().MaxPool2d(3, stride: 2).Flatten().Dropout(0.1f).Linear(2));
    }

    /// <summary>Noise with a bright bar, across (class 0) or down (class 1).</summary>
    private static PictureSet Bars(int count, int seed)
    {
        var random = new Random(seed);
        byte[] pixels = new byte[count * Side * Side];
        int[] labels = new int[count];
        for (int n = 0; n < count; n++)
        {
            labels[n] = random.Next(2);
            int place = random.Next(Side);
            for (int i = 0; i < Side * Side; i++)
                pixels[(n * Side * Side) + i] = (byte)(random.Next(80) + ((labels[n] == 0 ? i / Side : i % Side) == place ? 170 : 0));
        }

        return new PictureSet(new Shape(1, Side, Side), pixels, labels, ["across", "down"]);
    }

    /// <summary>Does something when so many samples were read.</summary>
    private sealed class Counting(IDataSet data, int end, Action then) : IDataSet
    {
        private int _read;

        public int Count => data.Count;

        public Shape SampleShape => data.SampleShape;

        public Shape TargetShape => data.TargetShape;

        public IReadOnlyList<string> Classes => data.Classes;

        public IReadOnlyList<string> Notes => data.Notes;

        public string NameOf(int index) => data.NameOf(index);

        public void Read(int index, Span<float> sample, Span<float> target)
        {
            if (Interlocked.Increment(ref _read) == end)
                then();
            data.Read(index, sample, target);
        }
    }

    /// <summary>A test that needs a file which every write finds full.</summary>
    private sealed class FullDeviceFactAttribute : FactAttribute
    {
        public const string Path = "/dev/full";

        public FullDeviceFactAttribute() => Skip = System.IO.File.Exists(Path) ? null : $"There is no {Path} here.";
    }
}
