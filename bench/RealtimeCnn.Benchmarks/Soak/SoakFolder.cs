using RealtimeCnn.Models;

namespace RealtimeCnn.Benchmarks.Soak;

/// <summary>
/// A folder for all files of a <see cref="DemoSoak"/>: what the demo saves goes into the current folder, what anybody needs for a while into the
/// folder for temporary files, and both are in here until disposal. So what is left behind can be counted.
/// </summary>
internal sealed class SoakFolder : IDisposable
{
    private const string TemporaryVariable = "TMPDIR";
    private readonly string _root = Directory.CreateTempSubdirectory("rtcnn-soak-").FullName;
    private readonly string _before = Environment.CurrentDirectory;
    private readonly string? _temporaryBefore = Environment.GetEnvironmentVariable(TemporaryVariable);
    private readonly string _saved;

    public SoakFolder()
    {
        Temporary = Directory.CreateDirectory(Path.Combine(_root, "temporary")).FullName;
        _saved = Directory.CreateDirectory(Path.Combine(_root, "saved")).FullName;
        string given = Directory.CreateDirectory(Path.Combine(_root, "given")).FullName;
        List<string> files = [Path.Combine(given, "absent.onnx"), given];
        foreach (string name in ShippedModels.Names)
            files.Add(Write($"{name}.onnx", ShippedModels.Read(name)));
        files.Add(Write("half.onnx", ShippedModels.Read(ShippedModels.Digits).AsSpan(0, 5000).ToArray()));
        files.Add(Write("noise.onnx", [.. Enumerable.Range(0, 3000).Select(i => (byte)(i * i))]));
        files.Add(Write("words.txt", "no model"u8.ToArray()));
        Files = files;
        Environment.CurrentDirectory = _saved;
        Environment.SetEnvironmentVariable(TemporaryVariable, Temporary);

        string Write(string name, byte[] bytes)
        {
            string path = Path.Combine(given, name);
            File.WriteAllBytes(path, bytes);
            return path;
        }
    }

    /// <summary>Where temporary files are.</summary>
    public string Temporary { get; }

    /// <summary>Files to drop: models, what is none, and what is not there.</summary>
    public IReadOnlyList<string> Files { get; }

    /// <summary>Files that were saved so far.</summary>
    public long Saved { get; private set; }

    /// <summary>Deletes what was saved.</summary>
    public void Clear()
    {
        foreach (string file in Directory.GetFiles(_saved))
        {
            File.Delete(file);
            Saved++;
        }
    }

    public void Dispose()
    {
        Environment.CurrentDirectory = _before;
        Environment.SetEnvironmentVariable(TemporaryVariable, _temporaryBefore);
        Directory.Delete(_root, recursive: true);
    }
}
