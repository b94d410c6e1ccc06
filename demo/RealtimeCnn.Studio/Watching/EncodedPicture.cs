using System.Collections.Concurrent;

namespace RealtimeCnn.Studio.Watching;

/// <summary>A compressed picture that several viewers send at once; its memory is used again when the last has sent it.</summary>
internal sealed class EncodedPicture
{
    private readonly ConcurrentBag<EncodedPicture> _pool;
    private byte[] _bytes = [];
    private int _length, _users;

    private EncodedPicture(ConcurrentBag<EncodedPicture> pool) => _pool = pool;

    /// <summary>The file.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes.AsMemory(0, _length);

    /// <summary>A copy of a file, with its maker as its only user.</summary>
    /// <param name="pool">Where it comes from and goes to.</param>
    /// <param name="file">The file.</param>
    public static EncodedPicture Of(ConcurrentBag<EncodedPicture> pool, ReadOnlySpan<byte> file)
    {
        if (!pool.TryTake(out var picture))
            picture = new EncodedPicture(pool);
        if (picture._bytes.Length < file.Length)
            picture._bytes = new byte[file.Length + (file.Length / 4)];
        file.CopyTo(picture._bytes);
        (picture._length, picture._users) = (file.Length, 1);
        return picture;
    }

    /// <summary>One more uses it.</summary>
    public EncodedPicture Share()
    {
        Interlocked.Increment(ref _users);
        return this;
    }

    /// <summary>One less uses it.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _users) == 0)
            _pool.Add(this);
    }
}
