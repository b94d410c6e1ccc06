using System.Numerics;
using RealtimeCnn.Camera;
using RealtimeCnn.Cpu;
using RealtimeCnn.Heads;
using RealtimeCnn.Images;
using RealtimeCnn.Onnx;
using RealtimeCnn.Regions;
using RealtimeCnn.Tests.Onnx;

namespace RealtimeCnn.Tests.Models;

/// <summary>A face on a photograph that hangs askew stands upright in its region, by its eyes; and a region of a crop of a crop lies where it should in the photograph.</summary>
public sealed class FaceRegionTests
{
    private const int Looks = 4;
    private static readonly RegionRule Head = RegionRule.Face with { Scale = 2.5f };

    [SharedDataTheory]
    [InlineData("girl-919048_1280.jpg", 25)]
    [InlineData("grace_hopper.jpg", 20)]
    [InlineData("grace_hopper.jpg", -15)]
    public void Eyes_are_level_in_the_region_of_a_face(string photograph, float degrees)
    {
        using var model = OnnxModel.Load(SharedData.Path("models", "yunet_n_320_320.onnx"));
        using var network = new CpuNetwork(model.Graph);
        using var picture = Photograph.Load(SharedData.Path("images", photograph));
        var upright = new FrameFormat(480, 480, PixelFormat.Rgb);
        float side = Math.Max(picture.Format.Width, picture.Format.Height);
        var all = new RegionOfInterest(picture.Format.Width / 2f, picture.Format.Height / 2f, side, side);
        byte[] straight = Crop(picture.Pixels, picture.Format, all, upright), askew = Crop(picture.Pixels, picture.Format, all with { Angle = degrees * MathF.PI / 180 }, upright);
        var (before, level) = Level(straight);
        var (after, again) = Level(askew);
        Assert.InRange(level, -4, 4);
        Assert.InRange(again, -4, 4);

        // What hangs anticlockwise is turned back clockwise.
        Assert.Equal(before.Angle - (degrees * MathF.PI / 180), after.Angle, 0.08f);
        Assert.InRange(after.Width / before.Width, 0.85f, 1.18f);

        // The detector looks at the region that it has found, and at that of what it finds there: far from level it is not sure about eyes.
        (RegionOfInterest Region, float Slope) Level(byte[] pixels)
        {
            var card = ModelCard.Of(model);
            var reader = card.NewDetectionReader();
            using var input = new Tensor(card.Preprocessing.Shape);
            var seen = new RegionOfInterest(upright.Width / 2f, upright.Height / 2f, upright.Width, upright.Height);
            float slope = 0;
            for (int look = 0; look < Looks; look++)
            {
                new RegionToTensor(card.Preprocessing).Run(pixels, upright, default, seen, input);
                reader.Read(network.Run(input));
                Assert.NotEmpty(reader.Found);
                var own = new Vector2(card.Preprocessing.Size.Width, card.Preprocessing.Size.Height);
                Vector2[] points = [.. reader.Found.LandmarksOf(0).ToArray().Select(point => seen.ToPicture(point / own))];
                Vector2 left = reader.Found.LandmarksOf(0)[0], right = reader.Found.LandmarksOf(0)[1];
                slope = MathF.Atan2(right.Y - left.Y, right.X - left.X) * 180 / MathF.PI;
                var box = reader.Found[0];
                var middle = seen.ToPicture(new Vector2(box.Left + box.Right, box.Top + box.Bottom) / 2 / own);
                float half = (box.Bottom - box.Top) / own.Y * seen.Height / 2;
                Assert.True(Head.TryMake(new Detection(middle.X - half, middle.Y - half, middle.X + half, middle.Y + half, 0, 1), points, out seen));
            }

            return (seen, slope);
        }
    }

    private static byte[] Crop(ReadOnlySpan<byte> pixels, FrameFormat format, RegionOfInterest region, FrameFormat to)
    {
        var preprocessing = new Preprocessing { Size = new Size2d(to.Height, to.Width), Border = 128 };
        using var tensor = new Tensor(preprocessing.Shape);
        new RegionToTensor(preprocessing).Run(pixels, format, default, region, tensor);
        return PixelTensor.ToPixels(tensor).Pixels;
    }
}
