using RealtimeCnn.Images;
using RealtimeCnn.Training.Data;

namespace RealtimeCnn.Camera;

/// <summary>A folder of photographs to learn from: one folder within for each class, named by it, all photographs in or below that.</summary>
public static class PhotographFolder
{
    /// <summary>Most broken photographs that are named one by one.</summary>
    private const int MostNamed = 10;

    /// <summary>
    /// Decodes all photographs and makes them of one size. Classes and photographs are in the order of their names; a photograph is
    /// named by its path within the folder. One that cannot be decoded is left out, and a note says so.
    /// </summary>
    /// <param name="folder">The folder of the classes' folders.</param>
    /// <param name="preprocessing">Size, fit and meaning of the channels; mean and scale are left out.</param>
    /// <param name="classes">Names of the classes where their order is given, as by a trained model; null for those that there are.</param>
    /// <param name="cancellation">Ends the reading between two photographs.</param>
    /// <exception cref="DataSetException">There are no classes, no photographs or none that can be decoded, a folder is of no class, or they are too many for memory.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static PictureSet Read(string folder, Preprocessing preprocessing, IReadOnlyList<string>? classes = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(preprocessing);
        var found = FindClasses(folder);
        classes ??= found;
        if (found.FirstOrDefault(name => !classes.Contains(name)) is { } stranger)
            throw new DataSetException($"'{Path.Combine(folder, stranger)}' is of no class; there are: {string.Join(", ", classes)}.");
        return Read(folder, [.. classes.SelectMany((name, label) => Photographs(Path.Combine(folder, name)).Select(path => (path, label)))], classes, preprocessing, null, cancellation);
    }

    /// <summary>Decodes all photographs in or below a folder, such as those whose parts become backgrounds, and makes them of one size. They are of one class, named by the folder.</summary>
    /// <inheritdoc cref="Read(string, Preprocessing, IReadOnlyList{string}?, CancellationToken)"/>
    public static PictureSet ReadUnlabelled(string folder, Preprocessing preprocessing, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(preprocessing);
        if (!Directory.Exists(folder))
            throw new DataSetException($"There is no folder '{folder}'.");
        return Read(folder, [.. Photographs(folder).Select(path => (path, 0))], [Path.GetFileName(Path.TrimEndingDirectorySeparator(folder))], preprocessing, null, cancellation);
    }

    /// <summary>Decodes the photographs that lie in a folder itself, all of one class, and tells what each was before it was made of one size.</summary>
    internal static PictureSet ReadFlat(string folder, Preprocessing preprocessing, Action<string, FrameFormat, FrameGeometry> found, CancellationToken cancellation) => Read(
        folder, [.. Directory.EnumerateFiles(folder).Where(Photograph.HasPhotographExtension).Order(StringComparer.Ordinal).Select(path => (path, 0))], [Path.GetFileName(Path.TrimEndingDirectorySeparator(folder))],
        preprocessing, found, cancellation);

    private static PictureSet Read(
        string folder, (string Path, int Label)[] files, IReadOnlyList<string> classes, Preprocessing preprocessing, Action<string, FrameFormat, FrameGeometry>? found, CancellationToken cancellation)
    {
        if (files.Length == 0)
            throw new DataSetException($"'{folder}' has no photographs for {string.Join(", ", classes)}.");
        using var memory = new PictureBytes(preprocessing);
        byte[] pixels = memory.Allocate(files.Length);
        string?[] broken = Decode([.. files.Select(file => file.Path)], preprocessing, pixels, found, cancellation);
        int[] kept = [.. Enumerable.Range(0, files.Length).Where(i => broken[i] == null)];
        if (kept.Length == 0)
            throw new DataSetException($"None of the {files.Length} photographs in '{folder}' can be read. The first: {broken[0]}");
        int count = memory.Shape.Count;
        for (int i = 0; i < kept.Length; i++)
            Array.Copy(pixels, (long)kept[i] * count, pixels, (long)i * count, count);
        Array.Resize(ref pixels, kept.Length * count);
        return new PictureSet(
            memory.Shape, pixels, [.. kept.Select(i => files[i].Label)], classes, [.. kept.Select(i => Path.GetRelativePath(folder, files[i].Path).Replace('\\', '/'))], Notes(broken));
    }

    private static string[] FindClasses(string folder)
    {
        if (!Directory.Exists(folder))
            throw new DataSetException($"There is no folder '{folder}'.");
        string[] classes = [.. Directory.EnumerateDirectories(folder).Select(path => Path.GetFileName(path)!).Where(name => !name.StartsWith('.')).Order(StringComparer.Ordinal)];
        return classes.Length > 0 ? classes : throw new DataSetException($"'{folder}' has no folders; each class is a folder of photographs, named by the class.");
    }

    private static IEnumerable<string> Photographs(string folder) => Directory.Exists(folder)
        ? Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(Photograph.HasPhotographExtension).Order(StringComparer.Ordinal)
        : [];

    /// <summary>Why each could not be read, or null.</summary>
    private static string?[] Decode(string[] paths, Preprocessing preprocessing, byte[] pixels, Action<string, FrameFormat, FrameGeometry>? found, CancellationToken cancellation)
    {
        string?[] broken = new string?[paths.Length];
        Parallel.For(0, paths.Length, new ParallelOptions { CancellationToken = cancellation }, () => new PictureBytes(preprocessing), (i, _, writer) =>
        {
            try
            {
                using var frame = Photograph.Load(paths[i]);
                writer.Write(frame.Pixels, frame.Format, frame.Geometry, pixels, i);
                found?.Invoke(Path.GetFileName(paths[i]), frame.Format, frame.Geometry);
            }
            catch (CameraException error)
            {
                broken[i] = error.Message;
            }

            return writer;
        }, writer => writer.Dispose());
        return broken;
    }

    private static IEnumerable<string> Notes(string?[] broken)
    {
        string[] reasons = [.. broken.OfType<string>()];
        if (reasons.Length == 0)
            return [];
        return [$"{reasons.Length} of {broken.Length} photographs cannot be read and are left out.", .. reasons.Take(MostNamed), .. reasons.Length > MostNamed ? [$"… and {reasons.Length - MostNamed} more."] : Array.Empty<string>()];
    }
}
