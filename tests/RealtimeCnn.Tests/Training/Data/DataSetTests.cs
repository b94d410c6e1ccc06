using System.Buffers.Binary;
using System.IO.Compression;
using RealtimeCnn.Camera;
using RealtimeCnn.Images;
using RealtimeCnn.Training.Data;

namespace RealtimeCnn.Tests.Training.Data;

/// <summary>What is read is what was written; what is wrong with data is named, and survived where it can be.</summary>
public sealed class DataSetTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("rtcnn-data").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Idx_files_are_read_plain_and_compressed(bool isCompressed)
    {
        byte[] pixels = [.. Enumerable.Range(0, 3 * 2 * 4).Select(i => (byte)(i * 10))];
        var data = IdxFile.Read(Idx("images", pixels, isCompressed, 3, 2, 4), Idx("labels", [1, 0, 3], isCompressed, 3));
        Assert.Equal((3, new Shape(1, 2, 4), new Shape()), (data.Count, data.SampleShape, data.TargetShape));
        Assert.Equal(["0", "1", "2", "3"], data.Classes);
        Assert.Equal(["Class '2' has no pictures."], data.Notes);
        float[] sample = new float[8], target = new float[1];
        data.Read(2, sample, target);
        Assert.Equal(pixels[16..].Select(pixel => (float)pixel), sample);
        Assert.Equal(3, target[0]);
    }

    [Fact]
    public void Damaged_idx_files_are_refused_by_name()
    {
        string labels = Idx("labels", [1, 0, 3], false, 3), images = Idx("images", new byte[24], false, 3, 2, 4);
        AssertRefused("'" + Idx("short", new byte[23], true, 3, 2, 4) + "' ends before", () => IdxFile.Read(Path.Combine(_folder, "short"), labels));
        AssertRefused("goes on behind its 24 elements", () => IdxFile.Read(Idx("long", new byte[25], false, 3, 2, 4), labels));
        AssertRefused("has 3 labels; ", () => IdxFile.Read(Idx("four", new byte[32], false, 4, 2, 4), labels));
        AssertRefused("labels have one", () => IdxFile.Read(images, images));
        AssertRefused("pictures have three", () => IdxFile.Read(labels, labels));
        AssertRefused("label 3; there are 2 classes", () => IdxFile.Read(images, labels, ["a", "b"]));
        AssertRefused("cannot be read", () => IdxFile.Read(Path.Combine(_folder, "absent"), labels));
        AssertRefused("ends before", () => IdxFile.Read(Idx("vast", [], false, 2_000_000_000, 1, 1), labels));
        AssertRefused("cannot be read", () => IdxFile.Read(Idx("beyond", [], false, 70_000, 70_000, 1), labels));
        string broken = Path.Combine(_folder, "broken");
        File.WriteAllBytes(broken, [.. File.ReadAllBytes(Idx("whole", new byte[24], true, 3, 2, 4))[..12], 1, 2, 3]);
        AssertRefused("'" + broken, () => IdxFile.Read(broken, labels));
        File.WriteAllText(broken, "no IDX file");
        AssertRefused("is no IDX file", () => IdxFile.Read(broken, labels));
    }

    [Fact]
    public void Cifar_records_are_read_over_several_files()
    {
        string first = Cifar("a.bin", 3, 9), second = Cifar("b.bin", 0);
        var data = CifarFile.Read(first, second);
        Assert.Equal([3, 9, 0], data.Labels);
        Assert.Equal(new Shape(3, 32, 32), data.SampleShape);
        Assert.Equal((byte)(9 + 5), data.Pixels(1)[5]);
        Assert.Equal((byte)3, data.Pixels(0)[^1] - 3071 % 100);
        AssertRefused("records of 3073", () => CifarFile.Read(Raw("c.bin", new byte[3000])));
        AssertRefused("has 0 bytes", () => CifarFile.Read(Raw("d.bin", [])));
        AssertRefused("record 1 has label 10", () => CifarFile.Read(Cifar("e.bin", 1, 10)));
    }

    [Fact]
    public void A_folder_of_photographs_is_read_in_order_and_what_is_broken_is_left_out_and_said()
    {
        Save("cat/1.png", 10, 20, 30);
        Save("cat/deeper/2.png", 40, 50, 60);
        Save("dog/1.png", 70, 80, 90);
        Raw("dog/0.jpg", [0xff, 0xd8, 0xff, 1, 2, 3]);
        Raw("dog/notes.txt", [1]);
        Directory.CreateDirectory(Path.Combine(_folder, "emu"));
        var data = PhotographFolder.Read(_folder, new Preprocessing { Size = new Size2d(4, 5) });
        Assert.Equal(["cat", "dog", "emu"], data.Classes);
        Assert.Equal(["cat/1.png", "cat/deeper/2.png", "dog/1.png"], Enumerable.Range(0, data.Count).Select(data.NameOf));
        Assert.Equal([0, 0, 1], data.Labels);
        Assert.Equal(new Shape(3, 4, 5), data.SampleShape);
        Assert.Equal(Enumerable.Repeat((byte)70, 20).Concat(Enumerable.Repeat((byte)80, 20)).Concat(Enumerable.Repeat((byte)90, 20)), data.Pixels(2).ToArray());
        Assert.Equal("1 of 4 photographs cannot be read and are left out.", data.Notes[0]);
        Assert.Contains("0.jpg", data.Notes[1], StringComparison.Ordinal);
        Assert.Equal("Class 'emu' has no pictures.", data.Notes[^1]);

        var reordered = PhotographFolder.Read(_folder, new Preprocessing { Size = new Size2d(4, 5) }, ["emu", "dog", "cat"]);
        Assert.Equal([1, 2, 2], reordered.Labels);
        var unlabelled = PhotographFolder.ReadUnlabelled(Path.Combine(_folder, "cat"), new Preprocessing { Size = 4 });
        Assert.Equal((2, "cat", "deeper/2.png"), (unlabelled.Count, unlabelled.Classes.Single(), unlabelled.NameOf(1)));
        AssertRefused("has no photographs", () => PhotographFolder.ReadUnlabelled(Path.Combine(_folder, "emu"), new Preprocessing { Size = 4 }));
        AssertRefused("is of no class", () => PhotographFolder.Read(_folder, new Preprocessing { Size = 4 }, ["cat", "emu"]));
        AssertRefused("None of the 1 photographs", () => PhotographFolder.Read(OneBroken(), new Preprocessing { Size = 4 }));
        AssertRefused("has no folders", () => PhotographFolder.Read(Path.Combine(_folder, "emu"), new Preprocessing { Size = 4 }));
        AssertRefused("There is no folder", () => PhotographFolder.Read(Path.Combine(_folder, "absent"), new Preprocessing { Size = 4 }));
    }

    [Fact]
    public void Labels_that_do_not_match_are_refused()
    {
        var shape = new Shape(1, 2, 2);
        AssertRefused("2 labels do not belong to 3 pictures", () => new PictureSet(shape, new byte[12], [0, 0], ["a"]));
        AssertRefused("Picture 1 has label 1; there are 1 classes", () => new PictureSet(shape, new byte[8], [0, 1], ["a"]));
        AssertRefused("There are no pictures", () => new PictureSet(shape, [], [], ["a"]));
        using var samples = new Tensor(new Shape(3, 2));
        using var labels = new Tensor(new Shape(3), [0, 1, 0.5f]);
        using var few = new Tensor(new Shape(2));
        AssertRefused("must be the same", () => new TensorSet(samples, few));
        AssertRefused("Target 2 is 0.5", () => new TensorSet(samples, labels, ["a", "b"]));
        Assert.Equal(new Shape(2), new TensorSet(samples, labels).SampleShape);
    }

    [Fact]
    public void Resizing_keeps_labels_names_and_colours()
    {
        byte[] pixels = [.. Enumerable.Repeat((byte)200, 4), .. Enumerable.Repeat((byte)100, 4), .. Enumerable.Repeat((byte)50, 4)];
        var data = new PictureSet(new Shape(3, 2, 2), pixels, [1], ["a", "b"], ["one"], ["said before"]).Resized(new Size2d(3, 5), ColorOrder.Bgr);
        Assert.Equal(new Shape(3, 3, 5), data.SampleShape);
        Assert.Equal([50, 100, 200], new[] { data.Pixels(0)[0], data.Pixels(0)[15], data.Pixels(0)[44] });
        Assert.Equal(["said before", "Class 'a' has no pictures."], data.Notes);
        Assert.Equal(("one", 1), (data.NameOf(0), data.Labels[0]));
    }

    [Fact]
    public void A_split_has_every_sample_on_one_side_and_is_repeatable()
    {
        var data = Numbers(100);
        var (learned, held) = data.Split(0.2, seed: 3);
        Assert.Equal((80, 20), (learned.Count, held.Count));
        Assert.Equal(Enumerable.Range(0, 100), Values(learned).Concat(Values(held)).Order());
        Assert.Equal(Values(held), Values(data.Split(0.2, seed: 3).HeldOut));
        Assert.NotEqual(Values(held), Values(data.Split(0.2, seed: 4).HeldOut));
        Assert.NotEqual(Enumerable.Range(80, 20), Values(held));
    }

    [Fact]
    public void A_group_is_never_on_both_sides()
    {
        var data = Numbers(100);
        var (learned, held) = data.SplitByGroup(0.25, index => index / 7);
        Assert.Equal(100, learned.Count + held.Count);
        Assert.InRange(held.Count, 25, 31);
        Assert.Empty(Values(learned).Select(value => value / 7).Intersect(Values(held).Select(value => value / 7)));
        AssertRefused("cannot be divided", () => data.SplitByGroup(0.25, _ => "one"));
    }

    private static PictureSet Numbers(int count) => new(new Shape(1, 1, 1), [.. Enumerable.Range(0, count).Select(i => (byte)i)], new int[count], ["a"]);

    private static int[] Values(IDataSet data)
    {
        float[] sample = new float[1], target = new float[1];
        return [.. Enumerable.Range(0, data.Count).Select(i =>
        {
            data.Read(i, sample, target);
            return (int)sample[0];
        })];
    }

    private static void AssertRefused(string why, Func<object> read) => Assert.Contains(why, Assert.Throws<DataSetException>(read).Message, StringComparison.Ordinal);

    private string OneBroken()
    {
        Raw("parent/x/0.png", [1, 2, 3]);
        return Path.Combine(_folder, "parent");
    }

    private void Save(string name, byte r, byte g, byte b)
    {
        string path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var pool = new FramePool(1);
        var format = new FrameFormat(8, 6, PixelFormat.Rgb);
        using var frame = new Frame(pool.TryRent(format.Bytes)!, format, TimeSpan.Zero, 0);
        for (int i = 0; i < format.Bytes; i++)
            frame.Buffer.Bytes[i] = (i % 3) switch { 0 => r, 1 => g, _ => b };
        Png.Write(path, frame.Pixels, format);
    }

    private string Cifar(string name, params byte[] labels) =>
        Raw(name, [.. labels.SelectMany(label => Enumerable.Range(0, 3072).Select(i => (byte)(label + (i % 100))).Prepend(label))]);

    private string Raw(string name, byte[] bytes)
    {
        string path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private string Idx(string name, byte[] elements, bool isCompressed, params int[] extents)
    {
        using var bytes = new MemoryStream();
        using (Stream file = isCompressed ? new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true) : bytes)
        {
            file.Write([0, 0, 8, (byte)extents.Length]);
            byte[] number = new byte[4];
            foreach (int extent in extents)
            {
                BinaryPrimitives.WriteInt32BigEndian(number, extent);
                file.Write(number);
            }

            file.Write(elements);
        }

        return Raw(name, bytes.ToArray());
    }
}
