namespace RealtimeCnn.Tests.Layers;

/// <summary>The invariant that every kernel keeps: in channel-blocked memory the channels behind the last one are zero.</summary>
public static class BlockedTails
{
    public static void AssertZero(ReadOnlySpan<float> blocked, Shape shape, int block, string what)
    {
        int blocks = (shape.Channels + block - 1) / block, used = shape.Channels % block;
        if (used == 0)
            return;
        for (int n = 0; n < shape.Batch; n++)
        {
            for (int i = 0; i < shape.Area; i++)
            {
                for (int lane = used; lane < block; lane++)
                {
                    float value = blocked[(((((n * blocks) + blocks - 1) * shape.Area) + i) * block) + lane];
                    Assert.True(value == 0, $"{what}: batch {n}, pixel {i}, tail lane {lane} holds {value}");
                }
            }
        }
    }
}
