namespace RealtimeCnn.Tests.Layers;

/// <summary>Numbers as a hostile file would hold them: near the ends of 32 bits, and such that products wrap around to small ones.</summary>
internal sealed class HostileNumbers(int seed)
{
    private readonly Random _random = new(seed);

    public int Small => _random.Next(1, 5);

    public bool Flip => _random.Next(2) == 0;

    /// <summary>At least 1.</summary>
    public int Positive => _random.Next(6) switch
    {
        0 => int.MaxValue - _random.Next(4),
        1 => (int)Math.Min((1L << _random.Next(8, 32)) + _random.Next(-2, 3), int.MaxValue),
        2 => (int)(((1L << _random.Next(31, 33)) / _random.Next(2, 2000)) + _random.Next(-1, 3)) & int.MaxValue | 1,
        3 => _random.Next(1, int.MaxValue),
        _ => Small,
    };

    /// <summary>Of either sign, or 0.</summary>
    public int Any => _random.Next(5) switch
    {
        0 => 0,
        1 => -Positive,
        2 => int.MinValue + _random.Next(3),
        _ => Positive,
    };

    /// <summary>A number at or just below another, where it fits an int: what passes a check against it.</summary>
    public int JustBelow(long limit) => (int)Math.Clamp(limit - _random.Next(4), 0, int.MaxValue);

    public int Pick(params ReadOnlySpan<int> choices) => choices[_random.Next(choices.Length)];
}
