using RealtimeCnn.Demo.Modes;
using RealtimeCnn.Demo.Modes.Doctor;
using RealtimeCnn.Demo.Modes.Draw;
using RealtimeCnn.Demo.Modes.Explore;
using RealtimeCnn.Demo.Modes.Filter;
using RealtimeCnn.Demo.Recognition;
using RealtimeCnn.Layers;
using RealtimeCnn.Models;
using RealtimeCnn.Tests.Onnx;
using static RealtimeCnn.Tests.Demo.DrawnPixels;

namespace RealtimeCnn.Tests.Demo;

/// <summary>Every mode played from a script without a window: what it answers, and what is drawn, where.</summary>
public sealed class ScriptedRunTests : IDisposable
{
    private static readonly (int R, int G, int B) Board = (0x10, 0x1B, 0x1E), Chalk = (0xF4, 0xF2, 0xEA), Accent = (0xF6, 0xBE, 0x4F), White = (0xFF, 0xFF, 0xFF);
    private readonly string _folder = Directory.CreateTempSubdirectory("rtcnn-script-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Draw_a_digit_that_is_drawn_is_read_wherever_it_is_and_can_be_wiped()
    {
        string first = Path.Combine(_folder, "one.png"), erased = Path.Combine(_folder, "erased.png"), wiped = Path.Combine(_folder, "wiped.png");
        List<string> answers = [];
        using var run = new Played("draw", "digits",
            "0.3 drag 100 100 95 180 0.5", $"1 shot {first}", "1.1 drag 60 140 140 140 0.3 right", $"1.6 shot {erased}", "1.7 key delete", $"1.9 shot {wiped}", "2 quit");
        run.Play(session => answers.Add(((DrawMode)session.Controls.Mode).Board.IsBlank ? "" : run.Classifier(ShippedModels.Digits).Answers[0].Name));
        // A small one in a corner.
        Assert.Equal("1", answers[29]);
        Assert.Equal("", answers[^1]);
        var (one, partly, nothing) = (Load(first), Load(erased), Load(wiped));
        Assert.Equal(Chalk, one(98, 140));
        Assert.Equal(Board, one(250, 300));
        Assert.Equal((Chalk, Board), (partly(99, 90), partly(98, 140)));
        Assert.Equal(Board, nothing(99, 90));
        // The network's input shows the ink in the middle, the answer is amber, and the maps of its layers glow; not so without ink.
        Assert.True(one(592, 124).R > 200 && nothing(592, 124).R < 30);
        Assert.Contains(Accent, Region(one, 1010, 115, 1060, 190));
        Assert.DoesNotContain(Accent, Region(nothing, 1010, 115, 1060, 190));
        Assert.True(Region(one, 540, 215, 890, 330).Distinct().Count() > 200);
        Assert.True(Region(nothing, 540, 475, 890, 565).Distinct().Count() < Region(one, 540, 475, 890, 565).Distinct().Count());
    }

    [Fact]
    public void Draw_idle_the_demo_writes_digits_that_it_reads()
    {
        HashSet<string> read = [];
        using var run = new Played("draw", "digits", "9 quit");
        run.Play(session =>
        {
            var answer = run.Classifier(ShippedModels.Digits);
            if (answer.HasAnswer && answer.Answers[0].Probability > 0.9f)
                read.Add(answer.Answers[0].Name);
        });
        Assert.Superset(new HashSet<string> { "3", "7", "2" }, read);
    }

    [Fact]
    public void Find_digits_on_the_sheet_are_framed_and_the_heat_glows_where_they_are()
    {
        string plain = Path.Combine(_folder, "plain.png"), hot = Path.Combine(_folder, "hot.png");
        using var run = new Played("find", "numbers", $"10f shot {plain}", "11f key t", "11f key space", $"11f shot {hot}", "12f quit");
        run.Play();
        var found = ((ShownDetector)run.Session.Controls.Modes[1].Network).Found;
        Assert.Equal(5, found.Count);
        var (without, with) = (Load(plain), Load(hot));
        // The picture of 640×480 fills the height of the mode's room.
        int amber = Region(without, 90, 64, 890, 665).Count(pixel => pixel == Accent);
        Assert.True(amber > 5 * 150, $"{amber} amber pixels are no five boxes");
        // Paper far from digits is bright, and dark under the heat; the middles of digits glow.
        Assert.True(without(880, 600).R > 150 && with(880, 600).R < 140);
        Assert.True(Region(with, 90, 64, 890, 665).Count(pixel => pixel.R > 235 && pixel.G > 200 && pixel.B < 200) > 100);
    }

    [Fact]
    public void Signs_what_is_no_hand_is_rejected_and_remembered_as_that()
    {
        string shot = Path.Combine(_folder, "signs.png");
        using var run = new Played("signs", "digits", $"20f shot {shot}", "20f quit");
        run.Play();
        var mode = (SignsMode)run.Session.Controls.Mode;
        Assert.Equal(21, mode.History.Count);
        var model = run.Classifier(ShippedModels.HandSigns);
        Assert.All(Enumerable.Range(0, 21), i => Assert.Equal("no sign", model.Classes![mode.History[i].Class]));
        var picture = Load(shot);
        // The answer is grey, the history too: nothing of it is believed.
        Assert.DoesNotContain(Accent, Region(picture, 815, 100, 1110, 210));
        Assert.DoesNotContain(Accent, Region(picture, 20, 600, 1260, 668));
        Assert.True(Region(picture, 24, 620, 90, 668).Count(pixel => pixel.R > 60) > 1000, "the history is empty");
    }

    [Fact]
    public void Model_a_dropped_file_is_shown_and_a_broken_one_said()
    {
        string broken = Path.Combine(_folder, "broken.onnx"), shot = Path.Combine(_folder, "model.png");
        File.WriteAllText(broken, "no model");
        using var run = new Played("explore", "digits", $"3f drop {Repository.Model(ShippedModels.Digits)}", $"10f shot {shot}", $"11f drop {broken}", "12f quit");
        run.Play();
        var mode = Assert.IsType<ModelMode>(run.Session.Controls.Mode);
        Assert.Equal("digits", mode.Shown.Name);
        Assert.Contains("broken.onnx", run.Session.Controls.Message, StringComparison.Ordinal);
        Assert.Equal("0", Assert.IsType<ShownClassifier>(mode.Shown).Answers[0].Name);
        // The answer is amber and large.
        Assert.True(Region(Load(shot), 800, 100, 900, 220).Count(pixel => pixel == Accent) > 200);
    }

    [SharedDataFact]
    public void Model_landmarks_are_drawn_where_they_are_found()
    {
        string shot = Path.Combine(_folder, "face.png");
        using var run = new Played(new ModelShelf(SharedData.Path("models", "yunet_n_320_320.onnx")), "model", SharedData.Path("images", "woman-5883428_1280.jpg"), $"0f shot {shot}");
        run.Play();
        var found = Assert.IsType<ShownDetector>(Assert.IsType<ModelMode>(run.Session.Controls.Mode).Shown).Found;
        Assert.Single(found);
        Assert.Equal(5, found.LandmarksOf(0).Length);
        var drawn = Load(shot);
        // The picture is as high as its panel, and in its middle.
        const float Top = 58, Bottom = 673, Middle = 490.5f;
        float scale = (Bottom - Top) / 854;
        foreach (var point in found.LandmarksOf(0))
        {
            int x = (int)MathF.Round(Middle + ((point.X - 640) * scale)), y = (int)MathF.Round(Top + (point.Y * scale));
            Assert.True(Region(drawn, x - 2, y - 2, x + 3, y + 3).Count(pixel => pixel == White) > 12, $"There is no dot at {x},{y}.");
        }
    }

    [Fact]
    public void Filters_a_weight_that_is_dragged_up_changes_the_sum_and_the_picture()
    {
        string before = Path.Combine(_folder, "before.png"), after = Path.Combine(_folder, "after.png"), loaded = Path.Combine(_folder, "loaded.png");
        using var run = new Played("filters", "pattern",
            "5f key space", $"8f shot {before}", "9f drag 146 543 146 519 0.2", $"20f shot {after}", "21f click 686 510", $"24f shot {loaded}", "25f quit");
        List<(float Sum, string Name)> states = [];
        run.Play(session => states.Add((((FiltersMode)session.Controls.Mode).Window.Sum, ((FiltersMode)session.Controls.Mode).Window.Name)));
        Assert.Equal((0, "outline"), states[7]);
        Assert.Equal((1, ""), states[20]);
        Assert.Equal((1, "identity"), states[^1]);
        // A white bar: black where the weights add up to 0, white where they add up to 1. Identity shows what the source shows.
        Assert.Equal((0, 0, 0), Load(before)(745, 385));
        Assert.Equal((255, 255, 255), Load(after)(745, 385));
        var same = Load(loaded);
        foreach (var (x, y) in ((int X, int Y)[])[(200, 100), (300, 300), (500, 380)])
            Assert.True(Difference(same(x, y), same(x + 628, y)) < 12, $"({x}, {y}): {same(x, y)} and {same(x + 628, y)}");
    }

    [Fact]
    public void Filters_the_loupe_counts_what_the_picture_shows()
    {
        string plain = Path.Combine(_folder, "plain.png"), shot = Path.Combine(_folder, "loupe.png");
        // Gaussian, whose sums lie between black and white; then the mouse over the result, and the same pixel over the source.
        using var run = new Played("filters", "pattern", "4f key space", "5f key k", "6f key k", "7f key k", $"11f shot {plain}", "12f move 1100 300", "14f move 472 300", $"16f shot {shot}", "17f quit");
        List<(float Sum, int X, int Y)> loupes = [];
        run.Play(session =>
        {
            var mode = (FiltersMode)session.Controls.Mode;
            if (mode.Loupe is { } loupe)
                loupes.Add((loupe.Sum(mode.Window), loupe.X, loupe.Y));
        });
        Assert.Equal("gaussian", ((FiltersMode)run.Session.Controls.Mode).Window.Name);
        Assert.Equal(loupes[0], loupes[^1]);
        var (r, g, b) = Load(plain)(1100, 300);
        Assert.InRange(loupes[^1].Sum, ((r + g + b) / 765f) - 0.03f, ((r + g + b) / 765f) + 0.03f);
        // Its frame lies around the pixel on the source, and the numbers beside it.
        Assert.Contains(Accent, Region(Load(shot), 462, 290, 482, 310));
        Assert.True(Region(Load(shot), 500, 150, 700, 420).Count(pixel => Difference(pixel, (0x22, 0x2A, 0x38)) < 6) > 3000, "there is no panel");
    }

    [Fact]
    public void Filters_kernels_of_a_network_can_be_loaded_by_name()
    {
        using var run = new Played("filters", "pattern", "3f key l", "6f key k", "7f key k", "9f quit");
        run.Play();
        var window = ((FiltersMode)run.Session.Controls.Mode).Window;
        Assert.Equal(("digits 2", 5), (window.Name, window.Size));
    }

    [Fact]
    public void Explore_buttons_change_the_stack_and_a_click_takes_a_map()
    {
        string before = Path.Combine(_folder, "before.png"), after = Path.Combine(_folder, "after.png");
        using var run = new Played("explore", "pattern",
            "4f key space", $"5f shot {before}", "6f click 172 593", "7f click 80 627", "8f click 120 661", "9f click 1090 435", $"20f shot {after}", "21f quit");
        run.Play();
        var mode = (ExploreMode)run.Session.Controls.Mode;
        var stack = Assert.IsType<StackScene>(mode.Shown);
        Assert.Equal((2, PaddingMode.Zero, Pooling.Max3), (stack.Settings.Stride, stack.Settings.Padding, stack.Settings.Pooling));
        Assert.Equal(3, stack.Chosen.Layer);
        Assert.InRange(stack.Chosen.Map, 1, 2);
        var (first, second) = (Load(before), Load(after));
        Assert.Equal((Accent, true), (second(140, 582), first(140, 582) != Accent));
        Assert.True(Region(first, 120, 320, 440, 550).Zip(Region(second, 120, 320, 440, 550)).Count(pair => Difference(pair.First, pair.Second) > 30) > 5000);
    }

    [Fact]
    public void Doctor_a_picture_is_kept_and_examined_until_it_is_let_go()
    {
        string shot = Path.Combine(_folder, "doctor.png");
        using var run = new Played("doctor", "pattern", "10f key e", "25f key e", $"35f shot {shot}", "36f quit");
        List<(long Shown, long? Examined)> pictures = [];
        run.Play(session => pictures.Add((run.Scene.FrameNumber, ((DoctorMode)session.Controls.Mode).Diagnosis?.Frame)));
        Assert.Single(pictures[2..10].Distinct());
        Assert.Equal(pictures[9].Shown, pictures[9].Examined);
        // Live, each picture is another one, and none is examined.
        Assert.Equal(12, pictures[12..24].Distinct().Count());
        Assert.All(pictures[12..24], picture => Assert.Null(picture.Examined));
        Assert.Single(pictures[27..].Distinct());
        Assert.Equal(pictures[^1].Shown, pictures[^1].Examined);
        Assert.True(pictures[^1].Shown > pictures[9].Shown);
        // A blue chip before each layer: both sides are the same.
        var mode = (DoctorMode)run.Session.Controls.Mode;
        var picture = Load(shot);
        var rows = Enumerable.Range(0, mode.Diagnosis!.Layers.Count).Select(mode.RowOf).Where(row => row.Width > 0).ToList();
        Assert.InRange(rows.Count, 10, mode.Diagnosis!.Layers.Count);
        Assert.All(rows, row => Assert.True(Difference((0x4F, 0xA3, 0xF6), picture((int)row.X + 3, (int)row.Y + 12)) < 40, $"{row}: {picture((int)row.X + 3, (int)row.Y + 12)}"));
    }

    [Fact]
    public void The_same_script_draws_the_same_pictures_to_the_last_bit()
    {
        string[] shots = [Path.Combine(_folder, "a.png"), Path.Combine(_folder, "b.png")];
        foreach (string shot in shots)
        {
            using var run = new Played("draw", "digits", "2 mode filters", $"3 shot {shot}", "3 quit");
            run.Play();
        }

        var (first, second) = (Load(shots[0]), Load(shots[1]));
        Assert.Equal(Region(first, 0, 50, 1280, 675), Region(second, 0, 50, 1280, 675));
    }

    private static int Difference((int R, int G, int B) a, (int R, int G, int B) b) => Math.Max(Math.Max(Math.Abs(a.R - b.R), Math.Abs(a.G - b.G)), Math.Abs(a.B - b.B));

    private static IEnumerable<(int R, int G, int B)> Region(Func<int, int, (int R, int G, int B)> picture, int left, int top, int right, int bottom) =>
        from y in Enumerable.Range(top, bottom - top) from x in Enumerable.Range(left, right - left) select picture(x, y);
}
