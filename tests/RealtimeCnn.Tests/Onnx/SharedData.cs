namespace RealtimeCnn.Tests.Onnx;

/// <summary>
/// Models and suites that are not part of the project: <c>RTCNN_DATA</c>, or <c>../shared/data</c> seen from the project's root. A
/// test that uses them is skipped where they are absent, and says so.
/// </summary>
internal static class SharedData
{
    /// <summary>The folder; null where it is absent.</summary>
    public static string? Root { get; } = Find();

    public static string Path(params string[] parts) => System.IO.Path.Combine([Root!, .. parts]);

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("RTCNN_DATA") is { Length: > 0 } told)
            return Directory.Exists(told) ? told : null;
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder != null; folder = folder.Parent)
        {
            string candidate = System.IO.Path.Combine(folder.FullName, "shared", "data");
            if (Directory.Exists(candidate))
                return candidate;
        }

        return null;
    }
}

/// <summary>A fact about shared data.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SharedDataFactAttribute : FactAttribute
{
    public SharedDataFactAttribute() => Skip = SharedData.Root == null ? "The shared test data (../shared/data or RTCNN_DATA) is absent." : null;
}

/// <summary>A theory about shared data.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SharedDataTheoryAttribute : TheoryAttribute
{
    public SharedDataTheoryAttribute() => Skip = SharedData.Root == null ? "The shared test data (../shared/data or RTCNN_DATA) is absent." : null;
}
