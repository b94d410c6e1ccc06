using System.Diagnostics;
using RealtimeCnn.OpenGL;

namespace RealtimeCnn.Benchmarks.Soak;

/// <summary>What the process holds, after a collection.</summary>
/// <param name="ManagedBytes">Of the garbage-collected heap.</param>
/// <param name="NativeBytes">Of tensors.</param>
/// <param name="ResidentBytes">Of the whole process, in memory.</param>
/// <param name="Handles">Open files, pipes and sockets.</param>
/// <param name="Threads">Of the process.</param>
/// <param name="GlObjects">Buffers, textures, programs and the like; 0 without a device.</param>
internal sealed record Footprint(long ManagedBytes, long NativeBytes, long ResidentBytes, int Handles, int Threads, int GlObjects)
{
    private const long MiB = 1 << 20;

    // What each may differ by without being a leak. The runtime keeps threads, handles and memory of its own, and gives them back when it likes; fences of pictures under way are OpenGL objects.
    private static readonly (string Name, Func<Footprint, long> Read, long Slack)[] Parts =
    [
        ("managed bytes", sample => sample.ManagedBytes, MiB), ("bytes of tensors", sample => sample.NativeBytes, 0), ("resident bytes", sample => sample.ResidentBytes, 32 * MiB),
        ("handles", sample => sample.Handles, 8), ("threads", sample => sample.Threads, 8), ("OpenGL objects", sample => sample.GlObjects, 4),
    ];

    public static Footprint Now(GlDevice? device)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        using var self = Process.GetCurrentProcess();
        int handles = OperatingSystem.IsLinux() ? Directory.GetFileSystemEntries("/proc/self/fd").Length : self.HandleCount;
        return new Footprint(GC.GetTotalMemory(true), Tensor.LiveBytes, self.WorkingSet64, handles, self.Threads.Count, device?.LiveObjects ?? 0);
    }

    /// <summary>What has grown from the second third of a run to its last, by the medians of both; none where nothing has, and in runs of fewer than three samples.</summary>
    public static IReadOnlyList<string> Growth(IReadOnlyList<Footprint> samples)
    {
        int third = samples.Count / 3;
        if (third == 0)
            return [];
        var middle = samples.Skip(samples.Count - (2 * third)).Take(third).ToList();
        var last = samples.TakeLast(third).ToList();
        return [.. Parts.Select(part => (part.Name, Before: Median(middle, part.Read), After: Median(last, part.Read), part.Slack))
            .Where(part => part.After - part.Before > part.Slack).Select(part => $"{part.Name} grew from {part.Before} to {part.After}")];
    }

    private static long Median(List<Footprint> samples, Func<Footprint, long> read) => samples.Select(read).Order().ElementAt(samples.Count / 2);
}
