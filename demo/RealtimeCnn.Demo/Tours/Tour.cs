using RealtimeCnn.Demo.Scripts;

namespace RealtimeCnn.Demo.Tours;

/// <summary>The guided tour: a script like any other, <c>Tours/tour.script</c>, of what a user would do and of captions.</summary>
internal static class Tour
{
    private const string File = "tour.script";

    /// <summary>The script.</summary>
    public static Script Script { get; } = Read();

    private static Script Read()
    {
        using var lines = new StreamReader(typeof(Tour).Assembly.GetManifestResourceStream(File)!);
        return Script.Parse(lines.ReadToEnd().Split('\n'), File);
    }
}
