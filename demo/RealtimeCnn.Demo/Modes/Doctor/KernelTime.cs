using System.Globalization;

namespace RealtimeCnn.Demo.Modes.Doctor;

/// <summary>What computes a layer in a network as it is in use, and for how long.</summary>
/// <param name="Kernel">Layer and name of the kernel.</param>
/// <param name="Reason">Why this one.</param>
/// <param name="Milliseconds">Least of some runs, of all steps for the layer; NaN where nothing of it is computed by itself.</param>
internal sealed record KernelTime(string Kernel, string Reason, double Milliseconds)
{
    /// <summary>The time in words, for a narrow column.</summary>
    public string Short { get; } = double.IsNaN(Milliseconds) ? "·" : Milliseconds.ToString(Milliseconds < 10 ? "0.000" : "0.00", CultureInfo.InvariantCulture);

    /// <summary>Kernel and time in words.</summary>
    public string Line { get; } = double.IsNaN(Milliseconds) ? Kernel : string.Create(CultureInfo.InvariantCulture, $"{Kernel}, {Milliseconds:0.000} ms");

    /// <summary>Of a layer, from the steps of some runs of one plan.</summary>
    /// <param name="node">Name of the layer's node.</param>
    /// <param name="runs">The steps of each run.</param>
    public static KernelTime Of(string node, IReadOnlyList<IReadOnlyList<StepTime>> runs)
    {
        var steps = runs[0];
        int chosen = -1;
        double milliseconds = 0;
        for (int i = 0; i < steps.Count; i++)
        {
            if (!steps[i].Nodes.Contains(node))
                continue;
            // A conversion has the name of the value that it converts and computes nothing of it.
            if (chosen < 0 || steps[i].MultiplyAccumulates > steps[chosen].MultiplyAccumulates)
                chosen = i;
            // What several layers are computed by counts for the last of them.
            if (steps[i].Nodes[^1] == node)
                milliseconds += runs.Min(run => run[i].Milliseconds);
        }

        if (chosen < 0)
            return new KernelTime("no step of its own", "Its value is another layer's, in the same memory.", double.NaN);
        var step = steps[chosen];
        return step.Nodes[^1] == node
            ? new KernelTime(step.Kernel, step.Reason, milliseconds)
            : new KernelTime(step.Kernel, $"Computed together with '{step.Nodes[^1]}', where its time counts.", double.NaN);
    }
}
