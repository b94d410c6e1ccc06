namespace RealtimeCnn.OpenGL.Live;

/// <summary>Cuts the steps of a network into slices that each take no longer than a frame can spare.</summary>
internal static class StepSlices
{
    /// <summary>As many steps in a row as fit, and one at least. A step whose time is not known (NaN) is a slice of its own.</summary>
    /// <param name="milliseconds">One for each step.</param>
    /// <param name="budgetMs">Most for a slice; null for all steps in one.</param>
    /// <returns>Behind which step each slice ends; the last number is that of all steps, and there is one slice at least.</returns>
    public static int[] Ends(IReadOnlyList<double> milliseconds, double? budgetMs)
    {
        var ends = new List<int>();
        double sum = 0;
        for (int step = 0; step < milliseconds.Count; step++)
        {
            double next = double.IsNaN(milliseconds[step]) ? double.PositiveInfinity : milliseconds[step];
            if (sum > 0 && sum + next > budgetMs)
            {
                ends.Add(step);
                sum = 0;
            }

            sum += next;
        }

        return [.. ends, milliseconds.Count];
    }
}
