using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Kernels;

/// <summary>The calls that move whole channels of channel-blocked values and do nothing else: their values are views.</summary>
internal static class ChannelMoves
{
    /// <summary>Whether a call is one of them.</summary>
    public static bool Fits(LayerCall call) => Of(call) != null;

    /// <summary>Channel-blocked in and out, with where the channels are.</summary>
    public static LayoutChoice Formats(LayerCall call) => LayoutChoice.Blocked with { Channels = Of(call) };

    /// <summary>A shuffle as other frameworks write it: channels reshaped to groups, these swapped with what they hold, and reshaped back.</summary>
    public static IReadOnlyList<Node>? ReshapedShuffle(Node node) =>
        node.Layer is ReshapingLayer && node.Inputs[0] is { Layer: Transpose } swap && swap.Inputs[0] is { Layer: ReshapingLayer } grouped ? [grouped, swap, node] : null;

    private static ChannelOf[][]? Of(LayerCall call)
    {
        if (call.Nodes.Count > 1)
            return OfReshapedShuffle(call);
        if (call.Inputs.All(input => input.Layout == Layout.Plain) || call.Outputs.Any(output => output.Shape.Count == 0))
            return null;
        var x = call.Input.Shape;
        return call.Layer switch
        {
            Concat concat when AxisIndex.Resolve(concat.Axis, x.Rank) == 1 =>
                [[.. call.Inputs.SelectMany((input, i) => Enumerable.Range(0, input.Shape.Channels).Select(channel => new ChannelOf(i, channel)))]],
            StridedCopyLayer copy => Of(copy.View(x, call.Output.Shape).Channels(x, call.Output.Shape)),
            Split split when AxisIndex.Resolve(split.Axis, x.Rank) == 1 =>
                call.Outputs.Map((part, i) => Of(split.View(i, x, part.Shape).Channels(x, part.Shape))![0]),
            _ => null,
        };
    }

    private static ChannelOf[][]? OfReshapedShuffle(LayerCall call)
    {
        Shape x = call.Input.Shape, y = call.Output.Shape, grouped = call.Nodes[0].Layer.InferShape([x]);
        bool groups = x == y && x.Count > 0 && x.Rank > 1 && grouped.Rank == x.Rank + 1 && grouped[0] == x[0] && grouped[1] * grouped[2] == x[1]
            && grouped.ToArray().Skip(3).SequenceEqual(x.ToArray().Skip(2)) && ((Transpose)call.Nodes[1].Layer).SwapsGroups(grouped);
        return groups ? Of(new ChannelShuffle(grouped[1]).View(x, y).Channels(x, y)) : null;
    }

    private static ChannelOf[][]? Of(int[]? channels) => channels == null ? null : [channels.Map(channel => new ChannelOf(0, channel))];
}
