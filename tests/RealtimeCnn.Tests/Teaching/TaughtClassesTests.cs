using RealtimeCnn.Teaching;

namespace RealtimeCnn.Tests.Teaching;

/// <summary>Examples that are kept: what is taken, what is refused, and that what is undone was never there.</summary>
public class TaughtClassesTests
{
    private readonly Random _random = new(5);

    [Fact]
    public void A_take_is_undone_together_and_all_is_as_before_to_the_bit()
    {
        var taught = TaughtExamples.Some(4);
        using var classifier = new FewShotClassifier(taught);
        float[] asked = TaughtExamples.Picture(2, _random);
        (byte[] Bytes, int[] Bits) before = (taught.ToBytes(), TaughtExamples.Bits(classifier, asked));
        taught.BeginTake();
        for (int i = 0; i < 3; i++)
            Add(taught, 0);
        Assert.NotEqual(before.Bits, TaughtExamples.Bits(classifier, asked));
        Assert.Equal((0, 3), (taught.Undo(out int undone), undone));
        Assert.Equal(before.Bytes, taught.ToBytes());
        Assert.Equal(before.Bits, TaughtExamples.Bits(classifier, asked));
        Assert.Equal((0, 4, 3), (taught.CountOf(0), taught.CountOf(3), taught.TaughtCount));
        Assert.Equal((3, 4), (taught.Undo(out undone), undone));
        taught.Undo(out _);
        taught.Undo(out _);
        Assert.Equal((-1, 0), (taught.Undo(out undone), undone));
        classifier.Answer(asked);
        Assert.True(classifier.IsRejected);
        Assert.Equal(-1, classifier.Best);
    }

    [Fact]
    public void A_name_is_taken_back_before_what_was_shown_before_it_and_changes_no_head()
    {
        var taught = TaughtExamples.Some(2);
        (byte[] Bytes, long Version, long Revision) before = (taught.ToBytes(), taught.Version, taught.Revision);
        taught.Rename(1, "mug");
        taught.Rename(1, "mug");
        taught.Rename(3, "biro");
        Assert.Equal((before.Version, true), (taught.Version, taught.Revision > before.Revision));
        // What is shown now is no more of the take before the name.
        Add(taught, 3);
        Assert.Equal((3, 1), (taught.Undo(out int undone), undone));
        Assert.Equal((3, 0, "pen", "mug"), (taught.Undo(out undone), undone, taught.Names[3], taught.Names[1]));
        Assert.Equal((1, 0), (taught.Undo(out undone), undone));
        Assert.Equal(before.Bytes, taught.ToBytes());
        Assert.Equal((3, 2), (taught.Undo(out undone), undone));
        taught.Rename(2, "door");
        taught.Clear();
        Assert.Equal((-1, "door"), (taught.Undo(out _), taught.Names[2]));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void What_is_no_number_is_refused_with_its_place(float wrong)
    {
        var taught = TaughtExamples.Some(2);
        float[] picture = TaughtExamples.Picture(1, _random);
        picture[7] = wrong;
        byte[] before = taught.ToBytes();
        Assert.False(taught.TryAdd(1, picture, TaughtExamples.Pixels(1, 0), out string? refusal));
        Assert.Contains("number 7", refusal, StringComparison.Ordinal);
        Assert.Equal(before, taught.ToBytes());
    }

    [Fact]
    public void A_class_keeps_a_hundred_and_says_so_and_a_picture_that_stands_still_counts_once()
    {
        var taught = TaughtExamples.Empty();
        float[] picture = TaughtExamples.Picture(1, _random);
        Assert.True(taught.TryAdd(1, picture, TaughtExamples.Pixels(1, 0), out _));
        Assert.False(taught.TryAdd(1, picture, TaughtExamples.Pixels(1, 0), out string? refusal));
        Assert.Contains("has not changed", refusal, StringComparison.Ordinal);
        for (int i = 1; i < TaughtClasses.MostShots; i++)
            Add(taught, 1);
        Assert.False(taught.TryAdd(1, TaughtExamples.Picture(1, _random), TaughtExamples.Pixels(1, 0), out refusal));
        Assert.Contains("'cup' has 100 examples", refusal, StringComparison.Ordinal);
        Add(taught, 2);
        Assert.Equal((100, 1), (taught.CountOf(1), taught.CountOf(2)));
    }

    [Fact]
    public void Bytes_bring_everything_back()
    {
        var taught = TaughtExamples.Some(3);
        taught.Rename(2, "Schlüssel");
        var read = TaughtClasses.FromBytes(taught.ToBytes());
        Assert.Equal(["nothing", "cup", "Schlüssel", "pen"], read.Names);
        Assert.Equal((TaughtExamples.Features, TaughtExamples.Small, 0), (read.Features, read.ThumbnailSize, read.Nothing));
        Assert.Equal(taught.ToBytes(), read.ToBytes());
        Assert.Equal(TaughtExamples.Pixels(3, 2), read.NewestOf(3)!.Thumbnail.ToArray());
        // A take of a file stays one.
        Assert.Equal((3, 3), (read.Undo(out int undone), undone));
    }

    [Fact]
    public void Bytes_that_are_damaged_anywhere_or_cut_are_refused()
    {
        byte[] bytes = TaughtExamples.Some(2).ToBytes();
        for (int at = 0; at < bytes.Length; at += 7)
        {
            byte[] damaged = [.. bytes];
            damaged[at] ^= 0x40;
            Assert.Throws<FormatException>(() => TaughtClasses.FromBytes(damaged));
            Assert.Throws<FormatException>(() => TaughtClasses.FromBytes(bytes.AsSpan(0, at)));
        }
    }

    [Fact]
    public void What_cannot_be_is_said()
    {
        var taught = TaughtExamples.Some(1);
        Assert.Contains("24 numbers; 3", Assert.Throws<ArgumentException>(() => taught.TryAdd(1, new float[3], new byte[18], out _)).Message, StringComparison.Ordinal);
        Assert.Contains("18 bytes; 4", Assert.Throws<ArgumentException>(() => taught.TryAdd(1, new float[24], new byte[4], out _)).Message, StringComparison.Ordinal);
        Assert.Contains("no class 4", Assert.Throws<ArgumentException>(() => taught.TryAdd(4, new float[24], new byte[18], out _)).Message, StringComparison.Ordinal);
        Assert.Contains("called 'pen' already", Assert.Throws<ArgumentException>(() => taught.Rename(1, "pen")).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => taught.Rename(1, "two\nlines"));
        Assert.Throws<ArgumentException>(() => new TaughtClasses(0, 1, ["a"]));
        Assert.Throws<ArgumentException>(() => new TaughtClasses(1, 1, ["a", "a"]));
        Assert.Throws<ArgumentException>(() => new TaughtClasses(1, 1, ["a"], nothing: 1));
    }

    private void Add(TaughtClasses taught, int label) => Assert.True(taught.TryAdd(label, TaughtExamples.Picture(label, _random), TaughtExamples.Pixels(label, 1), out string? refusal), refusal);
}
