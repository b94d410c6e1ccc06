using System.Text;
using RealtimeCnn.Demo;
using RealtimeCnn.Demo.Modes.Teach;
using RealtimeCnn.Demo.Recognition;
using RealtimeCnn.Demo.Scenes;
using RealtimeCnn.Demo.Scripts;
using RealtimeCnn.Images;
using RealtimeCnn.Tests.Onnx;

namespace RealtimeCnn.Tests.Demo;

/// <summary>Teaching from a script: keys that are held take pictures, what was shown is recognised, and nothing is lost.</summary>
public sealed class TeachModeTests : IDisposable
{
    private const int Shots = 20;
    private readonly string _folder = Directory.CreateTempSubdirectory("rtcnn-teach-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>
    /// Signs that the backbone was not trained for: SqueezeNet knows ImageNet, which has no hands. The same with the backbone of the demo,
    /// which knows these signs, but not these photographs of them as classes of somebody's own.
    /// </summary>
    [SharedDataTheory]
    [InlineData("squeezenet-fp16.onnx", 0.9)]
    [InlineData(null, 0.97)]
    public void Photographs_of_signs_are_learned_from_twenty_each(string? backbone, double least)
    {
        List<(int Label, string File)> frames = [];
        List<string> script = [];
        int[] signs = [1, 3, 5, 7, 9];
        foreach (int sign in signs)
        {
            script.Add($"{frames.Count}f hold {sign} {Shots}f");
            frames.AddRange(Photographs(sign).Where((_, i) => i % 8 == 0).Take(Shots).Select(file => (-1, file)));
        }

        int rest = frames.Count;
        // A second of other pictures, in which the head is trained; then signs of other takes, in turn.
        frames.AddRange(Enumerable.Range(0, 20).Select(i => (-1, Photographs(0)[i])));
        int asked = frames.Count;
        for (int i = 0; i < 8; i++)
            frames.AddRange(signs.Select(sign => (sign, Photographs(sign).Where((_, number) => number % 8 == 5).ElementAt(i))));
        script.Add($"{frames.Count}f quit");
        string folder = Directory.CreateDirectory(Path.Combine(_folder, "frames")).FullName;
        for (int i = 0; i < frames.Count; i++)
            File.CreateSymbolicLink(Path.Combine(folder, $"{i:0000}.jpg"), frames[i].File);

        int shown = 0, right = 0;
        List<string> wrong = [];
        using var run = new Run(new ModelShelf(backbone == null ? null : SharedData.Path("models", backbone)), folder, [.. script]);
        run.Play(mode =>
        {
            int frame = shown++;
            if (frame < rest)
                Assert.Equal((frame % Shots) + 1, mode.Classifier.Classes.CountOf(signs[frame / Shots]));
            if (frame == asked - 1)
                Assert.True(mode.Classifier.IsTrained, "the head answers within a second of the last example");
            if (frame < asked || frame >= frames.Count)
                return;
            right += mode.Classifier.Best == frames[frame].Label ? 1 : 0;
            if (mode.Classifier.Best != frames[frame].Label)
                wrong.Add($"{frames[frame].Label} for {mode.Classifier.Best}");
        });
        Assert.Equal(Shots * signs.Length, run.Mode.Classifier.Classes.Shots.Count);
        int all = frames.Count - asked;
        Assert.True(right >= least * all, $"{right} of {all} are right; {string.Join(", ", wrong)}");
    }

    [Fact]
    public void Held_keys_take_each_picture_a_tap_takes_one_and_digits_change_no_mode()
    {
        using var run = new Run(new ModelShelf(), "digits", "1f hold 1 12f", "14f key n", "16f hold 2 0.2", "30f key backspace", "31f quit");
        List<(int One, int Two, int Nothing)> counts = [];
        run.Play(mode => counts.Add((mode.Classifier.Classes.CountOf(1), mode.Classifier.Classes.CountOf(2), mode.Classifier.Classes.CountOf(0))));
        Assert.Equal("teach", run.Controls.Mode.Name);
        Assert.Equal((0, 0, 0), counts[0]);
        // Pictures in which the board stands still are no further examples.
        Assert.InRange(counts[12].One, 2, 12);
        Assert.Equal(counts[12].One, counts[^1].One);
        Assert.Equal(1, counts[15].Nothing);
        Assert.InRange(counts[29].Two, 1, 6);
        Assert.Equal((0, 1), (counts[^1].Two, counts[^1].Nothing));
    }

    [Fact]
    public void What_is_saved_comes_back_and_what_is_not_saved_is_not_lost_at_once()
    {
        string file = Path.Combine(_folder, "mine.onnx"), broken = Path.Combine(_folder, "broken.onnx");
        using (var run = new Run(new ModelShelf(), "digits", "0f hold 1 8f", "40f hold 2 8f", "70f key s", "71f quit"))
        {
            run.Mode.File = file;
            run.Play(_ => { });
            Assert.Equal("Saved as mine.onnx.", run.Mode.Said);
        }

        byte[] saved = File.ReadAllBytes(file);
        File.WriteAllBytes(broken, saved[..^5000]);
        using (var run = new Run(new ModelShelf(), "digits", "0f hold 3 2f", $"5f drop {file}", "6f key o", "20f key backspace", "25f key s", "27f quit"))
        {
            run.Mode.File = file;
            List<(int Shots, string? Said)> states = [];
            run.Play(mode => states.Add((mode.Classifier.Classes.Shots.Count, mode.Said)));
            Assert.Contains("not saved", states[5].Said, StringComparison.Ordinal);
            Assert.InRange(states[5].Shots, 1, 2);
            // Asked again, it is opened; what came from a file is saved there.
            Assert.Contains("of 2 classes", states[6].Said, StringComparison.Ordinal);
            Assert.True(states[26].Shots < states[6].Shots);
            Assert.Equal("Saved as mine.onnx.", states[^1].Said);
            Assert.NotEqual(saved, File.ReadAllBytes(file));
        }

        using (var run = new Run(new ModelShelf(file), "digits", $"3f drop {broken}", "4f quit"))
        {
            List<int> shots = [];
            run.Play(mode => shots.Add(mode.Classifier.Classes.Shots.Count));
            // The model of the command line is taught on.
            Assert.True(shots[0] > 0 && shots.Distinct().Count() == 1);
            Assert.Equal("teach", run.Controls.Mode.Name);
            Assert.Contains("broken.onnx", run.Controls.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_row_that_is_held_with_the_mouse_is_its_key_and_buttons_undo()
    {
        using var run = new Run(new ModelShelf(), "digits", "5f drag 900 192 900 193 0.2", "20f click 690 646", "25f quit");
        List<int> counts = [];
        run.Play(mode => counts.Add(mode.Classifier.Classes.CountOf(1)));
        Assert.True(counts[12] > 0);
        Assert.Equal(0, counts[^1]);
    }

    [Fact]
    public void A_class_gets_a_name_and_what_is_typed_is_text()
    {
        string file = Path.Combine(_folder, "named.onnx");
        using (var run = new Run(
            new ModelShelf(), "digits", "0f hold 1 8f", "10f hold 2 8f", "20f key f2", "21f type cup 12", "22f key s", "22f key 3", "22f key q", "22f key tab", "23f key enter",
            // A click on the name of 1: the same name is another's, and Escape leaves the old one.
            "25f click 850 192", "26f type cup 12", "27f key enter", "28f key esc",
            "30f click 850 192", "31f type key!?", "32f key backspace", "33f key enter", "35f key f2", "36f key backspace", "37f key enter",
            "40f key s", "41f key backspace", "42f quit"))
        {
            run.Mode.File = file;
            List<(string One, string Two, string? Said, bool IsTyping)> states = [];
            run.Play(mode => states.Add((mode.Classifier.Classes.Names[1], mode.Classifier.Classes.Names[2], mode.Said, mode.IsTyping)));
            Assert.Equal("teach", run.Controls.Mode.Name);
            Assert.Equal(("1", "2", true), (states[22].One, states[22].Two, states[22].IsTyping));
            Assert.Equal(("1", "cup 12", false), (states[24].One, states[24].Two, states[24].IsTyping));
            Assert.True(states[27].IsTyping);
            Assert.Contains("'cup 12' is the name of 2 already", states[27].Said, StringComparison.Ordinal);
            Assert.Equal(("1", false), (states[29].One, states[29].IsTyping));
            Assert.Equal("key!", states[34].One);
            // The mouse rests on the row of 1, whose name is one letter shorter then; Enter takes it.
            Assert.Equal("key", states[39].One);
            Assert.Equal("Saved as named.onnx.", states[40].Said);
            Assert.Equal(("key!", "'key!' has its name again."), (states[41].One, states[41].Said));
            Assert.Equal(0, run.Mode.Classifier.Classes.CountOf(3));
        }

        using var model = RealtimeCnn.Onnx.OnnxModel.Load(file);
        Assert.Equal(["key", "cup 12"], RealtimeCnn.Onnx.ModelCard.Of(model).Labels.Take(2));
        using var again = new Run(new ModelShelf(file), "digits", "2f quit");
        again.Play(_ => { });
        Assert.Equal(("key", "cup 12"), (again.Mode.Classifier.Classes.Names[1], again.Mode.Classifier.Classes.Names[2]));
    }

    [Fact]
    public void A_name_has_letters_that_can_be_drawn_and_not_too_many()
    {
        var field = new NameField();
        var classes = new RealtimeCnn.Teaching.TaughtClasses(1, new Size2d(1, 1), ["nothing", "1"], 0);
        field.Begin(1, "1");
        Assert.Contains("'ü' cannot be drawn", field.Type(new Rune('ü')), StringComparison.Ordinal);
        Assert.Null(field.Type(new Rune('\b')));
        Assert.Equal("1", field.Text);
        field.Erase();
        field.Erase();
        Assert.Contains("needs a name", field.Take(classes), StringComparison.Ordinal);
        Assert.Null(field.Type(new Rune(' ')));
        Assert.Contains("needs a name", field.Take(classes), StringComparison.Ordinal);
        for (int i = 0; i < NameField.MostLetters - 1; i++)
            Assert.Null(field.Type(new Rune('a')));
        Assert.Contains("at most 24 letters", field.Type(new Rune('b')), StringComparison.Ordinal);
        Assert.Null(field.Take(classes));
        Assert.Equal((new string('a', NameField.MostLetters - 1), -1), (classes.Names[1], field.Class));
    }

    [Fact]
    public void While_a_head_is_trained_every_picture_is_shown_and_answered()
    {
        using var models = new ModelShelf();
        using var mode = new TeachMode(models);
        var stats = new RunStats();
        using var scene = new CpuScene(stats);
        using var source = new RealtimeCnn.Camera.WrittenDigitsSource();
        source.Start(FrameDelivery.Every);
        long shown = 0, sent = 0;
        bool wasTraining = false;
        for (int i = 0; i < 2000 && !(wasTraining && mode.Classifier.IsTrained && sent > 160); i++)
        {
            if (i == 1)
                mode.Keys[0].Do(ConsoleKey.D1);
            if (i == 60)
            {
                mode.Release(ConsoleKey.D1);
                mode.Keys[0].Do(ConsoleKey.D2);
            }

            if (i == 120)
                mode.Release(ConsoleKey.D2);
            mode.Advance(TimeSpan.FromSeconds(i / 30.0));
            wasTraining |= mode.Classifier.IsTraining;
            using var frame = source.Take(TimeSpan.FromSeconds(10), CancellationToken.None)!;
            Assert.True(scene.TrySubmit(frame, mode.Network));
            sent++;
            scene.Finish();
            shown += scene.HasNewPicture() ? 1 : 0;
            Assert.Equal(frame.Sequence, scene.FrameNumber);
        }

        Assert.True(wasTraining && mode.Classifier.IsTrained);
        Assert.Equal(sent, shown);
    }

    private static string[] Photographs(int sign) => [.. Directory.GetFiles(SharedData.Path("signs", $"{sign}")).Order(StringComparer.Ordinal)];

    /// <summary>A headless run of the mode on the CPU path.</summary>
    private sealed class Run : IDisposable
    {
        private readonly ModelShelf _models;
        private readonly RunStats _stats = new();
        private readonly CpuScene _scene;
        private readonly DemoOptions _options;
        private readonly Session _session;

        public Run(ModelShelf models, string source, params string[] script)
        {
            _models = models;
            _scene = new CpuScene(_stats);
            _options = new DemoOptions { Source = source, Mode = "teach", Script = Script.Parse(script), Delivery = FrameDelivery.Every };
            _session = new Session(_options, _models, remembered: null, _ => { });
        }

        public DemoControls Controls => _session.Controls;

        public TeachMode Mode => (TeachMode)_session.Controls.Modes.Single(mode => mode is TeachMode);

        public void Play(Action<TeachMode> shown) =>
            new HeadlessRun(_options, _session, _stats, _ => { }) { Shown = _ => shown(Mode) }.Run(_scene, CancellationToken.None);

        public void Dispose()
        {
            _session.Dispose();
            _scene.Dispose();
            _models.Dispose();
        }
    }
}
