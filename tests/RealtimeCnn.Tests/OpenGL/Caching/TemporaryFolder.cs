namespace RealtimeCnn.Tests.OpenGL.Caching;

/// <summary>A folder for one test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("rtcnn-").FullName;

    /// <summary>All files in it and below.</summary>
    public string[] Files => Directory.GetFiles(Path, "*", SearchOption.AllDirectories);

    /// <summary>Changes one bit in the middle of each file.</summary>
    public void Damage()
    {
        foreach (string file in Files)
        {
            byte[] bytes = File.ReadAllBytes(file);
            bytes[bytes.Length / 2] ^= 1;
            File.WriteAllBytes(file, bytes);
        }
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
