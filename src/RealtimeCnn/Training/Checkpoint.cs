using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;

namespace RealtimeCnn.Training;

/// <summary>
/// The file that a training goes on from: a mark, the length of a header in four bytes, the header as JSON, all arrays as float32,
/// and the SHA-256 of everything before it. It is written beside the old one, to the disk, and then takes its name, so that a run
/// that is killed at any moment leaves one of the two whole.
/// </summary>
internal static class Checkpoint
{
    private static readonly byte[] Mark = "RTCNN TRAINING 1"u8.ToArray();

    /// <summary>What is no array.</summary>
    /// <param name="Recipe">What must be the same to go on.</param>
    /// <param name="Steps">Steps made.</param>
    /// <param name="BestEpoch">The epoch whose weights are kept.</param>
    /// <param name="History">Every epoch.</param>
    /// <param name="Lengths">Elements of each array.</param>
    /// <param name="StartLoss">The loss of the first batch; null in files that do not say it.</param>
    private sealed record Header(Dictionary<string, string> Recipe, long Steps, int BestEpoch, EpochRecord[] History, int[] Lengths, double? StartLoss = null);

    /// <exception cref="IOException">The file cannot be written; the one before it is whole. The message says what was needed and what is free.</exception>
    public static void Write(string path, TrainingRun run, Dictionary<string, string> recipe)
    {
        float[][] arrays = [.. run.Save()];
        byte[] header = JsonSerializer.SerializeToUtf8Bytes(new Header(recipe, run.Optimizer.Steps, run.Best!.Epoch, [.. run.History], [.. arrays.Select(array => array.Length)], run.StartLoss));
        string beside = path + ".new";
        try
        {
            using (var file = new FileStream(beside, FileMode.Create, FileAccess.Write))
            {
                using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
                byte[] length = new byte[sizeof(int)];
                BinaryPrimitives.WriteInt32LittleEndian(length, header.Length);
                foreach (byte[] part in new[] { Mark, length, header })
                    Append(part);
                foreach (float[] array in arrays)
                    Append(MemoryMarshal.AsBytes<float>(array));
                file.Write(hash.GetHashAndReset());
                file.Flush(flushToDisk: true);

                void Append(ReadOnlySpan<byte> bytes)
                {
                    hash.AppendData(bytes);
                    file.Write(bytes);
                }
            }

            File.Move(beside, path, overwrite: true);
        }
        catch (Exception problem)
        {
            File.Delete(beside);
            if (problem is not IOException)
                throw;
            long needed = Mark.Length + sizeof(int) + header.Length + arrays.Sum(array => array.Length * (long)sizeof(float)) + SHA256.HashSizeInBytes;
            throw new IOException(
                $"The checkpoint '{path}' of epoch {run.History.Count} cannot be written: it needs {needed} bytes{FreeBytes(path)} ({problem.Message}). {(File.Exists(path) ? "The one of an epoch before is whole: make room, and resume from it." : "There is none of an epoch before.")}", problem);
        }
    }

    /// <summary>Words for what is free where a file lies; nothing where the system does not say it.</summary>
    private static string FreeBytes(string path)
    {
        string full = Path.GetFullPath(path);
        try
        {
            return $", and {new DriveInfo(OperatingSystem.IsWindows() ? Path.GetPathRoot(full)! : Path.GetDirectoryName(full)!).AvailableFreeSpace} are free there";
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return string.Empty;
        }
    }

    /// <summary>Brings a run to where the file's stopped.</summary>
    /// <exception cref="CheckpointException">The file is damaged, or of another training.</exception>
    public static void Read(string path, TrainingRun run, Dictionary<string, string> recipe)
    {
        byte[] file = File.ReadAllBytes(path);
        int start = Mark.Length + sizeof(int), end = file.Length - SHA256.HashSizeInBytes;
        if (end < start || !file.AsSpan().StartsWith(Mark))
            throw new CheckpointException($"'{path}' is no checkpoint of a training.");
        if (!SHA256.HashData(file.AsSpan(0, end)).AsSpan().SequenceEqual(file.AsSpan(end)))
            throw new CheckpointException($"'{path}' is damaged: its content and its checksum differ.");
        int length = BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(Mark.Length));
        var header = JsonSerializer.Deserialize<Header>(file.AsSpan(start, length))!;
        string[] others = [.. recipe.Where(entry => header.Recipe.GetValueOrDefault(entry.Key) != entry.Value).Select(entry => $"{entry.Key} was '{header.Recipe.GetValueOrDefault(entry.Key)}' and is '{entry.Value}'")];
        if (others.Length > 0)
            throw new CheckpointException($"'{path}' is of another training: {string.Join("; ", others)}.");
        float[][] arrays = new float[header.Lengths.Length][];
        int at = start + length;
        for (int i = 0; i < arrays.Length; i++)
        {
            arrays[i] = MemoryMarshal.Cast<byte, float>(file.AsSpan(at, header.Lengths[i] * sizeof(float))).ToArray();
            at += arrays[i].Length * sizeof(float);
        }

        run.Load(arrays, header.History, header.BestEpoch, header.Steps, header.StartLoss);
    }
}
