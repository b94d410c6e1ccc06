namespace RealtimeCnn.Training.Data;

/// <summary>Data of several sources in one training.</summary>
public static class DataMix
{
    /// <summary>
    /// Joins labelled sets: the samples of each, the classes of all in the order in which they appear. A class that several have is one.
    /// </summary>
    /// <param name="parts">The sets, at least one, of samples of one shape.</param>
    /// <param name="classes">Names of the classes in the order wanted; null for that in which they appear.</param>
    /// <exception cref="DataSetException">They are of different samples, have no labels, or a class that is not wanted.</exception>
    public static IDataSet Join(IReadOnlyList<IDataSet> parts, IReadOnlyList<string>? classes = null)
    {
        ArgumentNullException.ThrowIfNull(parts);
        ArgumentOutOfRangeException.ThrowIfZero(parts.Count);
        return parts is [var one] && (classes == null || classes.SequenceEqual(one.Classes)) ? one : new JoinedSet(parts, classes);
    }

    /// <summary>So many samples of a set, each drawn by chance, and others in every epoch: to give a source its share of a mix.</summary>
    /// <param name="data">What is drawn from.</param>
    /// <param name="count">Samples in an epoch, at least 1; more or fewer than the set has.</param>
    public static IDataSet Sampled(this IDataSet data, int count)
    {
        ArgumentNullException.ThrowIfNull(data);
        return new SampledSet(data, count);
    }
}
