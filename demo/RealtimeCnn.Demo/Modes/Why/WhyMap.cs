using RealtimeCnn.Images;

namespace RealtimeCnn.Demo.Modes.Why;

/// <summary>What a place of the picture does for a class: a grid over the network's input, filled bit by bit or at once.</summary>
internal sealed class WhyMap
{
    // A hundredth of probability: less is no reason.
    private const float LeastDrop = 0.01f;
    private float[] _values = [];

    /// <summary>Rows and columns.</summary>
    public Size2d Grid { get; private set; }

    /// <summary>Values, row by row; NaN where nothing is known yet.</summary>
    public ReadOnlySpan<float> Values => _values.AsSpan(0, Grid.Height * Grid.Width);

    /// <summary>Places of this picture so far; those behind are of the one before.</summary>
    public int Done { get; private set; }

    /// <summary>Which class.</summary>
    public int Label { get; private set; } = -1;

    /// <summary>How it was found.</summary>
    public WhyMethod Method { get; private set; }

    /// <summary>The class's score or probability in this picture.</summary>
    public float Score { get; private set; }

    /// <summary>Least and greatest value; both 0 where none is known.</summary>
    public (float Least, float Greatest) Range { get; private set; }

    /// <summary>The value that has the strongest colour: the one farthest from 0, but for an occlusion at least a drop that matters.</summary>
    public float Farthest => Math.Max(Math.Max(Math.Abs(Range.Least), Math.Abs(Range.Greatest)), Method == WhyMethod.Occlusion ? LeastDrop : 0);

    /// <summary>Where the places of the network's input lie in the picture.</summary>
    public PictureMapping Mapping { get; private set; }

    /// <summary>Height and width of the network's input.</summary>
    public Size2d Input { get; private set; }

    /// <summary>Number of the picture in its source.</summary>
    public long Number { get; private set; }

    /// <summary>When the picture came.</summary>
    public TimeSpan Time { get; private set; }

    /// <summary>Whether there is something to see.</summary>
    public bool IsThere => Label >= 0;

    /// <summary>Nothing is known.</summary>
    public void Clear()
    {
        (Label, Done) = (-1, 0);
        Array.Fill(_values, float.NaN);
    }

    /// <summary>Takes what is known of a picture.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="grid">Rows and columns.</param>
    /// <param name="values">The first ones known, row by row.</param>
    /// <param name="method">How they were found.</param>
    /// <param name="label">For which class.</param>
    /// <param name="score">Of the class.</param>
    public void Take(SeenPicture picture, Size2d grid, ReadOnlySpan<float> values, WhyMethod method, int label, float score)
    {
        if (grid != Grid || method != Method || label != Label)
        {
            if (_values.Length < grid.Height * grid.Width)
                _values = new float[grid.Height * grid.Width];
            Array.Fill(_values, float.NaN);
        }

        values.CopyTo(_values);
        (Grid, Done, Method, Label, Score) = (grid, values.Length, method, label, score);
        (Mapping, Number, Time) = (picture.Mapping, picture.Number, picture.Time);
        Input = new Size2d(picture.Input.Shape.Height, picture.Input.Shape.Width);
        float least = float.PositiveInfinity, greatest = float.NegativeInfinity;
        foreach (float value in Values)
        {
            if (float.IsFinite(value))
                (least, greatest) = (Math.Min(least, value), Math.Max(greatest, value));
        }

        Range = least <= greatest ? (least, greatest) : default;
    }

    /// <summary>The value at a place of the grid, in cells from its upper left corner; between the middles of cells it is blended.</summary>
    public float At(float row, float column)
    {
        float y = Math.Clamp(row - 0.5f, 0, Grid.Height - 1), x = Math.Clamp(column - 0.5f, 0, Grid.Width - 1);
        int top = (int)y, left = (int)x, bottom = Math.Min(top + 1, Grid.Height - 1), right = Math.Min(left + 1, Grid.Width - 1);
        float upper = Blend(Cell(top, left), Cell(top, right), x - left), lower = Blend(Cell(bottom, left), Cell(bottom, right), x - left);
        return Blend(upper, lower, y - top);

        float Cell(int r, int c) => _values[(r * Grid.Width) + c];

        static float Blend(float a, float b, float part) => a + ((b - a) * part);
    }
}
