using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;

namespace RealtimeCnn.Cpu;

/// <summary>
/// How many threads a plan is worth, and in what pieces they share its steps: a pure rule of what the steps cost. Only how long a run
/// takes depends on it, never what comes out.
/// </summary>
/// <param name="Processors">Those of the machine: more threads than that only wait for each other.</param>
/// <param name="Piece">Least cost of a piece in nanoseconds: enough to pay for claiming it and for another processor's fetching what it reads.</param>
/// <param name="LongPiece">Most cost of a piece, in nanoseconds: how long others wait for one whose thread has lost its processor.</param>
/// <param name="ThreadShare">Least that a thread must have to do in a run, in nanoseconds, to be worth calling.</param>
internal sealed record SharingRule(int Processors, double Piece, double LongPiece, double ThreadShare)
{
    /// <summary>Parts of a step that participants begin with; beyond, some share one.</summary>
    private const int MostSections = 8;

    // What a processor does at least in a nanosecond, roughly: a plan need not know better to tell microseconds from milliseconds.
    private const double MultiplyAccumulatesPerNanosecond = 32, OperationsPerNanosecond = 4, BytesPerNanosecond = 16;

    /// <summary>That of this machine.</summary>
    public static SharingRule Machine { get; } = new(Environment.ProcessorCount, Piece: 2_000, LongPiece: 50_000, ThreadShare: 20_000);

    /// <summary>Every step on every thread in the smallest pieces: for tests, whose layers are small.</summary>
    public static SharingRule Finest { get; } = new(int.MaxValue, 0, 0, 0);

    /// <summary>What a call costs in nanoseconds; infinite for layers from outside, of which nothing is known.</summary>
    public static double Cost(LayerCall call)
    {
        // A gradient reads what the forward call read and wrote, and does its work about once more.
        if (call.Forward is { } forward)
            return Cost(forward);
        var shapes = new Dictionary<Node, Shape>();
        Node[] sources = OutputWishes.Sources(call.Nodes);
        for (int i = 0; i < sources.Length; i++)
            shapes[sources[i]] = call.Inputs[i].Shape;
        double nanoseconds = 0;
        foreach (var value in call.Inputs)
            nanoseconds += value.Bytes(CpuKernels.Block) / BytesPerNanosecond;
        foreach (var value in call.Outputs)
            nanoseconds += value.Bytes(CpuKernels.Block) / BytesPerNanosecond;
        foreach (var node in call.Nodes)
        {
            if (node.Layer is ICustomLayer)
                return double.PositiveInfinity;
            Shape[] inputs = node.Inputs.Map(input => shapes[input]);
            var output = shapes[node] = node == call.Node ? call.Output.Shape : node.Layer.InferShape(inputs);
            long multiplyAccumulates = node.Layer.MultiplyAccumulates(inputs, output);
            nanoseconds += multiplyAccumulates > 0
                ? multiplyAccumulates / MultiplyAccumulatesPerNanosecond
                : node.Layer.Operations(inputs, output) / OperationsPerNanosecond;
        }

        return nanoseconds;
    }

    /// <summary>Threads that a plan is worth.</summary>
    /// <param name="costs">What its calls cost, in nanoseconds.</param>
    /// <param name="threads">Most that may work on it; at least 1.</param>
    public int Participants(ReadOnlySpan<double> costs, int threads)
    {
        double shared = 0;
        foreach (double cost in costs)
            shared += cost >= 2 * Piece ? cost : 0;
        return (int)Math.Clamp(shared / ThreadShare, 1, Math.Min(threads, Processors));
    }

    /// <summary>How participants share a call.</summary>
    /// <param name="items">Independent pieces of work; at least 1.</param>
    /// <param name="cost">What it costs, in nanoseconds.</param>
    /// <param name="participants">Threads that walk the plan.</param>
    /// <param name="after">Calls that must be complete before.</param>
    public StepShare Share(int items, double cost, int participants, int[] after)
    {
        // Of a call that costs nobody knows what, all that is known is that it may be worth sharing.
        if (double.IsInfinity(cost) || LongPiece == 0)
            return new StepShare(items, 1, Math.Max(items / 2, 1), Math.Min(Math.Min(participants, MostSections), items), after);
        int least = (int)Math.Clamp(Math.Ceiling(items * Piece / cost), 1, items);
        int most = (int)Math.Clamp(items * LongPiece / cost, least, items);
        int sections = Math.Clamp(items / least, 1, Math.Min(participants, MostSections));
        return new StepShare(items, least, most, sections, after);
    }
}
