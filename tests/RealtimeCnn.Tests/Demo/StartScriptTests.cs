using System.Diagnostics;

namespace RealtimeCnn.Tests.Demo;

/// <summary><c>demo.sh</c> builds where something has changed since it was built, and else starts at once; here in a tree of a few files, with a dotnet that only takes notes.</summary>
public sealed class StartScriptTests : IDisposable
{
    private static readonly string[] Sources = ["src/a/A.cs", "src/a/B.cs", "demo/Demo.cs", "shaders/s.comp", "tests/stubs/Stub.cs", "global.json", ".editorconfig", "Directory.Build.props", "Directory.Build.targets"];
    private readonly string _tree = Directory.CreateTempSubdirectory("rtcnn-start-").FullName;

    public void Dispose() => Directory.Delete(_tree, recursive: true);

    [Fact]
    public void It_builds_after_every_change_and_only_then()
    {
        if (OperatingSystem.IsWindows())
            return;
        foreach (string file in Sources)
            Write(file, "one");
        Write("eng/dotnet-home.sh", File.ReadAllText(Path.Combine(Repository.Root, "eng/dotnet-home.sh")));
        Write("demo.sh", File.ReadAllText(Path.Combine(Repository.Root, "demo.sh")), isProgram: true);
        Write("setup.sh", "#!/bin/sh\necho setup >>\"$(dirname \"$0\")/notes\"\ntouch \"$(dirname \"$0\")/Feed.props\"\n", isProgram: true);
        Write("bin/dotnet", """
            #!/bin/sh
            echo "$1" >>"$NOTES"
            [ "$1" != build ] || { [ ! -e "$TREE/broken" ] && mkdir -p "$TREE/artifacts/bin/RealtimeCnn.Demo/release" && touch "$TREE/artifacts/bin/RealtimeCnn.Demo/release/RealtimeCnn.Demo.dll"; }

            """, isProgram: true);
        const string Program = "artifacts/bin/RealtimeCnn.Demo/release/RealtimeCnn.Demo.dll";
        string[] built = ["setup", "build", Path.Combine(_tree, Program)], started = [Path.Combine(_tree, Program)];

        Assert.Contains("demo: building, which takes a minute", Start(built), StringComparison.Ordinal);
        Assert.Equal("", Start(started));
        foreach (string file in Sources)
        {
            Write(file, "two");
            // Whoever copies files may keep their times.
            File.SetLastWriteTimeUtc(Path.Combine(_tree, file), new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc));
            Assert.Equal("", Start(built));
            Assert.Equal("", Start(started));
        }

        File.Delete(Path.Combine(_tree, "src/a/B.cs"));
        Start(built);
        Start(started);
        // A build that fails is tried again.
        Write("broken", "");
        Write("src/a/C.cs", "three");
        Start(["setup", "build"], code: 1);
        Start(["setup", "build"], code: 1);
        File.Delete(Path.Combine(_tree, "broken"));
        Start(built);
        Start(started);
    }

    private void Write(string path, string text, bool isProgram = false)
    {
        path = Path.Combine(_tree, path);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        if (isProgram && !OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    // What it says; what it did is verified.
    private string Start(string[] expected, int code = 0)
    {
        string notes = Path.Combine(_tree, "notes");
        File.Delete(notes);
        var start = new ProcessStartInfo(Path.Combine(_tree, "demo.sh")) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["PATH"] = $"{Path.Combine(_tree, "bin")}:{start.Environment["PATH"]}";
        (start.Environment["NOTES"], start.Environment["TREE"]) = (notes, _tree);
        using var script = Process.Start(start)!;
        string said = script.StandardError.ReadToEnd();
        script.WaitForExit();
        Assert.True(script.ExitCode == code, said);
        Assert.Equal(expected, File.ReadAllLines(notes));
        return said;
    }
}
