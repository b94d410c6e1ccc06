using RealtimeCnn.Layers;

namespace RealtimeCnn.Graphs;

/// <summary>A channel of one of a call's inputs.</summary>
internal readonly record struct ChannelOf(int Input, int Channel);

/// <summary>A channel of a value of a plan.</summary>
internal readonly record struct PlanChannel(PlanValue Value, int Channel);

/// <summary>
/// Values that are channels of others: what a concatenation along the channels, a split, a slice or a shuffle of them gives. They are
/// not computed but noted, one on top of the other, until a kernel reads one. What then can be had without copying is: consecutive
/// channels of one value are a part of its memory, and values that are all of a concatenation's blocks are written there by their own
/// steps. The rest is copied, by one step however many layers moved it.
/// </summary>
internal sealed class ChannelViews(Plan plan, int block)
{
    /// <summary>Most pieces that a block of a view is gathered from, on average; beyond them the views that it is of are copied first.</summary>
    private const int MostPieces = 8;

    private readonly Dictionary<PlanValue, PlanValue> _read = [];

    /// <summary>A value that is read nowhere yet.</summary>
    /// <param name="node">The node whose value it is.</param>
    /// <param name="inputs">Channel-blocked values of one size, views among them.</param>
    /// <param name="info">What it is.</param>
    /// <param name="channels">Where each of its channels is.</param>
    public PlanValue View(Node node, PlanValue[] inputs, TensorInfo info, ChannelOf[] channels)
    {
        PlanChannel[] found = channels.Map(channel => Find(inputs[channel.Input], channel.Channel));
        if (found.Chunk(block).Sum(Pieces) > (long)MostPieces * BlockedLayout.Blocks(found.Length, block))
            found = channels.Map(channel => new PlanChannel(Read(node, inputs[channel.Input]), channel.Channel));
        return new PlanValue(info) { Channels = found };
    }

    /// <summary>A value in memory: itself, or what a view shows.</summary>
    /// <param name="node">The node whose value it is.</param>
    /// <param name="value">Any value.</param>
    public PlanValue Read(Node node, PlanValue value)
    {
        if (value.Channels == null)
            return value;
        return _read.TryGetValue(value, out var read) ? read : _read[value] = Part(node, value) ?? Join(node, value) ?? Copy(node, value.Info, value.Channels);
    }

    private static PlanChannel Find(PlanValue value, int channel) => value.Channels == null ? new PlanChannel(value, channel) : value.Channels[channel];

    private int Pieces(PlanChannel[] channels) => channels.Select(channel => (channel.Value, channel.Channel / block)).Distinct().Count();

    /// <summary>Channels that are blocks of one value, where nothing lies between them, or null.</summary>
    private PlanValue? Part(Node node, PlanValue view)
    {
        var (source, first) = view.Channels![0];
        bool isRun = view.Channels.Select((channel, i) => channel == new PlanChannel(source, first + i)).All(same => same);
        bool isWhole = Begins(view.Info, first) && (first + view.Channels.Length == source.Info.Shape.Channels || view.Channels.Length % block == 0);
        if (!isRun || !isWhole || (view.Info.Shape.Batch > 1 && view.Info != source.Info))
            return null;
        return plan.Constant(node, new PlanValue(view.Info) { Origin = source, BytesFromOrigin = Bytes(view.Info, first) }, [source]);
    }

    /// <summary>A value in which other values have their place; null where no step can write its value there.</summary>
    private PlanValue? Join(Node node, PlanValue view)
    {
        var channels = view.Channels!;
        if (view.Info.Shape.Batch != 1)
            return null;
        var whole = new PlanValue(view.Info);
        int copied = 0, placed = 0;
        for (int next = 0; next < channels.Length;)
        {
            var source = channels[next].Value;
            if (!Fills(view.Info, channels, next) || !plan.MayMove(source))
            {
                next = Math.Min(next + block, channels.Length);
                continue;
            }

            CopyInto(node, whole, channels, copied, next);
            (source.Origin, source.BytesFromOrigin) = (whole, Bytes(view.Info, next));
            copied = next += source.Info.Shape.Channels;
            placed++;
        }

        if (placed == 0)
            return null;
        CopyInto(node, whole, channels, copied, channels.Length);
        return whole;
    }

    /// <summary>Whether a part of a value may begin at a channel.</summary>
    private bool Begins(TensorInfo info, int channel) => channel % block == 0 && Bytes(info, channel) % plan.Kernels.PartAlignment == 0;

    /// <summary>Whether from a channel on, where a part may begin, there is all of one value, up to where another may or to the last channel.</summary>
    private bool Fills(TensorInfo info, PlanChannel[] channels, int first)
    {
        var source = channels[first].Value;
        int end = first + source.Info.Shape.Channels;
        return Begins(info, first) && end <= channels.Length && (end == channels.Length || Begins(info, end))
            && Enumerable.Range(0, end - first).All(i => channels[first + i] == new PlanChannel(source, i));
    }

    private void CopyInto(Node node, PlanValue whole, PlanChannel[] channels, int first, int end)
    {
        if (first == end)
            return;
        var part = Copy(node, whole.Info with { Shape = whole.Info.Shape.With(1, end - first) }, channels[first..end]);
        (part.Origin, part.BytesFromOrigin) = (whole, Bytes(whole.Info, first));
    }

    private PlanValue Copy(Node node, TensorInfo info, PlanChannel[] channels)
    {
        PlanValue[] sources = [.. channels.Select(channel => channel.Value).Distinct()];
        var layer = new CopyChannels(channels.Map(channel => new ChannelOf(Array.IndexOf(sources, channel.Value), channel.Channel)));
        var call = new LayerCall(new Node(node.Name, layer, [node], []), sources.Map(source => source.Info), info);
        return plan.Emit(plan.Kernels.Choose(call), call, sources)[0];
    }

    private long Bytes(TensorInfo info, int channels) => (info with { Shape = info.Shape.With(1, channels) }).Bytes(block);
}
