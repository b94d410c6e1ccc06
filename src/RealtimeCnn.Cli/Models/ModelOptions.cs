using System.CommandLine;
using System.Globalization;
using RealtimeCnn.OpenGL;

namespace RealtimeCnn.Cli.Models;

/// <summary>The options that commands on model files share.</summary>
internal static class ModelOptions
{
    public static Argument<string> Model() => new("model") { Description = "An ONNX file." };

    public static Option<string[]> Inputs() => new("--input")
    {
        Description = "An array (.npy) fed as it is, or a photograph; NAME=FILE where the model has several inputs.",
        HelpName = "[name=]file",
        AllowMultipleArgumentsPerToken = false,
        DefaultValueFactory = _ => [],
    };

    /// <summary><c>cpu</c>, <c>gpu</c>, or <c>auto</c>: the GPU where there is a real one.</summary>
    public static Option<string> Backend()
    {
        var option = new Option<string>("--backend") { Description = "Where to run.", DefaultValueFactory = _ => "cpu" };
        option.AcceptOnlyFromAmong("cpu", "gpu", "auto");
        return option;
    }

    /// <summary>Opens the backend that the option names.</summary>
    public static ModelBackend Open(string backend)
    {
        switch (backend)
        {
            case "gpu":
                return new ModelBackend(Cli.Backend.Gpu);
            case "auto":
                try
                {
                    var gpu = new ModelBackend(Cli.Backend.Gpu);
                    if (!gpu.IsSoftware)
                        return gpu;
                    gpu.Dispose();
                }
                catch (GlException)
                {
                    return new ModelBackend(Cli.Backend.Cpu);
                }

                return new ModelBackend(Cli.Backend.Cpu);
            default:
                return new ModelBackend(Cli.Backend.Cpu);
        }
    }

    public static Option<int> Number(string name, string description, int otherwise, int least)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => otherwise };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && (!int.TryParse(token.Value, NumberStyles.Integer, CultureInfo.InvariantCulture, out int value) || value < least))
                result.AddError($"{name} '{token.Value}' is not possible; it is a whole number, at least {least}.");
        });
        return option;
    }

    /// <summary>How photographs are prepared.</summary>
    public sealed class Photographs
    {
        private readonly Option<string?> _size = new("--size") { Description = "Input size where the model leaves it open.", HelpName = "HxW" };
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
        }

        /// <exception cref="InputException">An option is not written as it must be.</exception>
        public PhotographOptions Read(ParseResult parsed) => new(
            ReadSize(parsed.GetValue(_size)), ReadNumbers("--mean", parsed.GetValue(_mean)), ReadNumbers("--scale", parsed.GetValue(_scale)),
            parsed.GetValue(_bgr), parsed.GetValue(_letterbox), parsed.GetValue(_stretch));

        private static Size2d? ReadSize(string? text)
        {
            if (text == null)
                return null;
            string[] parts = text.Split(['x', '×', ',']);
            int[] sides = [.. parts.Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int side) ? side : 0)];
            return sides is [>= 1 and <= 16384] or [>= 1 and <= 16384, >= 1 and <= 16384]
                ? new Size2d(sides[0], sides[^1])
                : throw new InputException($"--size '{text}' must be HEIGHTxWIDTH in pixels, such as 240x320, or one number for both.");
        }

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
