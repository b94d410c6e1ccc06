using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>
/// Gathers channels of several tensors. A dispatch writes the blocks whose lanes come from the same tensors in the same order, each
/// lane read at a unit of its own; where a device reads fewer than four tensors at once, two lanes of a block at a time.
/// </summary>
internal static class CopyChannelsKernel
{
    // As many blocks as the shader has pieces for.
    private const int MostPieces = 64;

    // For a lane behind the last channel.
    private const int None = -1;

    public static Dispatch[] Plan(CopyChannels layer, LayerCall call, GlLimits limits)
    {
        var y = call.Output.Shape;
        int lanes = limits.ReadableTensors(ReadPath.Buffer) >= GpuKernels.Block ? GpuKernels.Block : GpuKernels.Block / 2;
        var parts = layer.Channels.Chunk(GpuKernels.Block).SelectMany((block, target) => Enumerable.Range(0, GpuKernels.Block / lanes).Select(part => Part.Of(block, target, part * lanes, lanes)));
        return [.. parts.GroupBy(part => (part.Sources, part.FirstLane)).SelectMany(alike => alike.Chunk(MostPieces)).Select(Copy)];

        Dispatch Copy(Part[] pieces)
        {
            int count = checked(y.Batch * pieces.Length * y.Area);
            IndexDivisor byArea = IndexDivisor.By(y.Area), byPieces = IndexDivisor.By(pieces.Length);
            int[] inputs = [.. pieces[0].Inputs];
            int[] sourceBlocks = [.. inputs.Select(input => BlockedLayout.Blocks(call.Inputs[input].Shape.Channels, GpuKernels.Block)), .. new int[GpuKernels.Block - lanes]];
            int[] numbers =
            [
                count, y.Area, pieces.Length, BlockedLayout.Blocks(y.Channels, GpuKernels.Block), .. sourceBlocks,
                byArea.Multiplier, byArea.Shift, byPieces.Multiplier, byPieces.Shift, pieces[0].FirstLane, 0, 0, 0,
                .. pieces.SelectMany(piece => (int[])[.. piece.Channels, .. new int[GpuKernels.Block - lanes], piece.Target, 0, 0, 0]), .. new int[(MostPieces - pieces.Length) * 2 * GpuKernels.Block],
            ];
            return new Dispatch("layers/copy_channels.comp", Dispatch.Bytes(numbers), Dispatch.Flat(count), [.. inputs.Select(Operand.Of)])
            {
                Defines = [$"LANES_AT_ONCE {lanes}"],
                WritesApart = true,
            };
        }
    }

    /// <summary>Lanes of a block: where each comes from.</summary>
    private sealed record Part(int Target, int FirstLane, int[] Inputs, int[] Channels)
    {
        /// <summary>The same for parts that one dispatch can write.</summary>
        public string Sources => string.Join(',', Inputs);

        public static Part Of(ChannelOf[] block, int target, int firstLane, int lanes)
        {
            // A lane of zeros reads nothing, but some tensor is bound for it.
            ChannelOf[] own = [.. Enumerable.Range(firstLane, lanes).Select(lane => lane < block.Length ? block[lane] : new ChannelOf(block[0].Input, None))];
            return new Part(target, firstLane, own.Map(channel => channel.Input), own.Map(channel => channel.Channel));
        }
    }
}
