using System.Runtime.InteropServices;

namespace RealtimeCnn.Fuzz.Guarding;

/// <summary>
/// Memory in which a stray access ends the process: every block ends at a page that nobody may touch, begins behind another, and
/// cannot be touched any more once it is freed. A block is aligned to 64 bytes, so that up to 63 bytes may lie between its end and
/// the page; they hold a pattern that is verified when the block is freed. Fresh blocks hold the same pattern, which as a float
/// is NaN: what is read before it was written shows in the result. Beyond 20,000 blocks at a time the system has no more pages to
/// forbid, and a block has the pattern alone behind it.
/// </summary>
internal sealed unsafe class GuardedMemory : MemorySource
{
    private const byte Pattern = 0xFF;
    private const int FreedKept = 256;

    // Linux lets a process have 65,530 mappings; a block between guard pages is up to three.
    private const int MostGuarded = 20_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<nint, Block> _blocks = [];
    private readonly Queue<Block> _freed = new();
    private readonly nuint _page = (nuint)Environment.SystemPageSize;

    /// <exception cref="PlatformNotSupportedException">The system has no mmap.</exception>
    public GuardedMemory()
    {
        if (!Pages.IsSupported)
            throw new PlatformNotSupportedException("Guard pages need mmap and mprotect: Linux or macOS.");
    }

    public override bool IsGuarded => true;

    public override void* Allocate(nuint bytes)
    {
        lock (_lock)
        {
            nuint rounded = RoundUp(bytes, AlignedMemory.Alignment);
            return _blocks.Count < MostGuarded ? BetweenPages(bytes, rounded) : BeforePattern(bytes, rounded + AlignedMemory.Alignment);
        }
    }

    public override void Free(void* block)
    {
        lock (_lock)
        {
            if (!_blocks.Remove((nint)block, out var known))
                Environment.FailFast($"Memory at {(nint)block:X} is freed twice, or was never allocated.");
            Verify((byte*)block, known);
            if (known.Mapped == 0)
            {
                NativeMemory.AlignedFree(block);
                return;
            }

            Pages.Close((byte*)known.Start, known.Mapped);
            _freed.Enqueue(known);
            if (_freed.Count > FreedKept && _freed.Dequeue() is var oldest)
                Pages.Release((byte*)oldest.Start, oldest.Mapped);
        }
    }

    private byte* BetweenPages(nuint bytes, nuint rounded)
    {
        nuint open = RoundUp(rounded, _page), mapped = open + (2 * _page);
        byte* start = Pages.Reserve(mapped), address = start + _page + open - rounded;
        Pages.Open(start + _page, open);
        new Span<byte>(start + _page, checked((int)open)).Fill(Pattern);
        _blocks[(nint)address] = new Block((nint)start, mapped, bytes, rounded);
        return address;
    }

    private byte* BeforePattern(nuint bytes, nuint rounded)
    {
        byte* address = (byte*)NativeMemory.AlignedAlloc(rounded, AlignedMemory.Alignment);
        new Span<byte>(address, checked((int)rounded)).Fill(Pattern);
        _blocks[(nint)address] = new Block(0, 0, bytes, rounded);
        return address;
    }

    private static void Verify(byte* address, Block block)
    {
        var tail = new ReadOnlySpan<byte>(address + block.Bytes, (int)(block.Rounded - block.Bytes));
        int at = tail.IndexOfAnyExcept(Pattern);
        if (at >= 0)
            Environment.FailFast($"A block of {block.Bytes} bytes was written at byte {block.Bytes + (nuint)at}, behind its end.");
    }

    private static nuint RoundUp(nuint bytes, nuint unit) => (bytes + unit - 1) / unit * unit;

    /// <summary>Where the mapping begins and how long it is (0 for a block before a pattern alone), and the block in it.</summary>
    private readonly record struct Block(nint Start, nuint Mapped, nuint Bytes, nuint Rounded);
}
