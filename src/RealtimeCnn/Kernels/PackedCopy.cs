using RealtimeCnn.Graphs;

namespace RealtimeCnn.Kernels;

/// <summary>Where packed copies live: a processor's memory, or a GPU's.</summary>
internal interface IPackingDevice
{
    /// <summary>Memory for a copy; what it holds is stale until <see cref="PackedCopy.Refresh()"/>.</summary>
    PackedCopy Allocate(PackedWeights weights);
}

/// <summary>Parameters in the order and in the memory in which kernels read them; shared by all plans that do.</summary>
internal abstract class PackedCopy(PackedWeights weights) : IDisposable
{
    private const long Stale = -1;

    /// <summary>What it holds.</summary>
    public PackedWeights Weights { get; } = weights;

    /// <summary>Bytes of its memory.</summary>
    public abstract long Bytes { get; }

    /// <summary>How many plans read it.</summary>
    public int Users { get; set; }

    /// <summary>The version of the parameters that it holds.</summary>
    public long Version { get; set; } = Stale;

    /// <summary>Whether the parameters have changed since it was packed.</summary>
    public bool IsStale => Version != Weights.Version;

    /// <summary>Packs what has changed, in place. Nobody reads a stale copy, so that nobody is disturbed.</summary>
    public void Refresh()
    {
        long version = Weights.Version;
        if (Version == version)
            return;
        for (int piece = 0; piece < Pieces; piece++)
            PackPiece(piece);
        Version = version;
    }

    /// <summary>Packs one piece; the copy is no longer stale after the last, unless the parameters have changed since the first.</summary>
    /// <param name="piece">From 0 on; each after the one before.</param>
    /// <param name="version">The version of the parameters at the first.</param>
    /// <returns>Whether there is more to do.</returns>
    public bool Refresh(int piece, long version)
    {
        if (Version == version || Weights.Version != version)
            return false;
        PackPiece(piece);
        if (piece + 1 < Pieces)
            return true;
        Version = version;
        return false;
    }

    /// <summary>
    /// Gives access to the packed form for a change in place, as <see cref="Parameter.Edit"/> does to the plain one. From then on the
    /// copy is the parameter; the plain form follows when it is read.
    /// </summary>
    /// <exception cref="NotSupportedException">The parameter could not be had back out of it.</exception>
    public ParameterEdit Edit()
    {
        if (!Weights.Packing.IsReversible || Weights.Element != ElementType.Float32)
            throw new NotSupportedException($"{Weights} as {Weights.Element} cannot be undone, so that no parameter can be kept so; edit the parameter.");
        var parameter = Weights.Sources[0];
        parameter.Store.EnterWrite();
        try
        {
            Refresh();
            return new ParameterEdit(parameter, this, Memory);
        }
        catch
        {
            parameter.Store.ExitWrite();
            throw;
        }
    }

    /// <summary>Writes the elements of the parameter that this is a copy of.</summary>
    public void Unpack(Span<float> values) => Weights.Packing.Unpack(Memory, values);

    public abstract void Dispose();

    /// <summary>In how many pieces it is packed.</summary>
    public abstract int Pieces { get; }

    /// <summary>Packs a part of the sources as they are now.</summary>
    public abstract void PackPiece(int piece);

    /// <summary>The packed form, where a processor can reach it.</summary>
    protected abstract Span<float> Memory { get; }
}
