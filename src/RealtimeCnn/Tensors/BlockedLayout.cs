using System.Buffers.Binary;
using RealtimeCnn.Graphs;

namespace RealtimeCnn;

/// <summary>How a tensor of a plan lies in memory.</summary>
internal enum Layout
{
    /// <summary>Row-major, as users see it: <c>[N, C, H, W]</c>.</summary>
    Plain,

    /// <summary>
    /// Channel-blocked: <c>[N][ceil(C/b)][H·W][b]</c>, the channels behind C in the last block being zero. b is the
    /// backend's block: 16 on the CPU (one 512-bit vector), 4 on the GPU (a vec4).
    /// </summary>
    Blocked,
}

/// <summary>The arithmetic of the channel-blocked layout; the only place it is written down.</summary>
internal static class BlockedLayout
{
    /// <summary>Blocks that hold <paramref name="channels"/> channels.</summary>
    public static int Blocks(int channels, int block) => (channels + block - 1) / block;

    /// <summary>Elements that a tensor occupies; a plain tensor is rounded up to whole blocks, so that both backends may store whole vectors.</summary>
    public static long Elements(Shape shape, TensorFormat format, int block) => format.Layout == Layout.Plain
        ? ((long)shape.Count + block - 1) / block * block
        : (long)shape.Batch * Blocks(shape.Channels, block) * (format.Border.IsNone ? shape.Area : format.Border.Plane(shape)) * block;

    /// <summary>Copies NCHW elements into blocks and zeroes the tail channels.</summary>
    public static void Pack(ReadOnlySpan<float> plain, Shape shape, Span<float> blocked, int block)
    {
        int blocks = Blocks(shape.Channels, block), area = shape.Area;
        blocked[..(int)Elements(shape, Layout.Blocked, block)].Clear();
        for (int n = 0; n < shape.Batch; n++)
        {
            for (int c = 0; c < shape.Channels; c++)
            {
                var from = plain.Slice(((n * shape.Channels) + c) * area, area);
                int to = (((n * blocks) + (c / block)) * area * block) + (c % block);
                for (int i = 0; i < area; i++)
                    blocked[to + (i * block)] = from[i];
            }
        }
    }

    /// <summary>Copies blocks back into NCHW elements.</summary>
    public static void Unpack(ReadOnlySpan<float> blocked, Shape shape, Span<float> plain, int block)
    {
        int blocks = Blocks(shape.Channels, block), area = shape.Area;
        for (int n = 0; n < shape.Batch; n++)
        {
            for (int c = 0; c < shape.Channels; c++)
            {
                var to = plain.Slice(((n * shape.Channels) + c) * area, area);
                int from = (((n * blocks) + (c / block)) * area * block) + (c % block);
                for (int i = 0; i < area; i++)
                    to[i] = blocked[from + (i * block)];
            }
        }
    }

    /// <summary>Copies a tensor of any format into NCHW elements.</summary>
    public static void Unpack(ReadOnlySpan<byte> memory, TensorInfo info, Span<float> plain, int block)
    {
        var (shape, border, size) = (info.Shape, info.Border, info.Element.Size());
        for (int i = 0; i < shape.Count; i++)
        {
            int at = i;
            if (info.Layout == Layout.Blocked)
            {
                var (plane, pixel) = Math.DivRem(i, shape.Area);
                var (n, c) = Math.DivRem(plane, shape.Channels);
                var (row, column) = Math.DivRem(pixel, shape.Width);
                int start = ((n * Blocks(shape.Channels, block)) + (c / block)) * border.Plane(shape);
                at = ((start + border.Origin(shape) + (row * border.Pitch(shape)) + column) * block) + (c % block);
            }

            var bytes = memory.Slice(at * size, size);
            plain[i] = info.Element switch
            {
                ElementType.Float32 => BinaryPrimitives.ReadSingleLittleEndian(bytes),
                ElementType.Float16 => (float)BinaryPrimitives.ReadHalfLittleEndian(bytes),
                _ => bytes[0],
            };
        }
    }
}
