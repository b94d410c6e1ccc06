using RealtimeCnn.Images;
using RealtimeCnn.Live;

namespace RealtimeCnn.Drawing;

/// <summary>What is put in the place of a picture's background, behind the people and things that a segmentation network found.</summary>
public sealed record Backdrop
{
    private Backdrop(Color color, int rows) => (Color, Rows) = (color, rows);

    /// <summary>The colour that replaces it; nothing where it is blurred, or a picture.</summary>
    public Color Color { get; }

    /// <summary>Rows that a blurred picture is shrunk to before it is smoothly enlarged again; 0 for a colour or another picture.</summary>
    public int Rows { get; }

    /// <summary>The picture that replaces it; null where none does.</summary>
    internal PixelPicture? Picture { get; private init; }

    /// <summary>One colour; opacity below 1 lets the background through.</summary>
    /// <param name="color">The colour.</param>
    public static Backdrop Of(Color color) => new(color, 0);

    /// <summary>Another picture, upright: the largest centred part that has the proportions of what it lies behind, so that it covers all of it.</summary>
    /// <param name="picture">Copied; it stays the caller's.</param>
    public static Backdrop Of(Frame picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        var copy = new PixelPicture();
        copy.CopyFrom(picture);
        return new Backdrop(default, 0) { Picture = copy };
    }

    /// <summary>The picture itself, blurred.</summary>
    /// <param name="strength">Radius of the blur, as a share of the picture's height, from 0.005 to 0.5.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is less or more.</exception>
    public static Backdrop Blurred(float strength = 0.04f) => strength is >= 0.005f and <= 0.5f
        ? new(default, Math.Max((int)MathF.Round(1 / strength), 2))
        : throw new ArgumentOutOfRangeException(nameof(strength), strength, "A blur's radius is from 0.005 to 0.5 of the picture's height.");

    /// <summary>Size that a picture is shrunk to.</summary>
    internal Size2d GridOf(Size2d upright)
    {
        int rows = Math.Min(Rows, upright.Height);
        return new(rows, Math.Clamp((int)Math.Round((double)rows * upright.Width / upright.Height), 1, upright.Width));
    }
}
