namespace RealtimeCnn.Demo.Recognition;

/// <summary>How sure a detector of centres is at each place of its maps, as a whole and for each class; of the newest picture.</summary>
/// <param name="classes">How many.</param>
/// <param name="height">Rows of the maps.</param>
/// <param name="width">Places in a row.</param>
internal sealed class HeatMap(int classes, int height, int width)
{
    private readonly float[] _heat = new float[height * width];
    private readonly float[] _shares = new float[classes * height * width];

    /// <summary>Rows and places in a row.</summary>
    public Size2d Size => new(height, width);

    /// <summary>From a place of the maps to the picture as a viewer sees it, in pixels: (x0 + x·stepX, y0 + y·stepY).</summary>
    public (float X0, float StepX, float Y0, float StepY) Placement { get; set; }

    /// <summary>The heat at a place, in [0, 1].</summary>
    /// <param name="place">Row by row.</param>
    /// <param name="label">Of one class; below 0 for what there is of any.</param>
    public float At(int place, int label) => label < 0 ? _heat[place] : _heat[place] * _shares[(label * height * width) + place];

    /// <summary>Takes in a result.</summary>
    /// <param name="heat">Logits of what there is.</param>
    /// <param name="logits">Logits of softmax over the classes, map after map.</param>
    public void Read(ReadOnlySpan<float> heat, ReadOnlySpan<float> logits)
    {
        int area = height * width;
        for (int place = 0; place < area; place++)
        {
            _heat[place] = 1 / (1 + MathF.Exp(-heat[place]));
            // Where there is nothing, nobody asks what it is.
            if (_heat[place] < 0.01f)
                continue;
            float largest = float.NegativeInfinity, sum = 0;
            for (int k = 0; k < classes; k++)
                largest = Math.Max(largest, logits[(k * area) + place]);
            for (int k = 0; k < classes; k++)
                sum += _shares[(k * area) + place] = MathF.Exp(logits[(k * area) + place] - largest);
            for (int k = 0; k < classes; k++)
                _shares[(k * area) + place] /= sum;
        }
    }
}
