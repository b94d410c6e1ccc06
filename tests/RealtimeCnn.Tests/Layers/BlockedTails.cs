using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Tests.Layers;

/// <summary>The invariant that every kernel keeps: in channel-blocked memory the channels behind the last one are zero, and the border holds what windows see over the edge.</summary>
internal static class BlockedTails
{
    public static void AssertKept(ReadOnlySpan<float> blocked, TensorInfo info, int block, string what)
    {
        var (shape, border) = (info.Shape, info.Border);
        int blocks = (shape.Channels + block - 1) / block, used = shape.Channels % block == 0 ? block : shape.Channels % block;
        int width = shape.Width + border.Left + border.Right, height = shape.Height + border.Top + border.Bottom;
        for (int plane = 0; plane < shape.Batch * blocks; plane++)
        {
            int lanes = plane % blocks == blocks - 1 ? used : block, first = plane * height * width;
            for (int i = 0; i < height * width; i++)
            {
                int row = (i / width) - border.Top, column = (i % width) - border.Left;
                int fromRow = Window.Source(row, shape.Height, border.Mode), fromColumn = Window.Source(column, shape.Width, border.Mode);
                bool inside = fromRow == row && fromColumn == column, isZero = fromRow < 0 || fromColumn < 0;
                int source = first + ((fromRow + border.Top) * width) + fromColumn + border.Left;
                for (int lane = inside ? lanes : 0; lane < block; lane++)
                {
                    float value = blocked[((first + i) * block) + lane], expected = isZero || lane >= lanes ? 0 : blocked[(source * block) + lane];
                    Assert.True(value.Equals(expected) || value == expected, $"{what}: plane {plane}, row {row}, column {column}, lane {lane} holds {value}, not {expected}");
                }
            }
        }
    }
}
