using System.Text.Json;
using System.Text.Json.Serialization;
using RealtimeCnn.Layers;
using RealtimeCnn.Training;
using RealtimeCnn.Training.Data;
using RealtimeCnn.Training.Optimizers;

namespace RealtimeCnn.Cli.Training;

/// <summary>What a training is done with, as a JSON file and flags say it; what neither says is PyTorch's default.</summary>
internal sealed record Recipe
{
    public static readonly string[] Rules = ["sgd", "momentum", "nesterov", "rmsprop", "adam", "adamw"];
    public static readonly string[] Schedules = ["constant", "cosine", "step", "one-cycle"];
    public static readonly string[] Augmentations = ["none", "digits", "photographs"];
    public static readonly string[] Ranges = ["range", "standardised"];

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, ReadCommentHandling = JsonCommentHandling.Skip };

    public int? Epochs { get; init; }

    public int? Batch { get; init; }

    public int? Seed { get; init; }

    public string? Optimizer { get; init; }

    public float? Rate { get; init; }

    public float? WeightDecay { get; init; }

    /// <summary>Whether biases and scales decay too.</summary>
    public bool DecaysVectors { get; init; }

    public string? Schedule { get; init; }

    public double? WarmUp { get; init; }

    /// <summary>Epochs between two drops of the step schedule.</summary>
    public int DropEvery { get; init; } = 10;

    public float? Smoothing { get; init; }

    public double? Average { get; init; }

    public double? Clip { get; init; }

    public int? Patience { get; init; }

    public string? Statistics { get; init; }

    public string? Augment { get; init; }

    /// <summary>Every number of the augmentation, in place of a name.</summary>
    public Augmentation? Augmentation { get; init; }

    /// <exception cref="InputException">The file is missing or no recipe.</exception>
    public static Recipe Load(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<Recipe>(File.ReadAllText(path), Json) ?? throw new InputException($"'{path}' is no recipe.");
        }
        catch (JsonException error)
        {
            throw new InputException($"'{path}' is no recipe: {error.Message}");
        }
    }

    /// <summary>The same, with what another says instead where it says anything.</summary>
    public Recipe With(Recipe other) => this with
    {
        Epochs = other.Epochs ?? Epochs, Batch = other.Batch ?? Batch, Seed = other.Seed ?? Seed, Optimizer = other.Optimizer ?? Optimizer, Rate = other.Rate ?? Rate,
        WeightDecay = other.WeightDecay ?? WeightDecay, Schedule = other.Schedule ?? Schedule, WarmUp = other.WarmUp ?? WarmUp, Smoothing = other.Smoothing ?? Smoothing,
        Average = other.Average ?? Average, Clip = other.Clip ?? Clip, Patience = other.Patience ?? Patience, Statistics = other.Statistics ?? Statistics,
        Augment = other.Augment ?? Augment, Augmentation = other.Augment == null ? Augmentation : null,
    };

    /// <summary>The trainer's options.</summary>
    /// <param name="samples">Samples learned from.</param>
    /// <param name="statistics">How pixels become inputs.</param>
    /// <exception cref="InputException">A word is none of those that there are.</exception>
    public TrainerOptions ToOptions(int samples, InputStatistics statistics)
    {
        var defaults = new TrainerOptions();
        int batch = Batch ?? defaults.BatchSize;
        float decay = WeightDecay ?? 0;
        return defaults with
        {
            Epochs = Epochs ?? defaults.Epochs,
            BatchSize = batch,
            Seed = Seed ?? 0,
            Rule = (Optimizer ?? "adam") switch
            {
                "sgd" => new Sgd { Rate = Rate ?? 0.1f, WeightDecay = decay },
                "momentum" => new Sgd { Rate = Rate ?? 0.1f, WeightDecay = decay, Momentum = 0.9f },
                "nesterov" => new Sgd { Rate = Rate ?? 0.1f, WeightDecay = decay, Momentum = 0.9f, IsNesterov = true },
                "rmsprop" => new RmsProp { Rate = Rate ?? 0.01f, WeightDecay = decay },
                "adam" => new Adam { Rate = Rate ?? 0.001f, WeightDecay = decay },
                "adamw" => new AdamW { Rate = Rate ?? 0.001f, WeightDecay = WeightDecay ?? 0.01f },
                var other => throw Unknown("optimizer", other, Rules),
            },
            Groups = DecaysVectors ? [] : [ParameterGroup.VectorsWithoutDecay],
            Schedule = (Schedule ?? "cosine") switch
            {
                "constant" => new ConstantSchedule(),
                "cosine" => new CosineSchedule(),
                "step" => new StepSchedule((long)DropEvery * ((samples + batch - 1) / batch)),
                "one-cycle" => new OneCycleSchedule(),
                var other => throw Unknown("schedule", other, Schedules),
            },
            WarmUpEpochs = WarmUp ?? 0,
            Loss = new SoftmaxCrossEntropy { LabelSmoothing = Smoothing ?? 0 },
            Augmentation = Augmentation ?? (Augment ?? "none") switch
            {
                "none" => null,
                "digits" => RealtimeCnn.Training.Data.Augmentation.Digits,
                "photographs" => RealtimeCnn.Training.Data.Augmentation.Photographs,
                var other => throw Unknown("augment", other, Augmentations),
            },
            Statistics = statistics,
            AverageDecay = Average,
            MaxGradientNorm = Clip ?? double.PositiveInfinity,
            Patience = Patience,
        };
    }

    /// <summary>How pixels become inputs, measured on what is learned from where that is asked for.</summary>
    /// <exception cref="InputException">The word is none of those that there are.</exception>
    public InputStatistics StatisticsOf(IDataSet data) => (Statistics ?? "range") switch
    {
        "range" => InputStatistics.Range(data.SampleShape[0]),
        "standardised" => InputStatistics.Standardised(data),
        var other => throw Unknown("statistics", other, Ranges),
    };

    private static InputException Unknown(string what, string word, string[] words) => new($"The recipe's {what} '{word}' is not possible; it is one of: {string.Join(", ", words)}.");
}
