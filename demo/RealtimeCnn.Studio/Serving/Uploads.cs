using System.Security.Cryptography;

namespace RealtimeCnn.Studio.Serving;

/// <summary>Files that were dropped on the page, in a folder of their own until the studio ends. The same content is kept once.</summary>
/// <param name="mostBytes">Most bytes of a file; of all together four times as much.</param>
internal sealed class Uploads(long mostBytes) : IDisposable
{
    private const int MostNameLength = 80;
    private readonly Lazy<string> _folder = new(() => Directory.CreateTempSubdirectory("rtcnn-studio-").FullName);
    private readonly SemaphoreSlim _oneAtATime = new(1);
    private long _kept;

    /// <summary>Most bytes of a file.</summary>
    public long MostBytes => mostBytes;

    /// <summary>Writes a file.</summary>
    /// <param name="name">What its owner calls it; folders in it mean nothing.</param>
    /// <param name="content">What is in it.</param>
    /// <param name="cancellation">Ends it; nothing is kept then.</param>
    /// <returns>Where it lies: a folder of its content, and its name.</returns>
    /// <exception cref="StudioException">It is too large, or all together would be.</exception>
    public async Task<string> KeepAsync(string name, Stream content, CancellationToken cancellation)
    {
        await _oneAtATime.WaitAsync(cancellation).ConfigureAwait(false);
        string half = Path.Combine(_folder.Value, "coming");
        try
        {
            var (bytes, hash) = await WriteAsync(half, content, cancellation).ConfigureAwait(false);
            string path = Path.Combine(_folder.Value, hash, SafeName(name));
            if (File.Exists(path))
                return path;
            if (_kept + bytes > 4 * mostBytes)
                throw new StudioException($"Models of {_kept >> 20} MiB were dropped here already; with this one it would be more than {4 * mostBytes >> 20} MiB. Start the studio anew.");
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.Move(half, path);
            _kept += bytes;
            return path;
        }
        finally
        {
            File.Delete(half);
            _oneAtATime.Release();
        }
    }

    public void Dispose()
    {
        _oneAtATime.Dispose();
        if (_folder.IsValueCreated)
            Directory.Delete(_folder.Value, recursive: true);
    }

    /// <summary>A name that is a file's in a folder on every system.</summary>
    public static string SafeName(string name)
    {
        string last = name[(name.LastIndexOfAny(['/', '\\']) + 1)..];
        string safe = string.Concat(last.Select(letter => char.IsLetterOrDigit(letter) || letter is '.' or '-' or '_' or ' ' ? letter : '_')).Trim(' ', '.');
        return safe.Length == 0 ? "model.onnx" : safe.Length <= MostNameLength ? safe : safe[^MostNameLength..];
    }

    private async Task<(long Bytes, string Hash)> WriteAsync(string path, Stream content, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[64 << 10];
        long bytes = 0;
        await using var file = File.Create(path);
        while (await content.ReadAsync(buffer, cancellation).ConfigureAwait(false) is > 0 and var read)
        {
            bytes += read;
            if (bytes > mostBytes)
                throw new StudioException($"A model has at most {mostBytes >> 20} MiB here.");
            hash.AppendData(buffer, 0, read);
            await file.WriteAsync(buffer.AsMemory(0, read), cancellation).ConfigureAwait(false);
        }

        return (bytes, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }
}
