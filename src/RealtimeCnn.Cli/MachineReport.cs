using System.Collections;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace RealtimeCnn.Cli;

/// <summary>What of a machine a report of a fault has to say beside its OpenGL. Nothing of its user: no names, no paths but those in drivers' variables.</summary>
/// <param name="Runtime">The framework.</param>
/// <param name="Platform">Its name for the system and processor.</param>
/// <param name="System">The system's own name and version.</param>
/// <param name="Threads">Threads that the processor runs at once.</param>
/// <param name="Vectors">Its vector instructions.</param>
/// <param name="Environment">The variables that change what OpenGL drivers do.</param>
internal sealed record MachineReport(string Runtime, string Platform, string System, int Threads, IReadOnlyList<string> Vectors, IReadOnlyDictionary<string, string> Environment)
{
    private static readonly string[] DriverVariables = ["MESA_", "LIBGL_", "GALLIUM_", "LP_", "EGL_", "ZINK_", "VK_", "__GL", "__EGL", "NVIDIA_", "AMD_", "RADEON_", "INTEL_"];

    /// <summary>This machine.</summary>
    public static MachineReport Here => new(
        RuntimeInformation.FrameworkDescription, RuntimeInformation.RuntimeIdentifier, RuntimeInformation.OSDescription, global::System.Environment.ProcessorCount, [.. VectorFeatures()],
        global::System.Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(entry => (Name: (string)entry.Key, Value: (string?)entry.Value ?? ""))
            .Where(variable => Array.Exists(DriverVariables, start => variable.Name.StartsWith(start, StringComparison.Ordinal)))
            .OrderBy(variable => variable.Name, StringComparer.Ordinal).ToDictionary(variable => variable.Name, variable => variable.Value));

    private static IEnumerable<string> VectorFeatures()
    {
        (bool Has, string Name)[] features =
        [
            (Avx512F.IsSupported, "AVX-512F"), (Avx2.IsSupported, "AVX2"), (Fma.IsSupported, "FMA"),
            (Sse42.IsSupported, "SSE4.2"), (AdvSimd.IsSupported, "AdvSimd"),
        ];
        foreach (var (has, name) in features)
        {
            if (has)
                yield return name;
        }

        int width = Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : Vector128.IsHardwareAccelerated ? 128 : 0;
        yield return width == 0 ? "no vectors" : $"{width} bits preferred";
    }
}
