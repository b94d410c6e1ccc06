using System.Runtime.InteropServices;

namespace RealtimeCnn.Demo.Clips;

/// <summary>
/// The last ten seconds of the screen, ten pictures a second, shrunk by a whole number to at most 640×360: at most 93 MB, which grow as they are
/// needed and are then used again. One thread adds, another may copy out.
/// </summary>
internal sealed class ClipRing
{
    /// <summary>Pictures a second.</summary>
    public const double Rate = 10;

    /// <summary>Most pictures of a clip.</summary>
    public const int Length = 100;

    // Whoever copies pictures out has this many to go on before those that it wants are gone.
    private const int Spare = 35;
    private static readonly Size2d Most = new(360, 640);
    private readonly Lock _lock = new();
    private readonly Slot[] _slots = [.. Enumerable.Range(0, Length + Spare).Select(_ => new Slot())];
    private long _next, _first;
    private TimeSpan? _last;

    /// <summary>Height and width of the pictures; another one forgets those before.</summary>
    public Size2d Size { get; private set; }

    /// <summary>The numbers of the pictures of a clip that would be saved now.</summary>
    public (long First, long Count) Newest
    {
        get
        {
            lock (_lock)
            {
                long first = Math.Max(_first, _next - Length);
                return (first, _next - first);
            }
        }
    }

    /// <summary>How many pixels of the screen become one, along a side.</summary>
    public static int FactorOf(Size2d screen) => Math.Max(Math.Max((screen.Width + Most.Width - 1) / Most.Width, (screen.Height + Most.Height - 1) / Most.Height), 1);

    /// <summary>Whether a picture of this moment is wanted.</summary>
    /// <param name="now">On the run's clock.</param>
    public bool Wants(TimeSpan now) => _last is not { } last || now < last || now - last >= TimeSpan.FromSeconds((1 / Rate) - 1e-3);

    /// <summary>Takes a picture of the whole screen; each pixel is the mean of those that it stands for.</summary>
    /// <param name="rgba">Rows from the top, 4 bytes a pixel.</param>
    /// <param name="screen">Height and width of it.</param>
    /// <param name="now">On the run's clock.</param>
    public void Add(ReadOnlySpan<byte> rgba, Size2d screen, TimeSpan now)
    {
        int factor = FactorOf(screen), area = factor * factor;
        lock (_lock)
        {
            var pixels = Next(new Size2d(screen.Height / factor, screen.Width / factor), now);
            var words = MemoryMarshal.Cast<byte, uint>(rgba);
            // Red and blue are added up in one word, each in 16 bits, and so is green beside them: enough for 256 pixels.
            uint half = (uint)area / 2, share = (65536 + (uint)area - 1) / (uint)area;
            for (int y = 0, at = 0; y < Size.Height; y++)
            {
                var rows = words.Slice(y * factor * screen.Width, factor * screen.Width);
                for (int x = 0; x < Size.Width; x++, at += 3)
                {
                    uint redBlue = half | (half << 16), green = half;
                    for (int row = x * factor; row < rows.Length; row += screen.Width)
                    {
                        foreach (uint word in rows.Slice(row, factor))
                            (redBlue, green) = (redBlue + (word & 0xFF00FF), green + ((word >> 8) & 0xFF));
                    }

                    (pixels[at], pixels[at + 1], pixels[at + 2]) = (Mean(redBlue & 0xFFFF), Mean(green), Mean(redBlue >> 16));
                }
            }

            byte Mean(uint sum) => (byte)((sum * share) >> 16);
        }
    }

    /// <summary>Takes a picture that was shrunk already.</summary>
    /// <param name="rgba">Rows from the bottom, 4 bytes a pixel.</param>
    /// <param name="size">Height and width of it.</param>
    /// <param name="taken">On the run's clock.</param>
    public void AddShrunk(ReadOnlySpan<byte> rgba, Size2d size, TimeSpan taken)
    {
        lock (_lock)
        {
            var pixels = Next(size, taken);
            int at = 0;
            for (int y = size.Height - 1; y >= 0; y--)
            {
                var row = rgba.Slice(y * size.Width * 4, size.Width * 4);
                for (int x = 0; x < row.Length; x += 4, at += 3)
                    (pixels[at], pixels[at + 1], pixels[at + 2]) = (row[x], row[x + 1], row[x + 2]);
            }
        }
    }

    /// <summary>Says that a picture of this moment is on its way.</summary>
    public void Expect(TimeSpan now) => _last = now;

    /// <summary>Copies a picture out.</summary>
    /// <param name="number">Which.</param>
    /// <param name="destination">Takes rows from the top, 3 bytes a pixel.</param>
    /// <param name="taken">When it was on the screen.</param>
    /// <returns>False where it is gone.</returns>
    public bool TryCopy(long number, Span<byte> destination, out TimeSpan taken)
    {
        lock (_lock)
        {
            var slot = _slots[number % _slots.Length];
            taken = slot.Taken;
            if (slot.Number != number || slot.Bytes != destination.Length)
                return false;
            slot.Pixels.AsSpan(0, slot.Bytes).CopyTo(destination);
            return true;
        }
    }

    private Span<byte> Next(Size2d size, TimeSpan now)
    {
        if (size != Size)
            (Size, _first) = (size, _next);
        _last = now;
        var slot = _slots[_next % _slots.Length];
        int bytes = size.Height * size.Width * 3;
        if (slot.Pixels.Length < bytes)
            slot.Pixels = new byte[bytes];
        (slot.Number, slot.Taken, slot.Bytes) = (_next++, now, bytes);
        return slot.Pixels.AsSpan(0, bytes);
    }

    private sealed class Slot
    {
        public byte[] Pixels { get; set; } = [];

        public int Bytes { get; set; }

        public long Number { get; set; } = -1;

        public TimeSpan Taken { get; set; }
    }
}
