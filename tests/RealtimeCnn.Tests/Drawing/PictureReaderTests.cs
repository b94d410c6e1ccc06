using RealtimeCnn.Drawing;
using RealtimeCnn.OpenGL.Drawing;
using RealtimeCnn.Tests.OpenGL;

namespace RealtimeCnn.Tests.Drawing;

[Collection(GlTests.Name)]
public class PictureReaderTests(GlFixture gl)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Pictures_come_back_smaller_in_order_and_without_waiting(bool persistent) => gl.RunFresh(new() { PersistentMapping = persistent }, device =>
    {
        using var canvas = new GpuCanvas(device);
        using var target = new OffscreenTarget(device, 17, 12);
        using var reader = new PictureReader(device);
        byte[] pixels = new byte[8 * 6 * 4];
        long blocking = device.BlockingCalls, allocated = 0;
        for (int picture = 1, next = 1; next <= 12;)
        {
            if (picture == 7)
                allocated = GC.GetAllocatedBytesForCurrentThread();
            // The column that has no partner is left out; the upper half is of another colour.
            canvas.Begin(target.Framebuffer, 17, 12, new Color(0, 0, 1));
            canvas.Fill(new Area(0, 0, 17, 6), new Color(picture / 255f, 0, 0));
            canvas.End();
            if (reader.TryRequest(target.Framebuffer, new Size2d(12, 16), new Size2d(6, 8), picture))
                picture++;
            while (reader.TryRead(pixels.AsSpan(), out long tag))
            {
                Assert.True(tag == next++);
                const int Half = 8 * 3 * 4;
                for (int i = 0; i < Half; i += 4)
                {
                    Assert.True((pixels[i], pixels[i + 1], pixels[i + 2]) == (0, 0, 255));
                    Assert.True((pixels[Half + i], pixels[Half + i + 1], pixels[Half + i + 2]) == ((byte)tag, 0, 0));
                }
            }
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - allocated);
        Assert.Equal(blocking, device.BlockingCalls);
        Assert.Equal(new Size2d(6, 8), reader.Size);
    });
}
