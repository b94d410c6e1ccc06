namespace RealtimeCnn.Images;

/// <summary>
/// The one definition of resizing, along one axis: output pixel i shows the source around
/// <c>centre = start + (i + ½)·scale</c> through a triangle of half-width <c>r = max(scale, 1)</c>:
/// <c>weight(j) ∝ max(0, 1 − |j + ½ − centre| / r)</c>, over the pixels j that exist, summing to 1.
/// So it is bilinear when enlarging and antialiased when shrinking. Computed in double and rounded to float once; the
/// CPU and the GPU path both use these numbers. Same as torch.nn.functional.interpolate with antialias, and Pillow's BILINEAR.
/// </summary>
internal sealed class ResampleAxis
{
    private readonly float[] _weights;

    /// <param name="source">Pixels of the source along this axis.</param>
    /// <param name="count">Output pixels.</param>
    /// <param name="start">Where output pixel 0 begins, in source pixels.</param>
    /// <param name="scale">Source pixels per output pixel, above 0.</param>
    public ResampleAxis(int source, int count, double start, double scale)
    {
        double radius = Math.Max(scale, 1);
        Taps = Math.Min(source, (int)Math.Ceiling(2 * radius));
        First = new int[count];
        _weights = new float[count * Taps];
        Span<double> exact = new double[Taps];
        for (int i = 0; i < count; i++)
        {
            double centre = start + ((i + 0.5) * scale);
            // The last taps of a window that meets the end have no pixel; starting earlier gives them one, with weight 0.
            First[i] = Math.Clamp((int)Math.Floor(centre - radius + 0.5), 0, source - Taps);
            double sum = 0;
            for (int k = 0; k < Taps; k++)
                sum += exact[k] = Math.Max(0, 1 - (Math.Abs(First[i] + k + 0.5 - centre) / radius));
            for (int k = 0; k < Taps; k++)
                _weights[(i * Taps) + k] = (float)(exact[k] / sum);
        }
    }

    /// <summary>Source pixels that each output pixel is made of; some may weigh nothing.</summary>
    public int Taps { get; }

    /// <summary>By output pixel: the first of its source pixels.</summary>
    public int[] First { get; }

    /// <summary>Weights of one output pixel's source pixels, in order.</summary>
    public ReadOnlySpan<float> Weights(int output) => _weights.AsSpan(output * Taps, Taps);
}
