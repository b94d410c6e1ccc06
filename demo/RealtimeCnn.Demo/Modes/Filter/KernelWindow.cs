namespace RealtimeCnn.Demo.Modes.Filter;

/// <summary>The editable window of weights: 3×3 to 7×7, row by row. Knows no network.</summary>
internal sealed class KernelWindow
{
    /// <summary>Extent of the largest window; smaller ones lie in its middle.</summary>
    public const int MostSize = 7;

    /// <summary>Largest weight, and with a minus the least.</summary>
    public const float MostWeight = 16;

    private const float Tolerance = 1e-4f;

    /// <summary>What the demo starts with: outlines, which are what differs from all its neighbours.</summary>
    public static Images.Filter Outline { get; } = new("outline", 3, [-1, -1, -1, -1, 8, -1, -1, -1, -1]);

    private float[] _weights = [];

    /// <summary>A window that shows outlines.</summary>
    public KernelWindow() => Reset();

    /// <summary>Extent: 3, 5 or 7.</summary>
    public int Size { get; private set; }

    /// <summary>The chosen weight, row by row.</summary>
    public int Cell { get; private set; }

    /// <summary>The weights.</summary>
    public IReadOnlyList<float> Weights => _weights;

    /// <summary>What it was loaded from, as long as it still is that.</summary>
    public string Name { get; private set; } = "";

    /// <summary>What the weights add up to.</summary>
    public float Sum { get; private set; }

    /// <summary>The weight with the largest magnitude, without its sign.</summary>
    public float Strongest { get; private set; }

    /// <summary>What a picture of one colour becomes: its brightness times the sum, shown from 0 (black) to 1 (white).</summary>
    public string Meaning => Sum switch
    {
        < -Tolerance => "Below 0: flat areas turn black, and stay so.",
        < Tolerance => "0: flat areas turn black, only edges are left.",
        < 1 - Tolerance => "Below 1: darker than the picture.",
        < 1 + Tolerance => "1: as bright as the picture.",
        _ => "Above 1: brighter than the picture.",
    };

    /// <summary>Shows outlines again.</summary>
    public void Reset() => Load(Outline);

    /// <summary>Takes the weights of a filter.</summary>
    public void Load(Images.Filter filter)
    {
        (Size, _weights, Name) = (filter.Size, [.. filter.Weights], filter.Name);
        Cell = _weights.Length / 2;
        Measure();
    }

    /// <summary>Changes the extent; weights keep their places around the middle, and new ones are 0.</summary>
    public void Resize(int size)
    {
        float[] resized = new float[size * size];
        int shift = (size - Size) / 2;
        for (int i = 0; i < _weights.Length; i++)
        {
            int row = (i / Size) + shift, column = (i % Size) + shift;
            if (row >= 0 && row < size && column >= 0 && column < size)
                resized[(row * size) + column] = _weights[i];
        }

        bool isSame = resized.Sum(Math.Abs) == _weights.Sum(Math.Abs);
        (Size, _weights, Cell) = (size, resized, resized.Length / 2);
        if (!isSame)
            Name = "";
        Measure();
    }

    /// <summary>Chooses a weight.</summary>
    public void Choose(int cell) => Cell = Math.Clamp(cell, 0, _weights.Length - 1);

    /// <summary>Chooses a neighbour; behind the last of a row or column comes the first.</summary>
    public void Move(int columns, int rows) => Cell = ((Cell / Size + rows + Size) % Size * Size) + ((Cell % Size + columns + Size) % Size);

    /// <summary>Sets the chosen weight.</summary>
    public void Set(float weight)
    {
        weight = Math.Clamp(weight, -MostWeight, MostWeight);
        if (weight == _weights[Cell])
            return;
        _weights[Cell] = weight;
        Name = "";
        Measure();
    }

    /// <summary>The weights in the middle of the largest window, zeros around them.</summary>
    /// <param name="window">Takes 7×7 weights.</param>
    public void CopyTo(Span<float> window)
    {
        window.Clear();
        int edge = (MostSize - Size) / 2;
        for (int row = 0; row < Size; row++)
            _weights.AsSpan(row * Size, Size).CopyTo(window[(((row + edge) * MostSize) + edge)..]);
    }

    private void Measure() => (Sum, Strongest) = (_weights.Sum(), _weights.Max(Math.Abs));
}
