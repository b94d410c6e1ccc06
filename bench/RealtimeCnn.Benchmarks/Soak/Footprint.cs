using System.Diagnostics;
using System.Runtime.InteropServices;
using RealtimeCnn.OpenGL;

namespace RealtimeCnn.Benchmarks.Soak;

/// <summary>What the process holds, after a collection, and when what is free has been given back to the system.</summary>
/// <param name="ManagedBytes">Of the garbage-collected heap.</param>
/// <param name="NativeBytes">Of tensors.</param>
/// <param name="ResidentBytes">Of the whole process, in memory.</param>
/// <param name="Handles">Open files, pipes and sockets.</param>
/// <param name="Threads">Of the process.</param>
/// <param name="Children">Processes that it has started and that still run; counted on Linux.</param>
/// <param name="Files">In the folder that is watched, with those of its folders.</param>
internal sealed record Footprint(long ManagedBytes, long NativeBytes, long ResidentBytes, int Handles, int Threads, int Children, int Files)
{
    private const long MiB = 1 << 20;

    // What each may differ by without being a leak. The runtime keeps threads, handles and memory of its own, and gives them back when it likes.
    private static readonly (string Name, Func<Footprint, long> Read, long Slack)[] Parts =
    [
        ("managed bytes", sample => sample.ManagedBytes, MiB), ("bytes of tensors", sample => sample.NativeBytes, 0), ("resident bytes", sample => sample.ResidentBytes, 32 * MiB),
        ("handles", sample => sample.Handles, 8), ("threads", sample => sample.Threads, 8), ("child processes", sample => sample.Children, 1), ("files", sample => sample.Files, 0),
    ];

    /// <summary>Buffers, textures, programs and the like, by kind; none without a device.</summary>
    public IReadOnlyDictionary<string, int> GlObjects { get; init; } = new Dictionary<string, int>();

    /// <summary>Of all kinds.</summary>
    public int GlObjectCount => GlObjects.Values.Sum();

    /// <param name="device">Whose objects are counted; null for none.</param>
    /// <param name="folder">Whose files are counted; null for none.</param>
    public static Footprint Now(GlDevice? device, string? folder = null)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GiveBack();
        using var self = Process.GetCurrentProcess();
        int handles = OperatingSystem.IsLinux() ? Directory.GetFileSystemEntries("/proc/self/fd").Length : self.HandleCount;
        int files = folder == null ? 0 : Directory.GetFileSystemEntries(folder, "*", SearchOption.AllDirectories).Length;
        return new Footprint(GC.GetTotalMemory(true), Tensor.LiveBytes, self.WorkingSet64, handles, self.Threads.Count, ChildrenOf(Environment.ProcessId), files)
        {
            GlObjects = device?.CountObjects() ?? new Dictionary<string, int>(),
        };
    }

    /// <summary>How each part came from the second third of a run to its last, by the medians of both: the first third is for warming up. None in runs of fewer than three samples.</summary>
    /// <param name="samples">Of the whole run.</param>
    /// <param name="memory">Bytes that each kind of memory may differ by besides, where rounds are not alike.</param>
    public static IReadOnlyList<Trend> Trends(IReadOnlyList<Footprint> samples, long memory = 0)
    {
        int third = samples.Count / 3;
        if (third == 0)
            return [];
        var middle = samples.Skip(samples.Count - (2 * third)).Take(third).ToList();
        var last = samples.TakeLast(third).ToList();
        var kinds = samples.SelectMany(sample => sample.GlObjects.Keys).Distinct().Order(StringComparer.Ordinal)
            .Select(kind => (Name: $"OpenGL {kind}", Read: new Func<Footprint, long>(sample => sample.GlObjects.GetValueOrDefault(kind)), Slack: 4L));
        return [.. Parts.Concat(kinds).Select(part => new Trend(part.Name, Median(middle, part.Read), Median(last, part.Read), part.Slack + (part.Name.Contains("bytes", StringComparison.Ordinal) ? memory : 0)))];
    }

    /// <summary>What has grown (<see cref="Trends"/>), in words; none where nothing has.</summary>
    public static IReadOnlyList<string> Growth(IReadOnlyList<Footprint> samples, long memory = 0) =>
        [.. Trends(samples, memory).Where(trend => !trend.IsFlat).Select(trend => $"{trend.Name} grew from {trend.Before} to {trend.After}")];

    // What the C library keeps free for later is not held: a driver that compiles shaders between what it keeps leaves more of that by and by.
    private static void GiveBack()
    {
        if (!OperatingSystem.IsLinux())
            return;
        try
        {
            _ = TrimHeap(0);
        }
        catch (EntryPointNotFoundException)
        {
            // Another library than glibc gives memory back by itself, or never.
        }
    }

    [DllImport("libc", EntryPoint = "malloc_trim")]
    private static extern int TrimHeap(nuint kept);

    private static long Median(List<Footprint> samples, Func<Footprint, long> read) => samples.Select(read).Order().ElementAt(samples.Count / 2);

    private static int ChildrenOf(int process)
    {
        if (!OperatingSystem.IsLinux())
            return 0;
        // A process that ends while it is looked at is none.
        return Directory.GetDirectories("/proc").Count(folder => int.TryParse(Path.GetFileName(folder), out _) && ParentOf(folder) == process);
    }

    private static int ParentOf(string folder)
    {
        try
        {
            // The name, in parentheses, may have any letters in it.
            string stat = File.ReadAllText(Path.Combine(folder, "stat"));
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], null);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return -1;
        }
    }

    /// <summary>How a part of a footprint came from the second third of a run to its last.</summary>
    /// <param name="Name">What.</param>
    /// <param name="Before">Median of the second third.</param>
    /// <param name="After">Median of the last.</param>
    /// <param name="Slack">What it may differ by without being a leak.</param>
    internal sealed record Trend(string Name, long Before, long After, long Slack)
    {
        /// <summary>Whether it has not grown.</summary>
        public bool IsFlat => After - Before <= Slack;
    }
}
