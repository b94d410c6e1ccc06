namespace RealtimeCnn.Textbook.Drawing;

/// <summary>An axis of a plot: where a number lies between its ends, and the numbers written along it.</summary>
internal sealed record Axis(double Low, double High, bool Logarithmic, double[] Ticks)
{
    private const int FewestTicks = 3;

    /// <param name="values">What is drawn; above 0 on a logarithmic axis.</param>
    /// <param name="logarithmic">Whether equal steps are equal factors.</param>
    /// <param name="range">The ends; from the values where null.</param>
    public static Axis Of(IEnumerable<double> values, bool logarithmic, (double Low, double High)? range)
    {
        double[] all = [.. values];
        double low = range?.Low ?? all.Min(), high = range?.High ?? all.Max();
        if (logarithmic)
            return new Axis(low, high, true, LogarithmicTicks(low, high));
        double step = Step(Math.Max(high - low, 1e-9) / 4.5);
        low = range?.Low ?? (low >= 0 && low < (high - low) * 0.6 ? 0 : Math.Floor(low / step) * step);
        return new Axis(low, high, false, [.. Enumerable.Range(0, 20).Select(i => (Math.Ceiling(low / step) + i) * step).Where(tick => tick <= high + (step * 1e-6))]);
    }

    /// <summary>Place of a number, from 0 at the low end to 1 at the high one.</summary>
    public double Place(double value) => Logarithmic
        ? (Math.Log(value) - Math.Log(Low)) / Math.Max(Math.Log(High) - Math.Log(Low), 1e-12)
        : (value - Low) / Math.Max(High - Low, 1e-12);

    // Powers of two where the ends are some, else as coarse as it goes with at least three numbers: tens, 1-2-5, every digit.
    private static double[] LogarithmicTicks(double low, double high)
    {
        int first = (int)Math.Floor(Math.Log10(low)) - 1, decades = (int)Math.Ceiling(Math.Log10(high)) - first + 1;
        double[] Between(IEnumerable<double> ticks) => [.. ticks.Where(tick => tick >= low * 0.999 && tick <= high * 1.001)];
        double[] Decades(params double[] digits) => Between(Enumerable.Range(first, decades).SelectMany(power => digits.Select(digit => digit * Math.Pow(10, power))));
        double[] tens = Decades(1), twos = Between(Enumerable.Range(-32, 96).Select(power => Math.Pow(2, power)));
        if (tens.Length >= FewestTicks)
            return tens;
        if (twos.Length >= FewestTicks && twos[0] == low && twos[^1] == high)
            return twos;
        double[] some = Decades(1, 2, 5);
        return some.Length >= FewestTicks ? some : Decades(1, 2, 3, 4, 5, 6, 7, 8, 9);
    }

    private static double Step(double rough)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        double[] nice = [1, 2, 5, 10];
        return nice.First(factor => factor * power >= rough * 0.999) * power;
    }
}
