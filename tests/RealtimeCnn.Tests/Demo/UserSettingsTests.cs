using RealtimeCnn.Demo;

namespace RealtimeCnn.Tests.Demo;

public sealed class UserSettingsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("rtcnn-settings-").FullName;
    private readonly List<string> _notices = [];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>On a fresh account the folder for settings is not there yet.</summary>
    [Fact]
    public void The_users_file_is_never_one_of_the_folder_that_the_demo_was_started_in() => Assert.True(Path.IsPathRooted(UserSettings.DefaultPath), UserSettings.DefaultPath);

    [Fact]
    public void What_is_saved_is_remembered()
    {
        string path = Path.Combine(_folder, "deep", "demo.json");
        var settings = new UserSettings("find", 1000, 700, true);
        settings.Save(path, _notices.Add);
        Assert.Equal(settings, UserSettings.Load(path, _notices.Add));
        Assert.Equal(new Size2d(700, 1000), settings.Size);
        Assert.Empty(_notices);
    }

    [Theory]
    [InlineData("{ \"Mode\": ")]
    [InlineData("[1, 2]")]
    [InlineData("")]
    public void A_broken_file_is_ignored_with_a_line(string text)
    {
        string path = Path.Combine(_folder, "broken.json");
        File.WriteAllText(path, text);
        Assert.Equal(new UserSettings(), UserSettings.Load(path, _notices.Add));
        Assert.Contains("broken.json", Assert.Single(_notices), StringComparison.Ordinal);
    }

    [Fact]
    public void A_mode_and_a_size_that_there_cannot_be_are_not_taken()
    {
        Assert.Null(new UserSettings("draw", 3, 5).Size);
        Assert.Null(new UserSettings("draw", 100_000, 500).Size);
        Assert.Equal(new UserSettings(), UserSettings.Load(Path.Combine(_folder, "none.json"), _notices.Add));
        Assert.Equal(new UserSettings(), UserSettings.Load(null, _notices.Add));
        Assert.Empty(_notices);
    }
}
