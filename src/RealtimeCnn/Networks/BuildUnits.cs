namespace RealtimeCnn;

/// <summary>Work in units, as <see cref="PlanBuild"/> takes it: each step does one and gives the share that is done.</summary>
internal static class BuildUnits
{
    /// <summary>The same work as a part of a longer one.</summary>
    /// <param name="units">Gives shares in [0, 1].</param>
    /// <param name="from">Share of the whole that is done before it.</param>
    /// <param name="to">Share of the whole that is done behind it.</param>
    public static IEnumerable<double> Within(this IEnumerable<double> units, double from, double to)
    {
        foreach (double share in units)
            yield return from + (share * (to - from));
    }

    /// <summary>Does all of it now.</summary>
    public static void Finish(this IEnumerable<double> units)
    {
        using var build = new PlanBuild(units.GetEnumerator());
        build.Finish();
    }
}
