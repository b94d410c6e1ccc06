namespace RealtimeCnn.Onnx.Reading;

/// <summary>Tells files that are often taken for models by how they begin; no ONNX file begins so.</summary>
internal static class FileKind
{
    /// <summary>As many bytes of a file's start as it takes to tell.</summary>
    public const int Bytes = 64;

    /// <summary>What a file is instead of a model, and what to do; null where it is none of those known.</summary>
    public static string? Of(ReadOnlySpan<byte> file)
    {
        if (file.StartsWith("version https://git-lfs"u8))
            return "it is a pointer of Git LFS to it; 'git lfs pull' fetches the file itself";
        if (file.StartsWith("<"u8))
            return "it is a web page; the download got a page instead of the file";
        if (file.StartsWith("PK\u0003\u0004"u8))
            return "it is a ZIP archive, as PyTorch's .pt and .pth are; unpack it, or export the network with torch.onnx.export";
        if (file.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]))
            return "it is compressed with gzip; unpack it";
        if (file.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'H', (byte)'D', (byte)'F']))
            return "it is an HDF5 file, as Keras's are; convert it with tf2onnx";
        return file.Length > 8 && file[4..].StartsWith("TFL3"u8) ? "it is a TensorFlow Lite model; convert it with tf2onnx" : null;
    }
}
