using RealtimeCnn.Graphs;

namespace RealtimeCnn.Layers;

/// <summary>
/// How an operand of a broadcasting layer is walked while its output is walked channel block by channel block: steps in floats
/// along batch, blocks and pixels, and whether the lanes of a block read a vector or all the same float.
/// </summary>
/// <param name="Batch">Step from one batch item to the next.</param>
/// <param name="Block">Step from one channel block to the next.</param>
/// <param name="Pixel">Step from one pixel to the next.</param>
/// <param name="Lane">1 where lanes are channels, 0 where all lanes read the same.</param>
internal readonly record struct BroadcastOperand(int Batch, int Block, int Pixel, int Lane)
{
    /// <summary>
    /// The layout in which an operand can be walked beside a channel-blocked output, or null where it can't: its pixels are all
    /// of the output's or one, and so are its channels.
    /// </summary>
    public static Layout? LayoutFor(Shape operand, Shape output)
    {
        if (output.Rank < 2)
            return null;
        var padded = Broadcasting.Padded(operand, output.Rank);
        if (padded.Area != 1 && padded.Area != output.Area)
            return null;
        if (operand == output)
            return Layout.Blocked;
        // One value for each channel lies row-major as it would in blocks.
        if (padded.Channels == 1 || padded is { Area: 1, Batch: 1 })
            return Layout.Plain;
        // Only an operand that has all axes is blocked along the same one.
        return operand.Rank == output.Rank ? Layout.Blocked : null;
    }

    public static BroadcastOperand Of(Shape operand, Shape output, int block)
    {
        var padded = Broadcasting.Padded(operand, output.Rank);
        int area = padded.Area, pixel = area == 1 ? 0 : 1;
        if (padded.Channels == 1 && operand != output)
            return new BroadcastOperand(padded.Batch == 1 ? 0 : area, 0, pixel, 0);
        int blocks = BlockedLayout.Blocks(padded.Channels, block);
        return new BroadcastOperand(padded.Batch == 1 ? 0 : blocks * area * block, area * block, pixel * block, 1);
    }

    /// <summary>The layouts of a broadcasting layer: channel-blocked where an operand of the output's shape already is and all others can be walked beside it.</summary>
    public static LayoutChoice Choose(ReadOnlySpan<TensorInfo> inputs, Shape output)
    {
        bool blocked = false;
        var layouts = new TensorFormat[inputs.Length];
        for (int i = 0; i < inputs.Length; i++)
        {
            if (LayoutFor(inputs[i].Shape, output) is not { } layout)
                return LayoutChoice.Plain;
            layouts[i] = layout;
            blocked |= layout == Layout.Blocked && inputs[i].Layout == Layout.Blocked && inputs[i].Shape == output;
        }

        return blocked ? new LayoutChoice(Layout.Blocked, Layout.Blocked) { PerInput = layouts } : LayoutChoice.Plain;
    }
}
