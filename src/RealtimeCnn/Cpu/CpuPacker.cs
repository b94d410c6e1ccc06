using RealtimeCnn.Kernels;

namespace RealtimeCnn.Cpu;

/// <summary>
/// Packs the copies of a plan's parameters on the threads that run the plan: in training all of them are stale after each step. The
/// first pieces of all copies come before the last ones of any, so that a thread packs what it computes with.
/// </summary>
internal sealed class CpuPacker
{
    /// <summary>What packing an element costs in nanoseconds, roughly.</summary>
    private const double NanosecondsOfElement = 0.5;

    private readonly PackedCopy[] _copies;
    private readonly (PackedCopy Copy, int Piece)[] _pieces;
    private readonly SharedWork _work;

    /// <param name="copies">What there is to pack, each for itself.</param>
    /// <param name="pool">Whose threads help.</param>
    public CpuPacker(IReadOnlyCollection<PackedCopy> copies, WorkerPool pool)
    {
        _copies = [.. copies];
        _pieces = [.. copies.SelectMany(copy => Enumerable.Range(0, copy.Pieces).Select(piece => (copy, piece))).OrderBy(item => (item.piece + 0.5) / item.copy.Pieces)];
        _work = new SharedWork(pool, _pieces.Length, _copies.Sum(copy => copy.Weights.Elements * NanosecondsOfElement), Pack);
    }

    /// <summary>Packs what is stale.</summary>
    public void Run()
    {
        // Elements that are computed of others, or kept in another order, are brought up to date on this thread, which may take the time and the lock.
        foreach (var copy in _copies)
        {
            foreach (var source in copy.Weights.Sources)
                _ = source.Elements;
        }

        _work.Run();
        foreach (var copy in _copies)
            copy.Version = copy.Weights.Version;
    }

    private void Pack(int from, int to)
    {
        foreach (var (copy, piece) in _pieces.AsSpan(from..to))
        {
            if (copy.IsStale)
                copy.PackPiece(piece);
        }
    }
}
