using System.CommandLine;
using System.Globalization;
using RealtimeCnn.Cli.Models;
using RealtimeCnn.Models;
using RealtimeCnn.Onnx;

namespace RealtimeCnn.Cli;

/// <summary>The options that several commands share.</summary>
internal static class SharedOptions
{
    private const int LargestSide = 16384, MostThreads = 1024;

    public static Argument<string> Model() => new("model") { Description = $"An .onnx file, or a trained network of ours: {string.Join(", ", ShippedModels.Names)}." };

    public static Option<string[]> Inputs() => new("--input")
    {
        Description = "An array (.npy) fed as it is, or a photograph; NAME=FILE where the model has several inputs.",
        HelpName = "[name=]file",
        AllowMultipleArgumentsPerToken = false,
        DefaultValueFactory = _ => [],
    };

    /// <summary>The size of a model's input, <c>WIDTHxHEIGHT</c> or one number for both.</summary>
    public static Option<Size2d?> Size() => new("--size")
    {
        Description = "Size of the input in pixels, where the model leaves it open; one number for both sides.",
        HelpName = "WxH",
        CustomParser = result =>
        {
            if (ParseSize(result.Tokens[0].Value) is { } size)
                return size;
            result.AddError($"--size '{result.Tokens[0].Value}' must be WIDTHxHEIGHT in pixels, such as 320x240, or one number for both; at most {LargestSide}.");
            return null;
        },
    };

    /// <summary>Whether the limits for files of unknown origin are lifted.</summary>
    public static Option<bool> Trust() => new("--trust") { Description = "Lift the limits of memory and time that protect against hostile files." };

    /// <summary>The limits that <see cref="Trust"/> leaves.</summary>
    public static OnnxLimits Limits(bool trust) => trust ? OnnxLimits.Unlimited : new OnnxLimits();

    public static Size2d? ParseSize(string text)
    {
        int[] sides = [.. text.Split('x').Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int side) ? side : 0)];
        return sides is [>= 1 and <= LargestSide] or [>= 1 and <= LargestSide, >= 1 and <= LargestSide] ? new Size2d(sides[^1], sides[0]) : null;
    }

    public static Option<int> Number(string name, string description, int otherwise, int least, int most)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => otherwise };
        VerifyNumber(option, least, most);
        return option;
    }

    /// <summary>A number that means something else where it is not given.</summary>
    public static Option<int?> Number(string name, string description, int least, int most)
    {
        var option = new Option<int?>(name) { Description = description };
        VerifyNumber(option, least, most);
        return option;
    }

    private static void VerifyNumber(Option option, int least, int most) =>
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && (!int.TryParse(token.Value, NumberStyles.Integer, CultureInfo.InvariantCulture, out int value) || value < least || value > most))
                result.AddError($"{option.Name} '{token.Value}' is not possible; it is a whole number from {least} to {most}.");
        });

    /// <summary>Numbers of CPU threads, one or several with commas between.</summary>
    public static Option<int[]> ThreadCounts()
    {
        const string Name = "--threads";
        return new Option<int[]>(Name)
        {
            Description = "CPU threads; several numbers, such as 1,2, are measured one after the other.",
            HelpName = "n[,n…]",
            Arity = ArgumentArity.ExactlyOne,
            DefaultValueFactory = _ => [1],
            CustomParser = result =>
            {
                string[] parts = result.Tokens[0].Value.Split(',');
                int[] counts = [.. parts.Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int count) ? count : 0)];
                int wrong = Array.FindIndex(counts, count => count is < 1 or > MostThreads);
                if (wrong >= 0)
                    result.AddError($"{Name} '{parts[wrong]}' is not possible; it is a whole number from 1 to {MostThreads}, or several with commas between.");
                else if (counts.Distinct().Count() < counts.Length)
                    result.AddError($"{Name} '{result.Tokens[0].Value}' names a number twice; each is measured once.");
                return counts;
            },
        };
    }

    /// <summary>How photographs are prepared.</summary>
    public sealed class Photographs
    {
        private readonly Option<Size2d?> _size = Size();
        private readonly Option<string?> _mean = new("--mean") { Description = "Subtracted from pixels of 0 to 255: one number, or three in the model's colour order.", HelpName = "m[,m,m]" };
        private readonly Option<string?> _scale = new("--scale") { Description = "Multiplied after the mean: one number, or three.", HelpName = "s[,s,s]" };
        private readonly Option<bool> _bgr = new("--bgr") { Description = "Channels are blue, green, red." };
        private readonly Option<bool> _letterbox = new("--letterbox") { Description = "Keep the picture's proportions, with a border." };
        private readonly Option<bool> _stretch = new("--stretch") { Description = "The whole picture, whatever its proportions; without it, the middle in the input's proportions." };

        public void AddTo(Command command)
        {
            command.Options.Add(_size);
            command.Options.Add(_mean);
            command.Options.Add(_scale);
            command.Options.Add(_bgr);
            command.Options.Add(_letterbox);
            command.Options.Add(_stretch);
            command.Validators.Add(result =>
            {
                if (result.GetValue(_letterbox) && result.GetValue(_stretch))
                    result.AddError("--letterbox keeps a picture's proportions and --stretch does not: give one of them.");
            });
        }

        /// <exception cref="InputException">An option is not written as it must be.</exception>
        public PhotographOptions Read(ParseResult parsed) => new(
            parsed.GetValue(_size), ReadNumbers("--mean", parsed.GetValue(_mean)), ReadNumbers("--scale", parsed.GetValue(_scale)),
            parsed.GetValue(_bgr), parsed.GetValue(_letterbox), parsed.GetValue(_stretch));

        private static float[]? ReadNumbers(string option, string? text)
        {
            if (text == null)
                return null;
            string[] parts = text.Split(',');
            float[] numbers = new float[parts.Length];
            for (int i = 0; i < parts.Length; i++)
            {
                if (!float.TryParse(parts[i], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i]) || !float.IsFinite(numbers[i]) || parts.Length is not (1 or 3))
                    throw new InputException($"{option} '{text}' must be one number, or three with commas between.");
            }

            return numbers;
        }
    }
}
