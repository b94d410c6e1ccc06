namespace RealtimeCnn.Teaching;

/// <summary>One example of a class: what a backbone made of a picture, and the picture small enough to be kept.</summary>
public sealed class Shot
{
    internal Shot(int label, int take, float[] embedding, byte[] thumbnail) => (Class, Take, Values, Pixels) = (label, take, embedding, thumbnail);

    /// <summary>Number of its class.</summary>
    public int Class { get; }

    /// <summary>Shots of one take were taken in one go; they look alike, and are undone together.</summary>
    public int Take { get; }

    /// <summary>What the backbone made of the picture.</summary>
    public ReadOnlySpan<float> Embedding => Values;

    /// <summary>The picture: red, green and blue of each pixel, rows from the top.</summary>
    public ReadOnlySpan<byte> Thumbnail => Pixels;

    internal float[] Values { get; }

    internal byte[] Pixels { get; }
}
