using System.CommandLine;

namespace RealtimeCnn.Cli.Training;

/// <summary>The flags of <c>rtcnn train</c> that say what its recipe file may say too, and go before it.</summary>
internal sealed class RecipeOptions
{
    private readonly Option<string?> _file = new("--recipe") { Description = "A JSON file with the flags below as names (weightDecay for --weight-decay), and an augmentation number by number.", HelpName = "file" };
    private readonly Option<int?> _epochs = SharedOptions.Number("--epochs", "How often all data are seen; 10 unless said.", 1, 100_000);
    private readonly Option<int?> _batch = SharedOptions.Number("--batch", "Pictures in a step; 32 unless said.", 1, 65_536);
    private readonly Option<int?> _seed = SharedOptions.Number("--seed", "Decides all that is left to chance; equal seeds give equal weights.", int.MinValue, int.MaxValue);
    private readonly Option<string?> _optimizer = new Option<string?>("--optimizer") { Description = "How gradients change weights; adam unless said." }.OneOf(Recipe.Rules);
    private readonly Option<float?> _rate = new("--rate") { Description = "Learning rate; 0.001 for adam and adamw, 0.01 for rmsprop, 0.1 for the others unless said." };
    private readonly Option<float?> _decay = new("--weight-decay") { Description = "Weight decay, of weights and not of biases; 0.01 for adamw, 0 for the others unless said." };
    private readonly Option<string?> _schedule = new Option<string?>("--schedule") { Description = "How the rate changes; cosine unless said." }.OneOf(Recipe.Schedules);
    private readonly Option<double?> _warmUp = new("--warm-up") { Description = "Epochs in which the rate rises first." };
    private readonly Option<float?> _smoothing = new("--smoothing") { Description = "Label smoothing, from 0 to below 1." };
    private readonly Option<double?> _average = new("--average") { Description = "Decay of a moving average of the weights, such as 0.99, which is the result then." };
    private readonly Option<double?> _clip = new("--clip") { Description = "Most length of a step's gradients." };
    private readonly Option<int?> _patience = SharedOptions.Number("--patience", "Ends after so many epochs without progress on the pictures held out, and gives the best weights.", 1, 100_000);
    private readonly Option<string?> _statistics = new Option<string?>("--statistics") { Description = "How pixels become inputs: from -1 to 1, or mean 0 and deviation 1 for each channel; range unless said." }.OneOf(Recipe.Ranges);
    private readonly Option<string?> _augment = new Option<string?>("--augment") { Description = "What chance does to pictures; none unless said." }.OneOf(Recipe.Augmentations);

    private readonly Option<bool?> _calibrate = new("--calibrate") { Description = "Make the confidence of the result right on what is held out, by one factor in its last layer." };

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _file, _epochs, _batch, _seed, _optimizer, _rate, _decay, _schedule, _warmUp, _smoothing, _average, _clip, _patience, _statistics, _augment, _calibrate })
            command.Options.Add(option);
    }

    /// <exception cref="InputException">The recipe's file cannot be used.</exception>
    public Recipe Read(ParseResult parsed) => (parsed.GetValue(_file) is { } file ? Recipe.Load(file) : new Recipe()).With(new Recipe
    {
        Epochs = parsed.GetValue(_epochs), Batch = parsed.GetValue(_batch), Seed = parsed.GetValue(_seed), Optimizer = parsed.GetValue(_optimizer), Rate = parsed.GetValue(_rate),
        WeightDecay = parsed.GetValue(_decay), Schedule = parsed.GetValue(_schedule), WarmUp = parsed.GetValue(_warmUp), Smoothing = parsed.GetValue(_smoothing),
        Average = parsed.GetValue(_average), Clip = parsed.GetValue(_clip), Patience = parsed.GetValue(_patience), Statistics = parsed.GetValue(_statistics), Augment = parsed.GetValue(_augment),
        Calibrate = parsed.GetValue(_calibrate),
    });
}
