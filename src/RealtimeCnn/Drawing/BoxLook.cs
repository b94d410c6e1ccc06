namespace RealtimeCnn.Drawing;

/// <summary>Sizes of what is drawn around a thing, in units.</summary>
/// <param name="Line">Height of a line of text.</param>
internal readonly record struct BoxLook(float Line)
{
    /// <summary>Radius of a landmark.</summary>
    public float Dot => Math.Max(Line / 8, 2);

    /// <summary>Of the box's border.</summary>
    public float Thickness => Math.Max(Line / 8, 2);

    /// <summary>Of the box's corners.</summary>
    public float Radius => Line / 4;

    /// <summary>Beside a text.</summary>
    public float Margin => Line / 4;

    /// <summary>Of the ground below a text.</summary>
    public float TagHeight => Line * 1.2f;

    /// <summary>Above a text.</summary>
    public float TextTop => Line * 0.1f;
}
