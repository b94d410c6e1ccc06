namespace RealtimeCnn.Drawing;

/// <summary>Sizes of what is drawn around a thing, in units.</summary>
/// <param name="Line">Height of a line of text.</param>
internal readonly record struct BoxLook(float Line)
{
    /// <summary>Of the box's border.</summary>
    public float Thickness => Math.Max(Line / 8, 2);

    /// <summary>Radius of a landmark: small on small things, so that what it marks stays visible.</summary>
    /// <param name="width">Of the thing's box.</param>
    public float DotOf(float width) => Math.Clamp(width / 30, 1, Thickness);

    /// <summary>Of the box's corners.</summary>
    public float Radius => Line / 4;

    /// <summary>Beside a text.</summary>
    public float Margin => Line / 4;

    /// <summary>Of the ground below a text.</summary>
    public float TagHeight => Line * 1.2f;

    /// <summary>Above a text.</summary>
    public float TextTop => Line * 0.1f;
}
