namespace RealtimeCnn.Drawing;

/// <summary>
/// How the values of a feature map become colours. All take the square root of a value's share of the range, since responses are few and
/// strong, and the weak ones matter too. Maps of one number each share the range of them all, but for <see cref="Stretched"/>.
/// </summary>
public enum MapColors
{
    /// <summary>From the map's least to its greatest value, ever brighter.</summary>
    Stretched,

    /// <summary>From 0 to the map's greatest value, ever brighter: for values that are never below 0. A map that is not finite is striped.</summary>
    FromZero,

    /// <summary>
    /// 0 is dark, what is above it amber, what is below it blue, as bright as it is far from 0, on the same scale on both sides: for values
    /// of both signs. A map that is not finite is striped.
    /// </summary>
    AroundZero,
}
