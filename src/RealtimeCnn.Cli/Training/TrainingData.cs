using System.Text.RegularExpressions;
using RealtimeCnn.Images;
using RealtimeCnn.Training.Data;

namespace RealtimeCnn.Cli.Training;

/// <summary>How the command line divides data into what is learned from and what is held out.</summary>
/// <param name="Share">Share that chance holds out; null for none.</param>
/// <param name="Group">What keeps samples together then: equal matches in their names.</param>
/// <param name="Names">Names of what is held out; null where chance decides.</param>
/// <param name="Seed">Decides what chance does.</param>
internal sealed record DataDivision(double? Share, Regex? Group, Regex? Names, int Seed)
{
    /// <summary>Divides one source; the second part is null where nothing is held out.</summary>
    /// <exception cref="DataSetException">A part would be empty.</exception>
    public (IDataSet Learned, IDataSet? HeldOut) Divide(IDataSet data)
    {
        if (Names != null)
            return data.SplitByName(Names.IsMatch);
        if (Share is not { } share)
            return (data, null);
        return Group == null ? data.Split(share, Seed) : data.SplitByGroup(share, index => GroupOf(data.NameOf(index), Group), Seed);
    }

    /// <summary>Backgrounds: divided where the names of some are held out.</summary>
    public (IDataSet Learned, IDataSet? HeldOut) DivideBackgrounds(IDataSet data) =>
        Names != null && Enumerable.Range(0, data.Count).Any(index => Names.IsMatch(data.NameOf(index))) ? data.SplitByName(Names.IsMatch) : (data, null);

    private static string GroupOf(string name, Regex group) => group.Match(name) is { Success: true } match ? match.Groups[match.Groups.Count > 1 ? 1 : 0].Value : name;
}

/// <summary>The data of a training: all sources, each divided by itself and taken in its share, as one set to learn from and one held out.</summary>
/// <param name="Learned">What is learned from.</param>
/// <param name="HeldOut">What is held out; null for nothing.</param>
internal sealed record TrainingData(IDataSet Learned, IDataSet? HeldOut)
{
    /// <summary>Reads all sources.</summary>
    /// <param name="texts">What the command line says, the first source first.</param>
    /// <param name="wanted">Size, fit and channels; null for those of the data.</param>
    /// <param name="classes">Names of the classes in the model's order; null for those of the data.</param>
    /// <param name="sources">What the recipe says of each source.</param>
    /// <param name="division">What is held out.</param>
    /// <param name="note">Gets what was wrong and has been survived.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="InputException">A text names no data, or the recipe says something of more sources.</exception>
    /// <exception cref="DataSetException">The data cannot be used.</exception>
    public static TrainingData Read(
        IReadOnlyList<string> texts, Preprocessing? wanted, IReadOnlyList<string>? classes, IReadOnlyList<SourceRecipe>? sources, DataDivision division, Action<string> note, CancellationToken cancellation)
    {
        if (sources?.Count > texts.Count)
            throw new InputException($"The recipe has {sources.Count} sources of data; --data names {texts.Count}.");
        List<IDataSet> learned = [], heldOut = [];
        for (int i = 0; i < texts.Count; i++)
        {
            var source = sources?.Count > i ? sources[i] : null;
            source?.Verify();
            var data = DataArgument.Read(texts[i], wanted, classes, source, cancellation);
            foreach (string text in data.Notes)
                note(text);
            var (one, other) = division.Divide(data);
            learned.Add(Taken(one, source, learned));
            if (other != null)
                heldOut.Add(Taken(other, source, heldOut));
        }

        return new TrainingData(DataMix.Join(learned, classes), heldOut.Count > 0 ? DataMix.Join(heldOut, classes) : null);
    }

    private static IDataSet Taken(IDataSet data, SourceRecipe? source, List<IDataSet> before) => source?.Share is { } share
        ? data.Sampled(Math.Max(1, (int)Math.Round(share * (before.Count > 0 ? before[0] : data).Count)))
        : data;
}
