using RealtimeCnn.OpenGL.Caching;

namespace RealtimeCnn.Tests.OpenGL.Caching;

/// <summary>Files that nothing depends on.</summary>
public sealed class CacheFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_was_written_under_a_key_is_read_under_it_alone()
    {
        var cache = CacheFolder.Find(_folder.Path)!.For("device", "driver 1");
        cache.Write([1, 2, 3], "program", "source");
        Assert.Equal([1, 2, 3], cache.Read("program", "source")!);
        Assert.Null(cache.Read("program", "other source"));
        Assert.Null(CacheFolder.Find(_folder.Path)!.For("device", "driver 2").Read("program", "source"));
        // Where one part of a key ends and the next begins is part of the key.
        Assert.Null(cache.Read("programsource"));
        cache.Write([4], "program", "source");
        Assert.Equal([4], cache.Read("program", "source")!);
        Assert.Single(_folder.Files);
    }

    [Fact]
    public void A_damaged_a_short_and_an_empty_file_are_none()
    {
        var cache = new CacheFolder(_folder.Path);
        cache.Write([1, 2, 3], "a");
        _folder.Damage();
        Assert.Null(cache.Read("a"));
        cache.Write([1, 2, 3], "a");
        File.WriteAllBytes(_folder.Files[0], File.ReadAllBytes(_folder.Files[0])[..^1]);
        Assert.Null(cache.Read("a"));
        File.WriteAllBytes(_folder.Files[0], []);
        Assert.Null(cache.Read("a"));
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_one_without_files()
    {
        string file = Path.Combine(_folder.Path, "file");
        File.WriteAllText(file, "");
        var cache = new CacheFolder(Path.Combine(file, "below"));
        cache.Write([1], "a");
        Assert.Null(cache.Read("a"));
        Assert.Null(cache.For("b").Read("a"));
    }

    [Fact]
    public void The_option_says_where_it_is_or_that_there_is_none()
    {
        Assert.Null(CacheFolder.Find(""));
        // The tests' environment says that there is none.
        Assert.Null(CacheFolder.Find(null));
        Assert.NotNull(CacheFolder.Find(_folder.Path));
    }

    [Fact]
    public void What_was_not_written_for_a_month_goes_when_something_new_comes_and_nothing_that_is_not_ours()
    {
        var all = CacheFolder.Find(_folder.Path)!;
        all.For("old").Write([1], "a");
        string old = Assert.Single(Directory.GetDirectories(_folder.Path)), foreign = Path.Combine(_folder.Path, "somebody's");
        all.For("new").Write([1], "a");
        Directory.CreateDirectory(foreign);
        foreach (string folder in new[] { old, foreign })
            Directory.SetLastWriteTimeUtc(folder, DateTime.UtcNow - TimeSpan.FromDays(31));
        all.For("new");
        Assert.True(Directory.Exists(old));
        all.For("newer");
        Assert.False(Directory.Exists(old));
        Assert.True(Directory.Exists(foreign));
        Assert.NotNull(all.For("new").Read("a"));
    }
}
