namespace RealtimeCnn.Fuzz.Drawing;

/// <summary>Random choices.</summary>
internal sealed partial class Draft
{
    private static readonly int[] AwkwardExtents = [1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 15, 16, 17, 31, 33];

    /// <summary>A whole number, both ends included.</summary>
    public int Next(int low, int high) => Random.Next(low, high + 1);

    public bool Chance(double probability) => Random.NextDouble() < probability;

    public T Any<T>(params T[] choices) => choices[Random.Next(choices.Length)];

    /// <summary>A number that float32 holds exactly.</summary>
    public double Real(double low, double high) => (float)(low + ((high - low) * Random.NextDouble()));

    /// <summary>The number, or null, which leaves an attribute out.</summary>
    public object? Maybe(object? value) => Chance(0.5) ? value : null;

    /// <summary>Awkward extents: ones, primes, one below and above the lanes of a vector; no more than some 2,000 elements in all.</summary>
    public int[] Shape(int rank)
    {
        int[] shape = new int[rank];
        int room = 2000;
        for (int axis = 0; axis < rank; axis++)
        {
            // The batch of a picture is small, as it is in life.
            int extent = axis == 0 && rank > 2 ? Any(1, 1, 1, 2, 3) : Any(AwkwardExtents);
            shape[axis] = Math.Min(extent, Math.Max(room, 1));
            room /= shape[axis];
        }

        return shape;
    }

    /// <summary>A shape that stretches to <paramref name="shape"/>: axes of extent 1, or leading ones left out.</summary>
    public int[] Stretching(int[] shape)
    {
        int[] kept = Chance(0.3) ? shape[Random.Next(shape.Length + 1)..] : shape;
        return Chance(0.4) ? kept : [.. kept.Select(extent => Chance(0.4) ? 1 : extent)];
    }

    /// <summary>An axis, counted from either end.</summary>
    public int Axis(int rank) => Next(-rank, rank - 1);

    /// <summary>Some of the axes, in any order, each counted from either end.</summary>
    public int[] Axes(int rank, int least = 0)
    {
        int[] all = Permutation(rank);
        return [.. all[..Next(Math.Min(least, rank), rank)].Select(axis => Chance(0.3) ? axis - rank : axis)];
    }

    public int[] Permutation(int count)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        Random.Shuffle(order);
        return order;
    }
}
