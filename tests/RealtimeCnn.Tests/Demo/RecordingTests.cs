using System.Globalization;
using System.Text.RegularExpressions;
using RealtimeCnn.Demo;
using RealtimeCnn.Demo.Recordings;
using RealtimeCnn.Models;

namespace RealtimeCnn.Tests.Demo;

/// <summary>Runs that are recorded and played again, from the command line.</summary>
[Collection(OpenGL.GlTests.Name)]
public sealed partial class RecordingTests(RecordingTests.Recorded recorded) : IClassFixture<RecordingTests.Recorded>, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("rtcnn-replay-").FullName;

    private string Take => Path.Combine(_folder, "take.rtcnn");

    private string Log => Take + ".jsonl";

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_run_with_modes_filters_models_and_a_drawn_digit_gives_the_same_results_bit_for_bit()
    {
        Record();
        string[] lines = File.ReadAllLines(Log);
        foreach (string expected in (string[])["\"name\":\"filters\"", "\"step\":\"key\"", "\"step\":\"pointer\"", "\"step\":\"drop\"", "\"network\":\"FilterNetwork\"", "\"network\":\"digits\"", "\"network\":\"digit-finder\"", "\"name\":\"found\"", "\"name\":\"yours\""])
            Assert.Contains(lines, line => line.Contains(expected, StringComparison.Ordinal));
        int results = lines.Count(line => line.Contains("\"step\":\"result\"", StringComparison.Ordinal));
        Assert.True(results > 30, $"{results} results");

        var (code, messages) = Run("--replay", Take, "--window", "none");

        Assert.True(code == 0, messages);
        Assert.Contains($"{results} results, {results} equal bit for bit.", messages, StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_an_edit_or_a_picture_that_is_another_is_found_and_named()
    {
        Record();
        string log = File.ReadAllText(Log);
        // A value of the 4th result.
        string[] lines = File.ReadAllLines(Log);
        int at = Enumerable.Range(0, lines.Length).Where(i => lines[i].Contains("\"step\":\"result\"", StringComparison.Ordinal)).ElementAt(3);
        string line = lines[at], computed = Regex.Match(line, "\"computed\":([0-9]+)").Groups[1].Value;
        int kept = line.IndexOf("\"kept\":[", StringComparison.Ordinal) + 8;
        lines[at] = line[..kept] + "0.12345" + line[line.IndexOf(',', kept)..];
        File.WriteAllLines(Log, lines);
        var (code, messages) = Run("--replay", Take, "--window", "none");
        Assert.Equal(1, code);
        Assert.Matches($"1 different; first picture {computed}, network 'FilterNetwork', .*element 0: 0.12345 was recorded", messages);

        // A filter that is not edited is another filter.
        File.WriteAllLines(Log, log.Split('\n').Where(text => !text.Contains("\"step\":\"pointer\"", StringComparison.Ordinal) && text.Length > 0));
        (code, messages) = Run("--replay", Take, "--window", "none");
        Assert.Equal(1, code);
        Assert.Matches("network 'FilterNetwork', yours, element", messages);

        // The pixels of the first picture.
        File.WriteAllText(Log, log);
        byte[] pictures = File.ReadAllBytes(Take);
        pictures[1000] ^= 1;
        File.WriteAllBytes(Take, pictures);
        (code, messages) = Run("--replay", Take, "--window", "none");
        Assert.Equal(1, code);
        Assert.Contains("1 picture is damaged, the first with number 0", messages, StringComparison.Ordinal);
        Assert.DoesNotContain("different", messages, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_recording_that_breaks_off_is_played_up_to_there(bool inPictures)
    {
        Record();
        string cut = inPictures ? Take : Log;
        byte[] bytes = File.ReadAllBytes(cut);
        File.WriteAllBytes(cut, bytes[..(bytes.Length / 3 * 2)]);
        var (code, messages) = Run("--replay", Take, "--window", "none");
        Assert.True(code == 0, messages);
        Assert.Matches("breaks off after [1-9][0-9]* frames; it was played up to there", messages);
        var outcome = Outcome().Match(messages);
        Assert.True(outcome.Success && outcome.Groups[1].Value == outcome.Groups[2].Value && int.Parse(outcome.Groups[1].Value, CultureInfo.InvariantCulture) > 4, messages);
    }

    [Fact]
    public void On_the_GPU_results_are_within_the_tolerance()
    {
        Record();
        var (code, messages) = Run("--replay", Take, "--window", "none", "--backend", "gpu");
        Assert.True(code == 0, messages);
        Assert.Matches(@"results within 0\.0001 \(largest difference [1-9.]+e-[5-9]\)", messages);
    }

    [Fact]
    public void What_is_no_recording_is_said_and_so_is_what_cannot_be_asked_for()
    {
        Record();
        string log = File.ReadAllText(Log);
        Assert.Equal((2, true), Fails("There is no recording", Path.Combine(_folder, "none.rtcnn")));
        File.WriteAllText(Log, log.Replace("\"format\":1", "\"format\":7", StringComparison.Ordinal));
        Assert.Equal((2, true), Fails("was written in version 7"));
        File.WriteAllText(Log, "no log");
        Assert.Equal((2, true), Fails("is not the log of a recording"));
        string[] lines = log.Split('\n');
        lines[5] = "{\"t\":1,\"step\":\"dance\"}";
        File.WriteAllLines(Log, lines);
        Assert.Equal((2, true), Fails("Line 6 of"));
        lines[5] = "{\"t\":1,\"step\":\"mode\",\"name\":\"dance\"}";
        File.WriteAllLines(Log, lines);
        Assert.Equal((2, true), Fails("this demo has no mode 'dance'"));
        File.WriteAllText(Log, Regex.Replace(log, "\"hash\":\"[0-9a-f]{64}\"", "\"hash\":\"00\""));
        Assert.Equal((0, true), Fails("The model 'digits' is another one than when this was recorded"));
        File.Delete(Log);
        Assert.Equal((2, true), Fails("is missing"));
        Assert.Contains("leave out --mode", Run("--replay", Take, "--mode", "draw").Messages, StringComparison.Ordinal);
        Assert.Contains("must end in .rtcnn", Run("--record", "a.mp4").Messages, StringComparison.Ordinal);

        (int Code, bool IsSaid) Fails(string expected, string? path = null)
        {
            var (code, messages) = Run("--replay", path ?? Take, "--window", "none");
            return (code, messages.Contains(expected, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Where_nothing_can_be_written_the_demo_says_so_once_and_goes_on()
    {
        string[] paths = [Path.Combine(_folder, "nowhere", "take.rtcnn"), Path.Combine(_folder, "full.rtcnn")];
        bool hasFullDisk = File.Exists("/dev/full");
        if (hasFullDisk)
            File.CreateSymbolicLink(paths[1], "/dev/full");
        foreach (string path in hasFullDisk ? paths : paths[..1])
        {
            var (code, messages) = Run("--source", "pattern:160x120", "--mode", "explore", "--frames", "20", "--pace", "every", "--window", "none", "--backend", "cpu", "--record", path);
            Assert.True(code == 0, messages);
            Assert.Contains("20 frames shown", messages, StringComparison.Ordinal);
            Assert.Single(Regex.Matches(messages, "Nothing is recorded: |ends here: "));
            Assert.DoesNotContain("Recorded", messages, StringComparison.Ordinal);
        }
    }

    /// <summary>Another device may be a little off, of the output's largest value; what is no number is near none.</summary>
    [Theory]
    [InlineData(10, 10.0009f, false, true)]
    [InlineData(10, 10.0009f, true, false)]
    [InlineData(10, 10.002f, false, false)]
    [InlineData(0.5f, 0.50009f, false, true)]
    [InlineData(1, float.NaN, false, false)]
    [InlineData(float.NaN, 1, false, false)]
    [InlineData(float.NaN, float.NaN, true, true)]
    public void Results_are_the_same_within_a_tolerance_or_to_the_last_bit(float then, float now, bool isExact, bool isSame)
    {
        var tally = new ReplayTally(isExact);
        tally.Compare(3, "net", Values(then), Values(now));
        Assert.Equal(isSame, tally.FirstDifference == null);
        if (!isSame)
            Assert.StartsWith("picture 3, network 'net', output 0, element 1: ", tally.FirstDifference, StringComparison.Ordinal);

        static ResultValues Values(float second)
        {
            var value = new RecordedValue();
            value.Take("output 0", [0, second]);
            var values = new ResultValues();
            values.Add(value);
            return values;
        }
    }

    // A copy that the test may damage.
    private void Record()
    {
        File.Copy(recorded.Take, Take);
        File.Copy(recorded.Take + ".jsonl", Log);
    }

    private static (int Code, string Messages) Run(params string[] arguments)
    {
        using var messages = new StringWriter();
        int code = DemoOptions.Parse(arguments, messages, options => new DemoApp(options, messages).Run(CancellationToken.None));
        return (code, messages.ToString());
    }

    [GeneratedRegex("([0-9]+) results, ([0-9]+) equal bit for bit")]
    private static partial Regex Outcome();

    /// <summary>Filters with a kernel and a dragged weight, a digit on the board, and a detector that is dropped, recorded once for all tests.</summary>
    public sealed class Recorded : IDisposable
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("rtcnn-record-").FullName;

        public Recorded()
        {
            string script = Path.Combine(_folder, "script.txt");
            File.WriteAllLines(script, ["0 mode filters", "3f key k", "4f drag 146 543 146 519 0.2", "11f mode draw", "12f drag 200 100 195 380 0.5", $"31f drop {Repository.Model(ShippedModels.DigitFinder)}", "42f quit"]);
            var (code, messages) = Run("--source", "pattern:160x120", "--mode", "explore", "--script", script, "--window", "none", "--backend", "cpu", "--record", Take);
            Assert.True(code == 0, messages);
            Assert.Matches(@"Recorded [0-9]+ frames and [0-9]+ results in .*take\.rtcnn and .*take\.rtcnn\.jsonl\.", messages);
        }

        public string Take => Path.Combine(_folder, "take.rtcnn");

        public void Dispose() => Directory.Delete(_folder, recursive: true);
    }
}
