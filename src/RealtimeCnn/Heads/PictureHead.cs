namespace RealtimeCnn.Heads;

/// <summary>What the output of a network means that makes pictures (style transfer, super-resolution): <c>[1, 3, H, W]</c> as red, green and blue, or <c>[1, 1, H, W]</c> as gray.</summary>
/// <param name="Black">The number that is black.</param>
/// <param name="White">The number that is white; unlike <paramref name="Black"/>. What is beyond both is cut off.</param>
public sealed record PictureHead(float Black = 0, float White = 1) : ModelHead
{
    private const float Most = 1e6f;

    /// <inheritdoc/>
    public override string Family => "picture";

    /// <summary>What is seen as numbers beyond a range: networks overshoot by a little.</summary>
    private const float Overshoot = 0.5f;

    /// <summary>What turns a number into [0, 1]: <c>(number − Black) · Factor</c>.</summary>
    /// <exception cref="ArgumentException">Black and white are the same, or no numbers.</exception>
    internal float Factor => float.IsFinite(Black) && float.IsFinite(White) && Black != White ? 1 / (White - Black)
        : throw new ArgumentException($"Black and white are two numbers; they are {Black} and {White}.");

    /// <summary>The range in use that fits the numbers of a picture: [0, 255] where they go far beyond 1, [−1, 1] where many are negative, else [0, 1]. Declared is better.</summary>
    /// <param name="numbers">Of a picture that has dark and bright places; those that are no numbers do not count.</param>
    public static PictureHead Recognize(ReadOnlySpan<float> numbers)
    {
        int negative = 0, large = 0, count = 0;
        foreach (float number in numbers)
        {
            if (!float.IsFinite(number))
                continue;
            count++;
            negative += number < -Overshoot / 4 ? 1 : 0;
            large += number > 1 + Overshoot ? 1 : 0;
        }

        // A few strays make no range.
        return large * 100L > count ? new PictureHead(0, 255) : negative * 100L > count ? new PictureHead(-1) : new PictureHead();
    }

    /// <summary>Throws unless an output is a picture.</summary>
    /// <param name="output">Its shape.</param>
    /// <exception cref="ArgumentException">It is none.</exception>
    public static void Verify(Shape output)
    {
        if (output.Rank != 4 || output.Batch != 1 || output.Channels is not (1 or 3))
            throw new ArgumentException($"A picture is an output [1, 3, H, W] or [1, 1, H, W]; this one is {output}.", nameof(output));
    }

    /// <summary>Writes the picture as bytes: rows from the top, red, green and blue of each pixel; gray as all three. A number that is none is black.</summary>
    /// <param name="output">The network's output.</param>
    /// <param name="rgb">As many bytes as the output has pixels, times three.</param>
    /// <exception cref="ArgumentException">The output is no picture, or there are more or fewer bytes.</exception>
    public void Write(Tensor output, Span<byte> rgb)
    {
        ArgumentNullException.ThrowIfNull(output);
        Verify(output.Shape);
        int area = output.Shape.Area;
        if (rgb.Length != 3 * area)
            throw new ArgumentException($"A picture of {output.Shape.Width}×{output.Shape.Height} pixels has {3 * area} bytes; there are {rgb.Length}.", nameof(rgb));
        float factor = Factor;
        for (int channel = 0; channel < 3; channel++)
        {
            var plane = output.Span.Slice(output.Shape.Channels == 1 ? 0 : channel * area, area);
            for (int i = 0; i < area; i++)
                rgb[(3 * i) + channel] = (byte)((Part((plane[i] - Black) * factor) * 255) + 0.5f);
        }

        // A NaN is larger than nothing.
        static float Part(float value) => value > 0 ? Math.Min(value, 1) : 0;
    }

    internal override ModelHead Read(HeadEntries entries) =>
        new PictureHead(entries.Number("black", Black, -Most, Most), entries.Number("white", White, -Most, Most));

    internal override void Write(HeadEntries entries)
    {
        entries.Set("black", Black);
        entries.Set("white", White);
    }
}
