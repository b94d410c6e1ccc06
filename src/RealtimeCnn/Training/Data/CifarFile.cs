namespace RealtimeCnn.Training.Data;

/// <summary>The binary version of CIFAR-10: records of a label and 32×32 pixels, first all red, then green, then blue.</summary>
/// <remarks>Source: Krizhevsky 2009, "Learning Multiple Layers of Features from Tiny Images"; the data set's page.</remarks>
public static class CifarFile
{
    private const int Channels = 3, Side = 32, Pixels = Channels * Side * Side, Record = 1 + Pixels;

    /// <summary>Names of the classes, by label.</summary>
    public static IReadOnlyList<string> Classes { get; } = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];

    /// <summary>Reads files such as <c>data_batch_1.bin</c>, one behind another.</summary>
    /// <param name="paths">The files, at least one.</param>
    /// <exception cref="DataSetException">A file is missing or is no whole number of records, or a label is of no class.</exception>
    public static PictureSet Read(params IReadOnlyList<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        byte[][] files = [.. paths.Select(ReadRecords)];
        long count = files.Sum(file => (long)file.Length / Record);
        if (count * Pixels > Array.MaxLength)
            throw new DataSetException($"{count} pictures are too many for memory.");
        byte[] pixels = new byte[count * Pixels];
        int[] labels = new int[count];
        int n = 0;
        foreach (byte[] file in files)
        {
            for (int at = 0; at < file.Length; at += Record, n++)
            {
                labels[n] = file[at];
                file.AsSpan(at + 1, Pixels).CopyTo(pixels.AsSpan(n * Pixels));
            }
        }

        return new PictureSet(new Shape(Channels, Side, Side), pixels, labels, Classes);
    }

    private static byte[] ReadRecords(string path)
    {
        try
        {
            byte[] file = File.ReadAllBytes(path);
            int wrong = Enumerable.Range(0, file.Length / Record).FirstOrDefault(n => file[n * Record] >= Classes.Count, -1);
            if (file.Length == 0 || file.Length % Record != 0)
                throw new DataSetException($"'{path}' has {file.Length} bytes; a CIFAR-10 file is records of {Record}.");
            return wrong < 0 ? file : throw new DataSetException($"'{path}': record {wrong} has label {file[wrong * Record]}; CIFAR-10 has {Classes.Count} classes.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DataSetException($"'{path}' cannot be read: {error.Message}", error);
        }
    }
}
