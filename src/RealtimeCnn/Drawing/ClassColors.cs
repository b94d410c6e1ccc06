namespace RealtimeCnn.Drawing;

/// <summary>Colours that tell things apart for people with any colour vision.</summary>
/// <remarks>Source: Okabe and Ito 2008, "Color Universal Design", in an order that puts unlike ones side by side; beyond seven they come again, lighter and darker.</remarks>
public static class ClassColors
{
    private static readonly Color[] Colors =
    [
        Color.FromRgb(0xE69F00), Color.FromRgb(0x56B4E9), Color.FromRgb(0x009E73), Color.FromRgb(0xF0E442),
        Color.FromRgb(0xCC79A7), Color.FromRgb(0x0072B2), Color.FromRgb(0xD55E00),
    ];

    // What is mixed in, and how much of it, in each further round of the colours.
    private static readonly (Color Other, float Share)[] Rounds = [(Color.Black, 0), (Color.White, 0.45f), (Color.Black, 0.4f)];

    /// <summary>Colour of a class on a mask: the first that is no background has the first colour.</summary>
    /// <param name="number">Of the class.</param>
    /// <param name="background">The class that is not drawn; null for none.</param>
    public static Color OfMask(int number, int? background) => Of(background is { } none && number > none ? number - 1 : number);

    /// <summary>The colour of a class, a track or any other number.</summary>
    /// <param name="number">Any number; they come again after 21.</param>
    public static Color Of(long number)
    {
        int place = (int)(((number % (Colors.Length * Rounds.Length)) + (Colors.Length * Rounds.Length)) % (Colors.Length * Rounds.Length));
        var color = Colors[place % Colors.Length];
        var (other, share) = Rounds[place / Colors.Length];
        return new Color(Mix(color.R, other.R), Mix(color.G, other.G), Mix(color.B, other.B));

        float Mix(float one, float another) => one + ((another - one) * share);
    }
}
