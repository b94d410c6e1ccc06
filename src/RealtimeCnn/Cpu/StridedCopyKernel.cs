using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>
/// Copies a <see cref="StridedView"/> where either side is channel-blocked (<see cref="StridedRunKernel"/> where none is). The source's channel and pixel of an output element are
/// sums of one table entry for each output axis; an item is one row of the output: the last axis of row-major memory, or the
/// last axis of one block of 16 channels.
/// </summary>
internal static unsafe class StridedCopyKernel
{
    public static CpuDispatch Plan(StridedView view, LayerCall call)
    {
        Shape x = call.Input.Shape, y = call.Output.Shape;
        if (y.Count == 0)
            return CpuDispatch.Create(&ForwardPlain, default(Constants), 0);
        bool fromBlocks = call.Input.Layout == Layout.Blocked, toBlocks = call.Output.Layout == Layout.Blocked;
        if (!fromBlocks && !toBlocks)
            return StridedRunKernel.Plan(view, x);
        int[] extents = y.Rank == 0 ? [1] : y.ToArray();
        var table = new List<int>(extents);
        for (int axis = 0; axis < y.Rank; axis++)
        {
            foreach (var (channel, pixel) in view.Contributions(x, y, axis, call.Input.Layout, Lanes.Count))
                table.AddRange([channel, pixel]);
        }

        if (y.Rank == 0)
            table.AddRange([0, 0]);
        var (originChannel, originPixel) = view.Origin(x, call.Input.Layout, Lanes.Count);
        int width = toBlocks && y.Rank < 3 ? 1 : extents[^1];
        int rows = toBlocks ? y.Batch * BlockedLayout.Blocks(y.Channels, Lanes.Count) * (y.Area / width) : y.Count / width;
        var constants = new Constants(
            extents.Length, fromBlocks ? 1 : 0, x.Area, originChannel, originPixel, width,
            y.Channels, BlockedLayout.Blocks(y.Channels, Lanes.Count), y.Area / width);
        return CpuDispatch.CreateWithTable(toBlocks ? &ForwardBlocked : &ForwardPlain, constants, [.. table], rows);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ForwardPlain(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        int* extents = CpuDispatch.Table<Constants>(arguments);
        float* x = arguments->Inputs[0];
        // The axis before the last is walked row by row, those before it are found once for all of its rows.
        int length = c.Rank > 1 ? extents[c.Rank - 2] : 1;
        for (int row = from, end; row < to; row = end)
        {
            int outer = Math.DivRem(row, length, out int first), channel = c.OriginChannel, pixel = c.OriginPixel;
            end = Math.Min(to, row + length - first);
            int* rows = c.Rank > 1 ? Descend(extents, c.Rank, c.Rank - 2, 0, outer, ref channel, ref pixel) : null;
            int* last = rows == null ? extents + 1 : rows + (2 * length);
            bool consecutive = c.FromBlocks != 0 && AreConsecutive(last, c.Width);
            int whole = consecutive && rows != null ? CopyVectors(x, in c, rows + (2 * first), end - row, arguments->Output, row, to, channel + last[0], pixel + last[1]) : 0;
            for (int i = first + whole; i < first + end - row; i++)
            {
                float* y = arguments->Output + ((row + i - first) * (long)c.Width);
                int rowChannel = channel + (rows == null ? 0 : rows[2 * i]), rowPixel = pixel + (rows == null ? 0 : rows[(2 * i) + 1]);
                if (consecutive)
                    CopyRun(x, y, in c, rowChannel + last[0], rowPixel + last[1]);
                else
                    CopyEach(x, y, in c, last, rowChannel, rowPixel);
            }
        }
    }

    /// <summary>
    /// Rows of consecutive channels of a pixel from the start of a block on, in whole vectors: what the last one of a row writes behind it is
    /// the next rows'. Gives how many rows there are before the first one for which that does not hold.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int CopyVectors(float* x, in Constants c, int* rows, int count, float* output, int row, int to, int channel, int pixel)
    {
        int width = c.Width;
        long plane = (long)c.Area * Lanes.Count;
        float* y = output + ((long)row * width), last = output + ((long)to * width) - width - Lanes.Count;
        int i = 0;
        for (; i < count && y <= last && ((channel + rows[2 * i]) & (Lanes.Count - 1)) == 0; i++, y += width)
        {
            float* from = x + (((channel + rows[2 * i]) >> Lanes.Shift) * plane) + ((pixel + rows[(2 * i) + 1]) * (long)Lanes.Count);
            for (int k = 0; k < width; k += Lanes.Count, from += plane)
                Vector512.LoadAligned(from).Store(y + k);
        }

        return i;
    }

    /// <summary>A row of consecutive channels of a pixel, block by block.</summary>
    private static void CopyRun(float* x, float* y, in Constants c, int channel, int pixel)
    {
        for (int i = 0, run; i < c.Width; i += run)
        {
            run = Math.Min(c.Width - i, Lanes.Count - ((channel + i) & (Lanes.Count - 1)));
            float* from = x + Address(in c, channel + i, pixel);
            for (int lane = 0; lane < run; lane++)
                y[i + lane] = from[lane];
        }
    }

    private static void CopyEach(float* x, float* y, in Constants c, int* last, int channel, int pixel)
    {
        for (int i = 0; i < c.Width; i++)
            y[i] = x[Address(in c, channel + last[2 * i], pixel + last[(2 * i) + 1])];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ForwardBlocked(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        int* extents = CpuDispatch.Table<Constants>(arguments);
        int* ofBatch = extents + c.Rank;
        int* ofChannel = ofBatch + (2 * extents[0]);
        float* x = arguments->Inputs[0];
        for (int row = from; row < to; row++)
        {
            int plane = row / c.RowsPerPlane, n = plane / c.Blocks, block = plane % c.Blocks;
            int count = Math.Min(Lanes.Count, c.Channels - (block * Lanes.Count));
            int* ofLane = ofChannel + (block * 2 * Lanes.Count);
            int channel = c.OriginChannel + ofBatch[2 * n], pixel = c.OriginPixel + ofBatch[(2 * n) + 1];
            int* last = c.Rank < 3 ? null : Descend(extents, c.Rank, c.Rank - 1, 2, row % c.RowsPerPlane, ref channel, ref pixel);
            bool consecutive = c.FromBlocks != 0 && AreConsecutive(ofLane, count);
            float* y = arguments->Output + ((long)row * c.Width * Lanes.Count);
            for (int i = 0; i < c.Width; i++, y += Lanes.Count)
            {
                int pixelChannel = channel + (last == null ? 0 : last[2 * i]), sourcePixel = pixel + (last == null ? 0 : last[(2 * i) + 1]);
                int first = pixelChannel + ofLane[0];
                if (consecutive && (first & (Lanes.Count - 1)) == 0)
                {
                    var value = Vector512.Load(x + Address(in c, first, sourcePixel + ofLane[1]));
                    Vector512.StoreAligned(Lanes.KeepFirst(value, count), y);
                    continue;
                }

                for (int lane = 0; lane < Lanes.Count; lane++)
                    y[lane] = lane < count ? x[Address(in c, pixelChannel + ofLane[2 * lane], sourcePixel + ofLane[(2 * lane) + 1])] : 0;
            }
        }
    }

    private static bool AreConsecutive(int* ofLane, int count)
    {
        for (int lane = 1; lane < count; lane++)
        {
            if (ofLane[2 * lane] != ofLane[0] + lane || ofLane[(2 * lane) + 1] != ofLane[1])
                return false;
        }

        return true;
    }

    /// <summary>
    /// Adds the entries of the axes from <paramref name="firstAxis"/> up to <paramref name="lastAxis"/> for a row, and returns
    /// the entries of <paramref name="lastAxis"/>. Behind the extents of all axes there are the entries of each.
    /// </summary>
    private static int* Descend(int* extents, int rank, int lastAxis, int firstAxis, int row, ref int channel, ref int pixel)
    {
        int* last = extents + rank;
        for (int axis = 0; axis < lastAxis; axis++)
            last += 2 * extents[axis];
        int* entries = last;
        for (int axis = lastAxis - 1; axis >= firstAxis; axis--)
        {
            entries -= 2 * extents[axis];
            int index = row % extents[axis];
            channel += entries[2 * index];
            pixel += entries[(2 * index) + 1];
            row /= extents[axis];
        }

        return last;
    }

    private static long Address(in Constants c, int channel, int pixel) => c.FromBlocks != 0
        ? ((((long)(channel >> Lanes.Shift) * c.Area) + pixel) * Lanes.Count) + (channel & (Lanes.Count - 1))
        : ((long)channel * c.Area) + pixel;

    /// <summary>Rank counts a scalar as one axis; Area is the source's.</summary>
    private readonly record struct Constants(
        int Rank, int FromBlocks, int Area, int OriginChannel, int OriginPixel, int Width, int Channels, int Blocks, int RowsPerPlane);
}
