using RealtimeCnn.Graphs;

namespace RealtimeCnn.Tests.Layers;

/// <summary>The invariant that every kernel keeps: in channel-blocked memory the channels behind the last one are zero, and so is the border.</summary>
internal static class BlockedTails
{
    public static void AssertZero(ReadOnlySpan<float> blocked, TensorInfo info, int block, string what)
    {
        var (shape, border) = (info.Shape, info.Border);
        int blocks = (shape.Channels + block - 1) / block, used = shape.Channels % block == 0 ? block : shape.Channels % block;
        int width = shape.Width + border.Left + border.Right, height = shape.Height + border.Top + border.Bottom;
        for (int plane = 0; plane < shape.Batch * blocks; plane++)
        {
            int lanes = plane % blocks == blocks - 1 ? used : block;
            for (int i = 0; i < height * width; i++)
            {
                int row = (i / width) - border.Top, column = (i % width) - border.Left;
                bool inside = row >= 0 && row < shape.Height && column >= 0 && column < shape.Width;
                for (int lane = inside ? lanes : 0; lane < block; lane++)
                {
                    float value = blocked[(((plane * height * width) + i) * block) + lane];
                    Assert.True(value == 0, $"{what}: plane {plane}, row {row}, column {column}, lane {lane} holds {value}");
                }
            }
        }
    }
}
