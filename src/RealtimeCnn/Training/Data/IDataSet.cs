namespace RealtimeCnn.Training.Data;

/// <summary>Examples to learn from: samples, each with what a network should say of it. Any number of threads may read at the same time.</summary>
public interface IDataSet
{
    /// <summary>Number of samples.</summary>
    int Count { get; }

    /// <summary>Shape of one sample, without a batch; a picture is <c>[channels, height, width]</c>, pixels 0 to 255.</summary>
    Shape SampleShape { get; }

    /// <summary>Shape of one target, without a batch; <c>[]</c> for a label.</summary>
    Shape TargetShape { get; }

    /// <summary>Names of the classes, by label; empty where targets are no labels.</summary>
    IReadOnlyList<string> Classes { get; }

    /// <summary>What was wrong with the data and has been survived, a line each: photographs left out, classes without samples.</summary>
    IReadOnlyList<string> Notes { get; }

    /// <summary>What a sample is called, such as the path of its photograph.</summary>
    /// <param name="index">From 0 to <see cref="Count"/> − 1.</param>
    string NameOf(int index);

    /// <summary>Copies a sample and its target.</summary>
    /// <param name="index">From 0 to <see cref="Count"/> − 1.</param>
    /// <param name="sample">Gets all elements of the sample, row-major.</param>
    /// <param name="target">Gets all elements of the target, row-major.</param>
    void Read(int index, Span<float> sample, Span<float> target);
}
