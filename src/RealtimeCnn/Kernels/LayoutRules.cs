using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Kernels;

/// <summary>The layouts that the plain kernels of both backends work in.</summary>
internal static class LayoutRules
{
    /// <summary>Channel-blocked in and out.</summary>
    public static LayoutChoice Blocked(LayerCall call) => LayoutChoice.Blocked;

    /// <summary>Row-major in and out.</summary>
    public static LayoutChoice Plain(LayerCall call) => LayoutChoice.Plain;

    /// <summary>Out as the input comes.</summary>
    public static LayoutChoice AsGiven(LayerCall call) => new(call.Input.Layout, call.Input.Layout);

    /// <summary>An alias of the input, as it comes.</summary>
    public static LayoutChoice SameAsGiven(LayerCall call) => new(call.Input.Layout, call.Input.Layout, IsAlias: true);

    /// <summary>For a backward kernel of one input that reads its forward output or input: as that lies.</summary>
    public static LayoutChoice AsForward(LayerCall call) => new(call.Inputs[1].Layout, call.Inputs[1].Layout);

    /// <summary>For a backward kernel that gives gradients of parameters alone: blocks in, parameters in the order of their shapes out.</summary>
    public static LayoutChoice ParameterGradients(LayerCall call) => new(Layout.Blocked, Layout.Plain);

    /// <summary>Blocks in and out, statistics and gradients of parameters row-major.</summary>
    public static LayoutChoice BatchNormGradient(LayerCall call) => new(Layout.Blocked, Layout.Plain)
    {
        PerInput = [Layout.Blocked, Layout.Blocked, Layout.Plain, Layout.Plain, Layout.Plain, Layout.Plain],
        PerOutput = [Layout.Blocked, Layout.Plain, Layout.Plain],
    };

    /// <summary>Blocked where any input is.</summary>
    public static LayoutChoice Concat(LayerCall call) =>
        call.Output.Shape.Rank > 1 && call.Inputs.Any(input => input.Layout == Layout.Blocked) ? LayoutChoice.Blocked : LayoutChoice.Plain;

    /// <summary>The same, for a kernel that copies runs: along the channels they would end inside a block.</summary>
    public static LayoutChoice ConcatRuns(LayerCall call) =>
        AxisIndex.Resolve(((Concat)call.Layer).Axis, call.Output.Shape.Rank) == 1 ? LayoutChoice.Plain : Concat(call);

    /// <summary>Where nothing before the height disappears, blocks stay blocks.</summary>
    public static LayoutChoice Reduce(LayerCall call)
    {
        var x = call.Input;
        bool keepsBlocks = x.Layout == Layout.Blocked && x.Shape.Rank > 2 && AxisIndex.ResolveAll(((Reduce)call.Layer).Axes, x.Shape.Rank).All(axis => axis >= 2);
        return keepsBlocks ? LayoutChoice.Blocked : LayoutChoice.Plain;
    }

    /// <summary>Where no channels are added, blocks stay blocks.</summary>
    public static LayoutChoice Pad(LayerCall call)
    {
        var pad = (Pad)call.Layer;
        return call.Input is { Layout: Layout.Blocked, Shape.Rank: > 2 } && pad.Before[1] == 0 && pad.After[1] == 0 ? LayoutChoice.Blocked : LayoutChoice.Plain;
    }

    /// <summary>Takes its input as it comes; gives blocks for blocks, as long as pixels stay pixels.</summary>
    public static LayoutChoice StridedCopy(LayerCall call)
    {
        var layout = call.Input.Layout;
        bool keepsBlocks = call.Layer is not Transpose transpose || transpose.KeepsChannels(call.Input.Shape);
        return new LayoutChoice(layout, call.Output.Shape.Rank > 1 && keepsBlocks ? layout : Layout.Plain);
    }

    /// <summary>
    /// An alias of the input, which stays channel-blocked where both shapes have the same batch, channels and area, such as
    /// <c>[N, C, 1, 1] → [N, C]</c>.
    /// </summary>
    public static LayoutChoice Reshape(LayerCall call)
    {
        Shape x = call.Input.Shape, y = call.Output.Shape;
        bool same = x.Batch == y.Batch && x.Channels == y.Channels && x.Area == y.Area;
        var format = new TensorFormat(same ? call.Input.Layout : Layout.Plain, call.Input.Element == ElementType.Float16 ? ElementType.Float16 : ElementType.Float32);
        return new LayoutChoice(format, format, IsAlias: true);
    }

    /// <summary>Nothing at inference; row-major where elements are dropped, by their index.</summary>
    public static LayoutChoice Dropout(LayerCall call) =>
        call.Mode.IsTraining ? LayoutChoice.Plain : new LayoutChoice(call.Input.Layout, call.Input.Layout, IsAlias: true);

    /// <summary>A parameter is row-major, so that it can be walked beside blocks only as one value for each channel, pixel or in all.</summary>
    public static LayoutChoice PRelu(LayerCall call) =>
        BroadcastOperand.LayoutFor(((PRelu)call.Layer).SlopeShape, call.Output.Shape) == Layout.Plain ? AsGiven(call) : LayoutChoice.Plain;

    /// <summary>Channel-blocked where an operand of the output's shape already is and all others can be walked beside it.</summary>
    public static LayoutChoice Broadcast(LayerCall call) => BroadcastOperand.Choose(call.Inputs, call.Output.Shape);

    /// <summary>What the call says: a conversion is asked for by both its formats.</summary>
    public static LayoutChoice AsAsked(LayerCall call) => new(call.Input.Format, call.Output.Format);

    /// <summary>In as the input is stored, out as the plan wishes to store it, in the layout of the input.</summary>
    public static LayoutChoice AsStored(LayerCall call) =>
        new(call.Input.Format with { Border = default }, new TensorFormat(call.Input.Layout, call.Wish.Element));

    /// <summary>Channel-blocked; in as halves where all inputs are stored so, out as the plan wishes to store it.</summary>
    public static LayoutChoice BlockedAsStored(LayerCall call) => new(
        new TensorFormat(Layout.Blocked, call.Inputs.All(input => input.Element == ElementType.Float16) ? ElementType.Float16 : ElementType.Float32),
        new TensorFormat(Layout.Blocked, call.Wish.Element));

    /// <summary>Channel-blocked in; out with the border that the reader asks for.</summary>
    public static LayoutChoice BorderAsWished(LayerCall call) => new(Layout.Blocked, new TensorFormat(Layout.Blocked, Border: call.Wish.Border));
}
