namespace RealtimeCnn.Graphs;

/// <summary>
/// Places values in one arena so that values alive at the same time never overlap: largest first, each at the lowest offset
/// that is free during its life. Where threads share a small training plan its values live for all of a run, because to write over what
/// lies in another processor's cache costs more than memory that is used once.
/// </summary>
/// <remarks>Source: Pisarchyk and Lee 2020, "Efficient Memory Management for Deep Neural Net Inference", arXiv:2001.03288 (greedy by size).</remarks>
internal static class MemoryPlan
{
    /// <summary>Bytes that offsets are multiples of: what GL allows for every kind of buffer range.</summary>
    public const int Alignment = 256;

    /// <summary>Most bytes of a training plan that uses no memory twice: what the caches of a few processors hold.</summary>
    private const long MostWithoutReuse = 8 << 20;

    /// <summary>Sets every value's offset. Returns the bytes of the arena, and those needed if no memory were used twice.</summary>
    public static (long Arena, long Naive) Assign(Plan plan, PlanOptions options)
    {
        if (!options.KeepAll)
            ShareInPlace(plan, options);
        var lives = FindLives(plan, options);
        if (options.Goal != null && options.IsShared && lives.Sum(life => life.Bytes) <= MostWithoutReuse)
            lives = lives.ConvertAll(life => life with { Birth = -1, Death = int.MaxValue });
        // In ascending order of offsets, so that one look at each finds the first gap.
        var placed = new List<Life>();
        var latest = new HashSet<Life>(Life.ByNeed);
        long arena = 0, naive = 0;
        foreach (var life in lives.OrderByDescending(life => life.Bytes))
        {
            // What was no gap for a value of the same size and life is none for this one: thousands of inputs cost one look each.
            var (first, offset) = latest.TryGetValue(life, out var twin)
                ? (placed.BinarySearch(twin, Life.ByOffset), twin.Offset + twin.Bytes)
                : (0, 0L);
            for (int i = first; i < placed.Count; i++)
            {
                var other = placed[i];
                if (!life.Overlaps(other))
                    continue;
                if (offset + life.Bytes <= other.Offset)
                    break;
                offset = Math.Max(offset, other.Offset + other.Bytes);
            }

            life.Value.ByteOffset = life.Offset = offset;
            int behind = placed.BinarySearch(life, Life.ByOffset);
            placed.Insert(behind < 0 ? ~behind : behind, life);
            latest.Remove(life);
            latest.Add(life);
            arena = Math.Max(arena, offset + life.Bytes);
            naive += life.Bytes;
        }

        foreach (var value in AllValues(plan))
            value.ByteOffset = value.Root.ByteOffset + value.BytesFromRoot;
        return (arena, naive);
    }

    /// <summary>Lets outputs take the memory of an input whose last reader is the step itself, where its kernel works in place.</summary>
    private static void ShareInPlace(Plan plan, PlanOptions options)
    {
        var lastRead = new Dictionary<PlanValue, int>();
        foreach (var value in plan.Inputs.Concat(plan.Held).Concat(plan.Constants))
            lastRead[value.Root] = int.MaxValue;
        for (int i = 0; i < plan.Steps.Count; i++)
        {
            foreach (var input in plan.Steps[i].Inputs)
                lastRead[input.Root] = Math.Max(lastRead.GetValueOrDefault(input.Root), i);
        }

        for (int i = 0; i < plan.Steps.Count; i++)
        {
            var step = plan.Steps[i];
            if (step.Kernel.InPlaceInput < 0)
                continue;
            var (root, output) = (step.Inputs[step.Kernel.InPlaceInput].Root, step.Outputs[0]);
            bool isLast = lastRead[root] == i && step.Inputs.Count(input => input.Root == root) == 1;
            if (!isLast || output.Origin != null || root.Info.Format.Element != output.Info.Format.Element || root.Info.Bytes(options.Kernels.Block) != output.Info.Bytes(options.Kernels.Block))
                continue;
            lastRead[root] = Math.Max(i, lastRead.GetValueOrDefault(output, i));
            output.Replaces = root;
        }
    }

    private static List<Life> FindLives(Plan plan, PlanOptions options)
    {
        var lives = new Dictionary<PlanValue, Life>();
        Life Of(PlanValue value, int birth)
        {
            if (!lives.TryGetValue(value.Root, out var life))
                lives[value.Root] = life = new Life(value.Root, Align(value.Root.Info.Bytes(options.Kernels.Block)), birth);
            return life;
        }

        foreach (var input in plan.Inputs)
            Of(input, -1).Death = options.KeepAll ? int.MaxValue : -1;
        foreach (var step in plan.Prologue)
        {
            foreach (var output in step.Outputs)
                Of(output, -1).Death = int.MaxValue;
            foreach (var scratch in step.Scratch)
                Of(scratch, -1);
        }

        for (int i = 0; i < plan.Steps.Count; i++)
        {
            foreach (var input in plan.Steps[i].Inputs)
            {
                var life = Of(input, i);
                life.Death = Math.Max(life.Death, i);
            }

            foreach (var output in plan.Steps[i].Outputs)
            {
                var life = Of(output, i);
                life.Death = options.KeepAll ? int.MaxValue : Math.Max(life.Death, i);
            }

            foreach (var scratch in plan.Steps[i].Scratch)
                Of(scratch, i);
        }

        foreach (var held in plan.Held)
            Of(held, -1).Death = int.MaxValue;
        return [.. lives.Values];
    }

    private static IEnumerable<PlanValue> AllValues(Plan plan) => plan.Values.Values
        .Concat(plan.Inputs).Concat(plan.Held)
        .Concat(plan.Prologue.Concat(plan.Steps).SelectMany(step => step.Values));

    private static long Align(long bytes) => (Math.Max(bytes, 1) + Alignment - 1) / Alignment * Alignment;

    /// <summary>From the step that writes a value to the last one that reads it.</summary>
    private sealed record Life(PlanValue Value, long Bytes, int Birth)
    {
        public static readonly IComparer<Life> ByOffset = Comparer<Life>.Create((a, b) => a.Offset.CompareTo(b.Offset));

        /// <summary>Whether two need as many bytes from the same step to the same one.</summary>
        public static readonly IEqualityComparer<Life> ByNeed = EqualityComparer<Life>.Create(
            (a, b) => (a!.Birth, a.Death, a.Bytes) == (b!.Birth, b.Death, b.Bytes), life => HashCode.Combine(life.Birth, life.Death, life.Bytes));

        public int Death { get; set; } = Birth;

        public long Offset { get; set; }

        public bool Overlaps(Life other) => Birth <= other.Death && other.Birth <= Death;
    }
}
