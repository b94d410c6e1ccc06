using RealtimeCnn.Textbook.Claims;

namespace RealtimeCnn.Textbook;

/// <summary>The table of claims. A new one is a file in <c>Claims/</c> and a line here.</summary>
public static class TextbookClaims
{
    /// <summary>Fewest pixels along a side of the photograph that claims run on.</summary>
    public const int SmallestSide = 64;

    /// <summary>Most pixels along a side: enough to see, and fast in software.</summary>
    public const int LargestSide = 192;

    /// <summary>All claims, in the order of a textbook.</summary>
    public static IReadOnlyList<Claim> All { get; } =
    [
        new SlidingSum(),
        new OutputSize(),
        new ParameterCount(),
        new TiedWeights(),
        new Equivariance(),
        new LearnedInvariance(),
        new Pooling(),
        new Presence(),
        new ReceptiveFields(),
        new LinearCollapse(),
        new GoingDeeper(),
        new SeparableCost(),
        new BatchNormFold(),
        new AnySize(),
        new FilterRank(),
        new ConvolutionKinds(),
        new OneStep(),
        new SoftmaxGradient(),
        new VanishingGradient(),
        new Valley(),
        new NormalisedInputs(),
        new BatchNormTraining(),
        new ResidualDepth(),
        new WeightDecay(),
        new Overfitting(),
        new Anywhere(),
        new TrainedInvariance(),
        new GemExponent(),
        new TransferLearning(),
        new ActivationMaximisation(),
    ];

    /// <summary>The claim of a given name, or null.</summary>
    /// <param name="name">As in <see cref="Claim.Name"/>.</param>
    public static Claim? Find(string name) => All.FirstOrDefault(claim => claim.Name == name);
}
