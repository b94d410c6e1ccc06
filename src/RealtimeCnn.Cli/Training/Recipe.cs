using System.Globalization;
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

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, ReadCommentHandling = JsonCommentHandling.Skip, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    };

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

    /// <summary>Whether the confidence of the result is calibrated on what is held out.</summary>
    public bool? Calibrate { get; init; }

    /// <summary>Score from which on a detector's box is one; 0.35, or that of the model.</summary>
    public float? Threshold { get; init; }

    /// <summary>What is said of each source of data, in the order of <c>--data</c>.</summary>
    public IReadOnlyList<SourceRecipe>? Sources { get; init; }

    /// <exception cref="InputException">The file is missing or no recipe.</exception>
    public static Recipe Load(string path) => Parse<Recipe>(path, "recipe");

    /// <summary>An augmentation by itself, number by number.</summary>
    /// <exception cref="InputException">The file is missing or none.</exception>
    public static Augmentation LoadAugmentation(string path) => Parse<Augmentation>(path, "augmentation");

    /// <summary>Everything as JSON, for the file of the result: the recipe, the network and the data that it was used with.</summary>
    public string ToJson(string model, IReadOnlyList<string> data, string? heldOut) =>
        JsonSerializer.Serialize(new { Model = model, Data = data, HeldOut = heldOut, Recipe = this }, Json);

    private static T Parse<T>(string path, string what)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(File.ReadAllText(path), Json) ?? throw new InputException($"'{path}' is no {what}.");
        }
        catch (JsonException error)
        {
            throw new InputException($"'{path}' is no {what}: {error.Message}");
        }
    }

    /// <summary>The same, with what another says instead where it says anything.</summary>
    public Recipe With(Recipe other) => this with
    {
        Epochs = other.Epochs ?? Epochs, Batch = other.Batch ?? Batch, Seed = other.Seed ?? Seed, Optimizer = other.Optimizer ?? Optimizer, Rate = other.Rate ?? Rate,
        WeightDecay = other.WeightDecay ?? WeightDecay, Schedule = other.Schedule ?? Schedule, WarmUp = other.WarmUp ?? WarmUp, Smoothing = other.Smoothing ?? Smoothing,
        Average = other.Average ?? Average, Clip = other.Clip ?? Clip, Patience = other.Patience ?? Patience, Statistics = other.Statistics ?? Statistics, Calibrate = other.Calibrate ?? Calibrate,
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
            IsCalibrated = Calibrate ?? false,
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

/// <summary>What a recipe says of one source of data.</summary>
internal sealed record SourceRecipe
{
    /// <summary>Samples in an epoch for each one of the first source, drawn by chance; null for all of them once.</summary>
    public double? Share { get; init; }

    /// <summary>Scenes in an epoch; null for 10,000.</summary>
    public int? Samples { get; init; }

    /// <summary>Size of the part of a scene that is learned from, such as <c>320x240</c>; null for all of it.</summary>
    public string? Window { get; init; }

    [JsonIgnore]
    public Size2d? WindowSize => Window == null ? null : SharedOptions.ParseSize(Window);

    /// <summary>Least side of a part, as a share of its picture's shorter one.</summary>
    public double LeastSide { get; init; } = 0.15;

    /// <summary>Largest side of a part, likewise.</summary>
    public double MostSide { get; init; } = 1;

    /// <exception cref="InputException">A number is not possible.</exception>
    public void Verify()
    {
        if (Window != null && WindowSize == null)
            throw new InputException($"The recipe's window '{Window}' is no size such as 320x240.");
        if (!(Share is null or > 0 && LeastSide > 0 && LeastSide <= MostSide && MostSide <= 1))
            throw new InputException(string.Create(CultureInfo.InvariantCulture, $"The recipe's source with share {Share}, leastSide {LeastSide} and mostSide {MostSide} is not possible: shares are above 0, sides above 0 up to 1."));
    }
}
