namespace RealtimeCnn.Teaching;

/// <summary>One step of a head that is being trained.</summary>
/// <param name="Step">From 0 on: 0 is where it starts.</param>
/// <param name="Loss">Mean cross-entropy of the examples that it learns from.</param>
/// <param name="LeftOutLoss">The same of those that are left out.</param>
/// <param name="LeftOutAccuracy">Share of those left out that it calls right.</param>
public readonly record struct TeachingStep(int Step, float Loss, float LeftOutLoss, float LeftOutAccuracy);

/// <summary>How far a training has come. Another object for every step, so that any thread may read it.</summary>
/// <param name="Version">Of the examples that it learns from: <see cref="TaughtClasses.Version"/>.</param>
/// <param name="Steps">All steps so far.</param>
/// <param name="MostSteps">After how many it ends at the latest.</param>
public sealed record TeachingProgress(long Version, IReadOnlyList<TeachingStep> Steps, int MostSteps);

/// <summary>What a training found.</summary>
public sealed record TeachingReport
{
    /// <summary>Of the examples that it learned from: <see cref="TaughtClasses.Version"/>.</summary>
    public required long Version { get; init; }

    /// <summary>The best head; null where nearest means are the best.</summary>
    public required LinearHead? Head { get; init; }

    /// <summary>What tells pictures that are like none of the examples; null where there are too few.</summary>
    public required Familiarity? Familiarity { get; init; }

    /// <summary>
    /// How often an example of a class (row) was called which (column) by a head that had not learned from it nor from its neighbours in
    /// time, both by number of the class. Zeros where a class has one example, which is never left out.
    /// </summary>
    public required int[,] Confusion { get; init; }

    /// <summary>Share of left-out examples that nearest means call right; NaN where none could be left out.</summary>
    public required double NearestMeansAccuracy { get; init; }

    /// <summary>Share of left-out examples that the head calls right from which training starts; NaN where none could be left out.</summary>
    public required double HeadAccuracy { get; init; }

    /// <summary>The curve of the training; empty where it had nothing to be judged by.</summary>
    public required IReadOnlyList<TeachingStep> Steps { get; init; }

    /// <summary>How many of <see cref="Steps"/> the head has made: those after which the examples left out were most likely.</summary>
    public required int StepsTaken { get; init; }
}
