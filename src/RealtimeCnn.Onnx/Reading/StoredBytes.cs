namespace RealtimeCnn.Onnx.Reading;

/// <summary>
/// The data of a tensor where they are stored, read when they are needed: straight to where a network has its weights, so that a large file
/// is in memory once, and never beside what is made of it.
/// </summary>
/// <param name="file">The file; open until the model is made.</param>
/// <param name="offset">Of the first byte.</param>
/// <param name="length">How many.</param>
/// <param name="progress">Told of what is read.</param>
internal sealed class StoredBytes(Stream file, long offset, int length, LoadProgress progress)
{
    // Between two of which a load can end, and says how far it is.
    private const int Piece = 4 << 20;

    private byte[]? _all;

    public int Length => length;

    /// <summary>All of them, kept from then on: for constants that are looked at element by element.</summary>
    public ReadOnlyMemory<byte> All
    {
        get
        {
            if (_all == null)
            {
                byte[] all = new byte[length];
                Read(0, all);
                _all = all;
            }

            return _all;
        }
    }

    /// <summary>Reads some of them.</summary>
    /// <param name="from">The first, counted from the first of these.</param>
    /// <param name="bytes">Filled.</param>
    /// <exception cref="IOException">The file has become shorter, or cannot be read.</exception>
    public void Read(int from, Span<byte> bytes)
    {
        if (bytes.IsEmpty)
            return;
        file.Position = offset + from;
        while (!bytes.IsEmpty)
        {
            var piece = bytes[..Math.Min(bytes.Length, Piece)];
            file.ReadExactly(piece);
            progress.Add(piece.Length);
            bytes = bytes[piece.Length..];
        }
    }
}
