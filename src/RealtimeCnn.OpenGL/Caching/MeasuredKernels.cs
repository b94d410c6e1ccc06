using System.Text.Json;
using RealtimeCnn.Kernels;

namespace RealtimeCnn.OpenGL.Caching;

/// <summary>Which kernels were measured to be the best on a device, for as long as device, driver and engine stay the same.</summary>
internal sealed class MeasuredKernels
{
    private const string Key = "kernels";
    private readonly CacheFolder? _cache;
    private readonly string _readPath;
    private Dictionary<string, string> _names;

    /// <param name="cache">The device's files; null to forget with the device.</param>
    /// <param name="readPath">How shaders read tensors.</param>
    public MeasuredKernels(CacheFolder? cache, ReadPath readPath)
    {
        (_cache, _readPath) = (cache, readPath.ToString());
        _names = Read();
    }

    /// <summary>What was measured; null where nothing was.</summary>
    public KernelChoice? Choice => _names.Count == 0 ? null : new KernelChoice(_names);

    /// <summary>Takes a kernel for a call from now on; networks that are there keep theirs.</summary>
    /// <param name="call">As <see cref="KernelChoice.Key"/> names it.</param>
    /// <param name="kernel">Its name among those of its layer.</param>
    public void Keep(string call, string kernel)
    {
        // Another program may have measured another model meanwhile.
        _names = new Dictionary<string, string>(_names.Concat(Read()).DistinctBy(entry => entry.Key)) { [call] = kernel };
        _cache?.Write(JsonSerializer.SerializeToUtf8Bytes(_names), Key, _readPath);
    }

    private Dictionary<string, string> Read() =>
        _cache?.Read(Key, _readPath) is { } bytes ? JsonSerializer.Deserialize<Dictionary<string, string>>(bytes)! : [];
}
