using RealtimeCnn.Camera.Ffmpeg;

namespace RealtimeCnn.Tests.Camera;

public sealed class ExecutablePathTests : IDisposable
{
    private readonly MediaFiles _media = new();

    public void Dispose() => _media.Dispose();

    [Fact]
    public void The_working_folder_is_never_looked_in()
    {
        string here = Directory.GetCurrentDirectory();
        string name = $"planted-{Guid.NewGuid():N}";
        string planted = Path.Combine(here, name);
        Plant(planted, executable: true);
        try
        {
            Assert.Null(ExecutablePath.Find(name));
            Assert.Null(ExecutablePath.Find(name, string.Join(Path.PathSeparator, "", ".", "./", "relative", "..")));
            Assert.Equal(planted, ExecutablePath.Find(name, here));
        }
        finally
        {
            File.Delete(planted);
        }
    }

    [Fact]
    public void What_runs_is_found_by_its_whole_path()
    {
        var tool = FfmpegTool.Find();
        Assert.True(Path.IsPathFullyQualified(tool.Path), tool.Path);
    }

    [Fact]
    public void A_file_that_may_not_be_run_is_passed_over()
    {
        if (OperatingSystem.IsWindows())
            return; // Files have no execute bit.
        string first = Directory.CreateDirectory(_media.PathOf("first")).FullName;
        string second = Directory.CreateDirectory(_media.PathOf("second")).FullName;
        Plant(Path.Combine(first, "tool"), executable: false);
        Plant(Path.Combine(second, "tool"), executable: true);
        Directory.CreateDirectory(Path.Combine(first, "folder"));
        Assert.Equal(Path.Combine(second, "tool"), ExecutablePath.Find("tool", $"{first}{Path.PathSeparator}{second}"));
        Assert.Null(ExecutablePath.Find("folder", first));
        Assert.Null(ExecutablePath.Find(Path.Combine(first, "tool")));
    }

    private static void Plant(string path, bool executable)
    {
        File.WriteAllText(path, "#!/bin/sh\n");
        if (executable && !OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }
}
