namespace RealtimeCnn.Training.Data;

/// <summary>A data set whose samples chance draws anew in every epoch. <see cref="IDataSet.Read"/> gives those of no epoch, always the same.</summary>
internal interface IDrawnSet : IDataSet
{
    /// <summary>Copies a sample, and its target, as chance draws them.</summary>
    /// <param name="index">From 0 to <see cref="IDataSet.Count"/> − 1.</param>
    /// <param name="random">The chance of this sample in this epoch.</param>
    /// <param name="sample">Gets all elements of the sample, row-major.</param>
    /// <param name="target">Gets all elements of the target, row-major.</param>
    void Draw(int index, ref SampleRandom random, Span<float> sample, Span<float> target);
}

/// <summary>Reads sets of both kinds.</summary>
internal static class DrawnSets
{
    /// <summary>The chance of a sample in no epoch.</summary>
    public static SampleRandom Unchanging(int index) => new(0, -1, index);

    /// <summary>Draws a sample where the set leaves it to chance, else reads it.</summary>
    public static void DrawOrRead(this IDataSet data, int index, ref SampleRandom random, Span<float> sample, Span<float> target)
    {
        if (data is IDrawnSet drawn)
            drawn.Draw(index, ref random, sample, target);
        else
            data.Read(index, sample, target);
    }
}
