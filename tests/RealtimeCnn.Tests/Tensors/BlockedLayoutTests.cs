namespace RealtimeCnn.Tests.Tensors;

public class BlockedLayoutTests
{
    [Theory]
    [InlineData(4, 1)]
    [InlineData(4, 4)]
    [InlineData(4, 5)]
    [InlineData(16, 3)]
    [InlineData(16, 16)]
    [InlineData(16, 33)]
    public void Packing_puts_each_channel_in_its_lane_and_unpacking_brings_it_back(int block, int channels)
    {
        var shape = new Shape(2, channels, 3, 5);
        float[] plain = [.. Enumerable.Range(1, shape.Count).Select(i => (float)i)];
        float[] blocked = new float[BlockedLayout.Elements(shape, Layout.Blocked, block)];
        Array.Fill(blocked, float.NaN);
        BlockedLayout.Pack(plain, shape, blocked, block);

        int blocks = (channels + block - 1) / block;
        for (int n = 0; n < 2; n++)
        {
            for (int c = 0; c < blocks * block; c++)
            {
                for (int i = 0; i < 15; i++)
                {
                    float expected = c < channels ? plain[(((n * channels) + c) * 15) + i] : 0;
                    Assert.Equal(expected, blocked[(((((n * blocks) + (c / block)) * 15) + i) * block) + (c % block)]);
                }
            }
        }

        float[] back = new float[shape.Count];
        BlockedLayout.Unpack(blocked, shape, back, block);
        Assert.Equal(plain, back);
    }
}
