using RealtimeCnn.Camera;
using RealtimeCnn.Demo;
using RealtimeCnn.Demo.Modes;
using RealtimeCnn.Demo.Recognition;
using RealtimeCnn.Demo.Scenes;
using RealtimeCnn.Demo.Views;
using RealtimeCnn.Drawing;
using RealtimeCnn.Images;

namespace RealtimeCnn.Tests.Demo;

/// <summary>Rules of what is drawn where: nothing covers what somebody wants to see, and room is used.</summary>
public sealed class LayoutTests
{
    [Theory]
    [InlineData("filters", 480, 800)]
    [InlineData("teach", 480, 800)]
    [InlineData("find", 480, 800)]
    [InlineData("filters", 640, 480)]
    public void What_to_do_first_covers_nothing_and_nothing_moves_when_it_goes(string mode, int width, int height)
    {
        using var models = new ModelShelf();
        using var modes = new ModeList(models);
        using var scene = new CpuScene(new RunStats());
        var controls = new DemoControls(modes, mode);
        Submit(scene, controls.Mode.Network);
        byte[] with = Drawn(TimeSpan.Zero, out string? said), without = Drawn(TimeSpan.FromSeconds(20), out string? after);
        Assert.Equal((controls.Mode.Hint, null), (said, after));

        // The lines that the hint takes, and half a line for the lower edges of its letters.
        float scale = Screen.ScaleFor(new Size2d(height, width)), foot = Notes.HeightOf(controls.Mode.Hint, (width / scale) - (2 * Theme.Margin));
        Assert.True(foot > Theme.SmallLine, "the hint of this mode has one line here: take another");
        int above = (int)((height - ((Theme.Margin + foot + 2) * scale)) * width) / width * width * 4;
        Assert.True(with.AsSpan(0, above).SequenceEqual(without.AsSpan(0, above)));
        Assert.False(with.AsSpan(above).SequenceEqual(without.AsSpan(above)));

        byte[] Drawn(TimeSpan now, out string? message)
        {
            controls.Advance(now);
            message = controls.Message;
            Screen.Draw(scene, controls, new RunStats(), "picture", new Size2d(height, width));
            return [.. scene.ReadPicture().Pixels];
        }
    }

    [Theory]
    [InlineData(1248, 600, 640, 480, 774, 600)]
    [InlineData(1248, 600, 480, 640, 499, 600)]
    [InlineData(1248, 600, 90, 100, 542, 600)]
    [InlineData(700, 1200, 640, 480, 700, 527)]
    [InlineData(700, 1200, 480, 640, 700, 720)]
    public void A_picture_gets_the_room_that_it_fills_and_the_rest_is_beside_or_below_it(int width, int height, int pictureWidth, int pictureHeight, float wide, float high)
    {
        var room = new Area(16, 50, width, height);
        var (picture, rest) = PictureSplit.Of(room, new Size2d(pictureHeight, pictureWidth), 0.62f);
        Assert.Equal((room.X, room.Y, wide, high), (picture.X, picture.Y, picture.Width, picture.Height));
        Assert.Equal((room.Right, room.Bottom), (rest.Right, rest.Bottom));
        Assert.Equal(Theme.Gap, width > height ? rest.X - picture.Right : rest.Y - picture.Bottom);
    }

    [Theory]
    [InlineData(1283, 719)]
    [InlineData(997, 613)]
    [InlineData(1921, 1081)]
    public void Boxes_of_a_heat_map_side_by_side_leave_no_seam(int width, int height)
    {
        using var models = new ModelShelf();
        using var scene = new CpuScene(new RunStats());
        Submit(scene, models[RealtimeCnn.Models.ShippedModels.DigitFinder]);
        const int Rows = 47, Columns = 61;
        var heat = new HeatMap(1, Rows, Columns) { Placement = (0, 640f / Columns, 0, 480f / Rows) };
        // As hot everywhere: a box for each row.
        heat.Read(new float[Rows * Columns], new float[Rows * Columns]);
        var around = new Surroundings { PixelsPerUnit = Screen.ScaleFor(new Size2d(height, width)) };
        scene.BeginPicture(new Size2d(height, width), Theme.Background, around.PixelsPerUnit);
        var where = scene.Canvas.Bounds.Inset(Theme.Margin).Fit(scene.FrameSize);
        HeatOverlay.Draw(scene, heat, -1, where, around);
        scene.EndPicture();
        byte[] pixels = scene.ReadPicture().Pixels;
        int x = (int)((where.X + (where.Width / 2)) * around.PixelsPerUnit), first = (int)((where.Y + 2) * around.PixelsPerUnit), last = (int)((where.Bottom - 2) * around.PixelsPerUnit);
        var colors = Enumerable.Range(first, last - first).Select(y => pixels[(((y * width) + x) * 4) + 1]).Distinct().ToList();
        Assert.Single(colors);
    }

    private static void Submit(CpuScene scene, ISceneNetwork network)
    {
        using var source = new TestPatternSource(640, 480);
        source.Start(FrameDelivery.Every);
        using var frame = source.Take(TimeSpan.FromSeconds(10), CancellationToken.None)!;
        Assert.True(scene.TrySubmit(frame, network));
        scene.Finish();
        scene.HasNewPicture();
    }
}
