namespace RealtimeCnn.Tests;

/// <summary>The project that the tests are of, for those that read its documents or build its programs.</summary>
internal static class Repository
{
    /// <summary>The folder of <c>RealtimeCnn.sln</c>.</summary>
    public static string Root { get; } = Find();

    /// <summary>The file of a shipped model, with its recipe beside it.</summary>
    public static string Model(string name) => Path.Combine(Root, "demo", "models", $"{name}.onnx");

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder != null && !File.Exists(Path.Combine(folder.FullName, "RealtimeCnn.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new DirectoryNotFoundException("The tests do not run inside the project.");
    }
}
