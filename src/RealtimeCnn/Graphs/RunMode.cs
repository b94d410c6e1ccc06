namespace RealtimeCnn.Graphs;

/// <summary>
/// What a graph is run for. In training <see cref="Layers.Dropout"/> drops elements and <see cref="Layers.BatchNorm2d"/> measures
/// its batch; at inference one does nothing and the other uses its running statistics. Layers only say what they are: the mode
/// belongs to the run.
/// </summary>
public readonly record struct RunMode
{
    private RunMode(bool isTraining, int seed) => (IsTraining, Seed) = (isTraining, seed);

    /// <summary>The network is used; what <c>default</c> is as well.</summary>
    public static RunMode Inference => default;

    /// <summary>Whether layers do what they do in training.</summary>
    public bool IsTraining { get; }

    /// <summary>Decides what is left to chance in training; equal seeds give equal runs.</summary>
    public int Seed { get; }

    /// <summary>The network is trained.</summary>
    /// <param name="seed">Decides what is left to chance; equal seeds give equal runs.</param>
    public static RunMode Training(int seed = 0) => new(true, seed);
}
