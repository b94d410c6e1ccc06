using System.Globalization;
using RealtimeCnn.Onnx.Protos;

namespace RealtimeCnn.Onnx.Reading;

/// <summary>
/// Finds the data that a model keeps in plain files in its own folder or below. Tensors that share bytes share memory, and all
/// others of a file together can be no more than the file.
/// </summary>
/// <param name="folder">Where the model lies; null where there is no folder.</param>
/// <param name="budget">What the data count against.</param>
/// <param name="progress">Told of what is read.</param>
internal sealed class ExternalData(string? folder, Budget budget, LoadProgress progress) : IDisposable
{
    private const int MaxPathLength = 4096;

    private readonly Dictionary<(string Path, long Offset, long Length), StoredBytes> _found = [];
    private readonly Dictionary<string, FileStream> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _taken = new(StringComparer.Ordinal);

    /// <param name="proto">A tensor whose data are external.</param>
    /// <param name="name">Its name.</param>
    /// <param name="needed">Bytes that its type and shape need.</param>
    /// <exception cref="OnnxException">The entries are wrong, the file is not there or too short, or there is too much of it.</exception>
    public StoredBytes Find(TensorProto proto, string name, long needed)
    {
        string location = Entry(proto, "location"), shown = Printable.Text(location, 200);
        long offset = Number(proto, name, "offset", 0), length = Number(proto, name, "length", needed);
        if (folder == null)
            throw new OnnxException($"Tensor '{name}' keeps its data in '{shown}' beside the model; load the model from its file so that the folder is known.");
        string path = ResolveInside(folder, location, name);
        if (length != needed)
            throw new OnnxException($"Tensor '{name}' needs {needed} bytes; its external data says {length}.");
        if (_found.TryGetValue((path, offset, length), out var known))
            return known;
        var file = new FileInfo(path);
        if (!file.Exists)
            throw new OnnxException($"Tensor '{name}' keeps its data in '{shown}', which is not in the model's folder.");
        // What is no plain file, such as a pipe, has no length; opening it could wait for ever.
        if (offset > file.Length || length > file.Length - offset)
            throw new OnnxException($"Tensor '{name}': bytes {offset} to {offset + length} lie beyond the {file.Length} bytes of '{shown}'.");
        if (length > Array.MaxLength)
            throw new OnnxException($"Tensor '{name}': {length} bytes of external data are too many; at most {Array.MaxLength} are supported.");
        long taken = _taken[path] = _taken.GetValueOrDefault(path) + length;
        if (taken > file.Length)
            throw new OnnxException($"Tensor '{name}' reads bytes of '{shown}' that others read in part: together they are more than the {file.Length} bytes of the file.");
        budget.Read(length, $"Tensor '{name}'");
        progress.Expect(length);
        return _found[(path, offset, length)] = new StoredBytes(length == 0 ? Stream.Null : Open(path), offset, (int)length, progress);
    }

    /// <summary>Closes the files.</summary>
    public void Dispose()
    {
        foreach (var file in _files.Values)
            file.Dispose();
    }

    private FileStream Open(string path)
    {
        if (!_files.TryGetValue(path, out var file))
            _files.Add(path, file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read));
        return file;
    }

    private static string Entry(TensorProto proto, string key) => proto.ExternalData.LastOrDefault(entry => entry.Key == key)?.Value ?? string.Empty;

    private static long Number(TensorProto proto, string name, string key, long otherwise)
    {
        string text = Entry(proto, key);
        if (text.Length == 0)
            return otherwise;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? number
            : throw new OnnxException($"Tensor '{name}': external data with {key} '{Printable.Text(text, 200)}' is not possible; it is a number of bytes.");
    }

    /// <summary>The path of a file that must lie in a folder or below, links followed.</summary>
    private static string ResolveInside(string folder, string location, string name)
    {
        string root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)) + Path.DirectorySeparatorChar;
        bool inside = location.Length is > 0 and <= MaxPathLength && !location.Contains('\0', StringComparison.Ordinal) && !Path.IsPathRooted(location);
        string path = inside ? Path.GetFullPath(Path.Combine(root, location)) : string.Empty;
        if (!inside || !path.StartsWith(root, StringComparison.Ordinal) || HasLink(root, path))
            throw new OnnxException($"Tensor '{name}' keeps its data in '{Printable.Text(location, 200)}'; external data must be a plain file in the model's own folder or below.");
        return path;
    }

    private static bool HasLink(string root, string path)
    {
        for (string? part = path; part != null && part.Length >= root.Length; part = Path.GetDirectoryName(part))
        {
            if (new FileInfo(part).LinkTarget != null)
                return true;
        }

        return false;
    }
}
