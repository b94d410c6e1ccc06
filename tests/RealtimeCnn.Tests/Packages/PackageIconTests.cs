using RealtimeCnn.Camera;
using RealtimeCnn.Images;

namespace RealtimeCnn.Tests.Packages;

/// <summary>docs/images/icon.png is what <see cref="PackageIcon"/> draws; with RTCNN_APPROVE=1 in the environment it is written anew.</summary>
public class PackageIconTests
{
    [Fact]
    public void The_icon_is_what_its_recipe_draws()
    {
        string file = Path.Combine(Repository.Root, "docs", "images", "icon.png");
        var (pixels, format) = PackageIcon.Draw();
        if (Environment.GetEnvironmentVariable("RTCNN_APPROVE") == "1")
            Png.Write(file, pixels, format);
        using var icon = Photograph.Load(file);
        using Tensor read = PixelTensor.FromPixels(icon.Pixels, icon.Format), drawn = PixelTensor.FromPixels(pixels, format);
        Assert.Equal(drawn.Shape, read.Shape);
        Assert.Equal(drawn.Span.ToArray(), read.Span.ToArray());
        Assert.InRange(new FileInfo(file).Length, 500, 20_000);
    }
}
