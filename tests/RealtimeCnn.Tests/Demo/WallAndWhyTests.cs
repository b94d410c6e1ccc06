using RealtimeCnn.Camera;
using RealtimeCnn.Cpu;
using RealtimeCnn.Demo.Modes.Wall;
using RealtimeCnn.Demo.Modes.Why;
using RealtimeCnn.Demo.Recognition;
using RealtimeCnn.Drawing;
using RealtimeCnn.Graphs;
using RealtimeCnn.Images;
using RealtimeCnn.Interpretation;
using RealtimeCnn.Layers;
using RealtimeCnn.Models;
using RealtimeCnn.Onnx;
using RealtimeCnn.Onnx.Export;
using static RealtimeCnn.Tests.Demo.DrawnPixels;

namespace RealtimeCnn.Tests.Demo;

/// <summary>The feature wall and the mode that asks why, played from scripts on the CPU path: what is computed, chosen and drawn.</summary>
public sealed class WallAndWhyTests : IDisposable
{
    private static readonly (int R, int G, int B) Accent = (0xF6, 0xBE, 0x4F);
    private readonly string _folder = Directory.CreateTempSubdirectory("rtcnn-wall-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Wall_a_map_is_chosen_by_a_click_filled_into_the_window_and_shows_what_its_tensor_holds()
    {
        string whole = Path.Combine(_folder, "whole.png"), large = Path.Combine(_folder, "large.png");
        // The seventh map of the first layer; then from the whole wall to the map.
        using var run = new Played(new ModelShelf(), "wall", "digits", "20f key space", "22f click 290 200", $"40f shot {whole}", "41f key z", "42f move 640 710", $"44f shot {large}", "45f quit");
        run.Play();
        var mode = (WallMode)run.Session.Controls.Mode;
        Assert.Equal(["Relu1", "s2", "Relu2", "s4", "Relu3", "logits"], mode.Wall.Layers.Select(layer => layer.Node.Name));
        Assert.Equal([true, true, true, true, true, false], mode.Wall.Layers.Select(layer => layer.Colors == MapColors.FromZero));
        Assert.Equal((0, 6), mode.Chosen);
        Assert.True(mode.Camera.Zoom > 5);
        // The study of the map agrees with what is drawn: the greatest value is the brightest place.
        var found = mode.Study.Found!.Value;
        Assert.Equal(0, found.Least);
        var map = mode.Camera.ToCanvas(mode.Places[0].MapAt(6));
        var drawn = Load(large);
        var brightest = Pixels(map.Inset(3)).MaxBy(place => drawn(place.X, place.Y).R + drawn(place.X, place.Y).G + drawn(place.X, place.Y).B);
        Assert.Equal(found.Row, (int)((brightest.Y - map.Y) / map.Height * 28), 1.01);
        Assert.Equal(found.Column, (int)((brightest.X - map.X) / map.Width * 28), 1.01);
        // On the whole wall it is framed; the strongest parts are on the sheet.
        Assert.Contains(Accent, Pixels(new Area(272, 172, 96, 96)).Select(place => Load(whole)(place.X, place.Y)));
        Assert.True(mode.Study.PatchCount > 0 && mode.Study.Strongest >= found.Greatest);
        Assert.Equal(48, ChannelStudy.AllSteps);
        Assert.InRange(mode.Study.Steps, 10, 48);

        static IEnumerable<(int X, int Y)> Pixels(Area area) => from y in Enumerable.Range((int)area.Y, (int)area.Height) from x in Enumerable.Range((int)area.X, (int)area.Width) where x is >= 0 and < 1280 && y is >= 57 and < 674 select (x, y);
    }

    [Fact]
    public void Wall_the_wheel_zooms_about_the_mouse_and_a_drag_moves_the_wall()
    {
        using var run = new Played(new ModelShelf(), "wall", "digits", "3f wheel 400 300 6", "5f drag 500 300 400 260 0.2", "14f quit");
        List<(float Zoom, (float X, float Y) Under)> states = [];
        run.Play(session =>
        {
            var camera = ((WallMode)session.Controls.Mode).Camera;
            states.Add((camera.Zoom, camera.ToWall(400, 300)));
        });
        // A slow source shows nothing new in some turns.
        int at = states.FindIndex(state => state.Zoom != 1);
        var (before, zoomed) = (states[at - 1], states[at]);
        Assert.Equal(MathF.Pow(1.25f, 6), zoomed.Zoom, 1e-3f);
        Assert.Equal(before.Under.X, zoomed.Under.X, 0.01f);
        Assert.Equal(before.Under.Y, zoomed.Under.Y, 0.01f);
        Assert.Equal(zoomed.Under.X + (100 / zoomed.Zoom), states[^1].Under.X, 0.01f);
        Assert.Equal(zoomed.Under.Y + (40 / zoomed.Zoom), states[^1].Under.Y, 0.01f);
    }

    [Fact]
    public void Wall_what_the_user_mutes_changes_the_answer_as_zeroed_weights_do()
    {
        string shot = Path.Combine(_folder, "muted.png");
        // All maps but one of the last layer of maps: s4 is the fourth.
        using var run = new Played(new ModelShelf(), "wall", "digits", "10f key space", "12f key l", "13f key l", "14f key l", "16f key s", $"30f shot {shot}", "31f quit");
        List<float> sure = [];
        run.Play(_ => sure.Add(run.Classifier(ShippedModels.Digits).Answers[0].Probability));
        var mode = (WallMode)run.Session.Controls.Mode;
        Assert.Equal((3, 0), mode.Chosen);
        Assert.True(mode.Wall.IsSolo(mode.Wall.Layers[3], 0));
        Assert.Equal((1f, 0f), (mode.Wall.GainOf(mode.Wall.Layers[3], 0), mode.Wall.GainOf(mode.Wall.Layers[3], 5)));
        // Between the pause and the key.
        Assert.True(Math.Abs(sure[^18] - sure[^1]) > 0.05, $"{sure[^18]} before, {sure[^1]} after");
        // By hand: the weights that read the other 31 maps are zero.
        using var model = ShippedModels.Load(ShippedModels.Digits);
        using (var edit = model.Graph["c5"].Parameters[0].Edit())
        {
            for (int i = 0; i < edit.Values.Length; i++)
                edit.Values[i] = i % 800 < 25 ? edit.Values[i] : 0;
        }

        using var network = new CpuNetwork(model.Graph);
        using var input = LastInput(run);
        var expected = ModelCard.Of(model).NewClassification(10);
        expected.Read(network.Run(input)[0].Span);
        Assert.Equal(expected.Top1.Class, run.Classifier(ShippedModels.Digits).Answers[0].Class);
        Assert.Equal(expected.Top1.Probability, run.Classifier(ShippedModels.Digits).Answers[0].Probability, 1e-4);
    }

    public static TheoryData<string> OddNetworks => ["one layer", "numbers only", "not finite", "a thousand channels"];

    [Theory]
    [MemberData(nameof(OddNetworks))]
    public void Wall_and_why_show_networks_of_any_form(string form)
    {
        string file = Path.Combine(_folder, "odd.onnx");
        using (var graph = Odd(form))
            File.WriteAllBytes(file, OnnxExporter.ToBytes(graph));
        foreach (string mode in (string[])["wall", "why"])
        {
            using var run = new Played(new ModelShelf(file), mode, "pattern", "6f key l", "8f key z", "9f key u", "10f key n", "12f key n", "20f quit");
            run.Play();
            Assert.Equal(mode, run.Session.Controls.Mode.Name);
        }
    }

    [Fact]
    public void Wall_of_a_detector_finds_what_the_detector_finds()
    {
        using var run = new Played(new ModelShelf(ShippedModels.DigitFinder), "wall", "numbers", "3f quit");
        run.Play();
        var mode = (WallMode)run.Session.Controls.Mode;
        Assert.Equal(5, ((ShownDetector)mode.Wall.Model).Found.Count);
        Assert.True(mode.Wall.Layers.Count > 25);
    }

    [Fact]
    public void Why_occlusion_goes_over_the_picture_bit_by_bit_and_ends_with_what_all_positions_say()
    {
        using var run = new Played(new ModelShelf(), "why", "digits", "10f key space", "11f key n", "50f quit");
        List<(WhyMethod? Method, int Done)> states = [];
        run.Play(session =>
        {
            var why = (WhyMode)session.Controls.Mode;
            states.Add((why.Method, why.Map.Done));
        });
        var mode = (WhyMode)run.Session.Controls.Mode;
        Assert.Equal(WhyMethod.GradCam, states[^41].Method);
        Assert.Equal(WhyMethod.Occlusion, mode.Method);
        Assert.True(states.Where(state => state.Method == WhyMethod.Occlusion).Select(state => state.Done).Distinct().Count() > 4, "all positions came at once");
        Assert.Equal((14 * 14, new Size2d(14, 14)), (mode.Map.Done, mode.Map.Grid));
        // What the library says of the same picture.
        using var model = ShippedModels.Load(ShippedModels.Digits);
        using var network = new CpuNetwork(model.Graph);
        using var input = LastInput(run);
        var head = ModelCard.Of(model).NewClassification();
        using var occlusion = new Occlusion(network, input.Shape, outputs => head.ProbabilityOf(outputs[0].Span, mode.Label), new OcclusionOptions { Stride = 2, Patch = 6 });
        occlusion.Begin(input);
        occlusion.Advance(1000);
        for (int i = 0; i < 196; i++)
            Assert.Equal(occlusion.Drops[i], mode.Map.Values[i], 1e-4);
    }

    [Fact]
    public void Why_the_map_glows_where_the_class_is_seen_and_another_class_is_explained_by_its_key()
    {
        string shot = Path.Combine(_folder, "why.png"), other = Path.Combine(_folder, "other.png");
        using var run = new Played(new ModelShelf(), "why", "digits", "10f key space", $"14f shot {shot}", "15f key down", $"20f shot {other}", "21f quit");
        List<int> labels = [];
        run.Play(session => labels.Add(((WhyMode)session.Controls.Mode).Label));
        Assert.Equal(run.Classifier(ShippedModels.Digits).Answers[0].Class, labels[^8]);
        Assert.Equal((labels[^8] + 1) % 10, labels[^1]);
        // Amber over the seen part of the picture; the other class is seen elsewhere.
        var (first, second) = (Load(shot), Load(other));
        int amber = 0, different = 0;
        for (int y = 70; y < 660; y += 2)
        {
            for (int x = 160; x < 740; x += 2)
            {
                amber += first(x, y) is var p && p.R > p.B + 60 ? 1 : 0;
                different += Math.Abs(first(x, y).R - second(x, y).R) > 25 ? 1 : 0;
            }
        }

        Assert.True(amber > 2000, $"{amber} amber pixels");
        Assert.True(different > 1000, $"{different} pixels differ");
    }

    private static Graph Odd(string form)
    {
        var builder = new GraphBuilder(seed: 4);
        var x = builder.Input("x", new Shape(1, 3, 20, 16));
        Node Classes(Node from, int features) => builder.Add(new Linear(features, 4), builder.Add(new Flatten(), from), name: "scores");
        return form switch
        {
            "one layer" => builder.Build(Classes(x, 960)),
            "numbers only" => builder.Build(Classes(builder.Add(new Conv2d(3, 6, new Size2d(20, 16)), x, name: "all"), 6)),
            "a thousand channels" => builder.Build(Classes(builder.Add(new GlobalAveragePool(), builder.Add(new Relu(), builder.Add(new Conv2d(3, 1500, 3) { Stride = 6 }, x))), 1500)),
            _ => builder.Build(Classes(builder.Add(new GlobalAveragePool(), builder.Add(new Conv2d(3, 2, 3), x, [Broken(), new Tensor(new Shape(2))], "broken")), 2)),
        };
    }

    private static Tensor Broken()
    {
        var weight = new Tensor(new Shape(2, 3, 3, 3));
        weight.Span[0] = float.NaN;
        return weight;
    }

    /// <summary>The newest picture as the network of digits sees it.</summary>
    private static Tensor LastInput(Played run)
    {
        using var source = new WrittenDigitsSource();
        using var pool = new FramePool(1);
        var format = new FrameFormat(640, 480, PixelFormat.Rgba);
        var buffer = pool.TryRent(format.Bytes)!;
        source.Draw(run.Scene.FrameNumber, buffer.Bytes);
        using var frame = new Frame(buffer, format, default, run.Scene.FrameNumber);
        var preprocessing = run.Classifier(ShippedModels.Digits).Preprocessing;
        var input = new Tensor(preprocessing.Shape);
        new ImageToTensor(preprocessing).Run(frame, input);
        return input;
    }
}
