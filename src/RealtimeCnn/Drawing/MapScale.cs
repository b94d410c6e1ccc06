namespace RealtimeCnn.Drawing;

/// <summary>The colours of one feature map: its range and how values in it become colours. Twin of <c>shaders/overlay/feature_maps.frag</c>.</summary>
public readonly struct MapScale
{
    // Units from one stripe to the next, across both.
    private const float StripeUnits = 8;
    private static readonly uint Striped = PixelRows.Pixel(new Color(0.92f, 0.2f, 0.8f)), Between = PixelRows.Pixel(new Color(0.1f, 0.1f, 0.12f));
    private readonly float _zero, _factor;

    /// <summary>The colours of a map.</summary>
    /// <param name="colors">How values become colours.</param>
    /// <param name="least">Of the map's values.</param>
    /// <param name="greatest">Of the map's values.</param>
    public MapScale(MapColors colors, float least, float greatest)
    {
        (Colors, Least, Greatest) = (colors, least, greatest);
        float range = colors switch { MapColors.Stretched => greatest - least, MapColors.FromZero => greatest, _ => Math.Max(Math.Abs(least), Math.Abs(greatest)) };
        (_zero, _factor) = (colors == MapColors.Stretched ? least : 0, range > 0 ? 1 / range : 0);
    }

    /// <summary>How values become colours.</summary>
    public MapColors Colors { get; }

    /// <summary>Least value of the map.</summary>
    public float Least { get; }

    /// <summary>Greatest value of the map.</summary>
    public float Greatest { get; }

    /// <summary>Whether the map has values that are infinite or no number, and is striped therefore.</summary>
    public bool IsBroken => Colors != MapColors.Stretched && !(float.IsFinite(Least) && float.IsFinite(Greatest));

    /// <summary>Whether the maps of a value are all over the same range: where each is one number, which has none of its own.</summary>
    internal static bool SharesRange(MapColors colors, Shape shape) => colors != MapColors.Stretched && shape.Area == 1;

    /// <summary>The colour of a value.</summary>
    public Color ColorOf(float value) => Colors == MapColors.AroundZero ? DivergingColors.Of(PlaceOf(value)) : HeatColors.Of(PlaceOf(value));

    /// <summary>A pixel of the stripes of a map that is broken.</summary>
    /// <param name="units">Sum of how far it lies to the right and below the map's corner.</param>
    internal static uint BrokenPixel(float units) => units % StripeUnits < StripeUnits / 2 ? Striped : Between;

    /// <summary>Colours a row of pixels.</summary>
    /// <param name="values">One for each pixel.</param>
    /// <param name="run">The pixels.</param>
    internal void Paint(ReadOnlySpan<float> values, Span<uint> run)
    {
        if (Colors == MapColors.AroundZero)
        {
            for (int x = 0; x < run.Length; x++)
                run[x] = DivergingColors.Pixel(PlaceOf(values[x]));
            return;
        }

        for (int x = 0; x < run.Length; x++)
            run[x] = HeatColors.Pixel(MathF.Sqrt((values[x] - _zero) * _factor));
    }

    // In [0, 1], or in [−1, 1] around zero.
    private float PlaceOf(float value)
    {
        float share = (value - _zero) * _factor;
        return Colors == MapColors.AroundZero ? MathF.CopySign(MathF.Sqrt(MathF.Abs(share)), share) : MathF.Sqrt(share);
    }
}
