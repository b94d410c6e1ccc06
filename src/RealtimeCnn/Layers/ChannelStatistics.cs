namespace RealtimeCnn.Layers;

/// <summary>Over which elements of a channel statistics are taken.</summary>
internal enum StatisticsOver
{
    /// <summary>All batch items together.</summary>
    Batch,

    /// <summary>Each batch item for itself.</summary>
    Item,
}

/// <summary>What the centred elements are divided by.</summary>
internal enum Divisor
{
    /// <summary><c>sqrt(variance + epsilon)</c>, with the biased variance.</summary>
    StandardDeviation,

    /// <summary><c>maximum − minimum</c>.</summary>
    Range,
}

/// <summary>Which statistics normalise a channel.</summary>
internal readonly record struct ChannelStatistics(StatisticsOver Over, Divisor Divisor, float Epsilon);
