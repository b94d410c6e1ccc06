using System.Globalization;
using System.Text.RegularExpressions;

namespace RealtimeCnn.Camera.Ffmpeg;

/// <summary>What an input says of its time, as FFmpeg's log has it. Pure.</summary>
/// <param name="Duration">How long it is; null where it does not say.</param>
/// <param name="Rate">Pictures per second; null where it does not say.</param>
internal readonly partial record struct InputTiming(TimeSpan? Duration, double? Rate)
{
    /// <summary>With what one more line says; the first that says something counts, because the output's lines follow the input's.</summary>
    public InputTiming With(string line) => new(Duration ?? ReadDuration(line), Rate ?? ReadRate(line));

    private static TimeSpan? ReadDuration(string line) =>
        line.Contains("Duration: ", StringComparison.Ordinal) && DurationLine().Match(line) is { Success: true } match
            && double.TryParse(match.Groups["s"].ValueSpan, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds)
            ? TimeSpan.FromSeconds(seconds + (60.0 * Whole(match, "m")) + (3600.0 * Whole(match, "h"))) : null;

    private static double? ReadRate(string line) =>
        line.Contains(": Video: ", StringComparison.Ordinal) && RateWord().Match(line) is { Success: true } match
            && double.TryParse(match.Groups["rate"].ValueSpan, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double rate) && rate > 0
            ? rate : null;

    private static int Whole(Match match, string group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^\s*Duration: (?<h>\d{1,5}):(?<m>\d\d):(?<s>\d\d(\.\d+)?)")]
    private static partial Regex DurationLine();

    [GeneratedRegex(@", (?<rate>\d{1,4}(\.\d+)?) fps")]
    private static partial Regex RateWord();
}
