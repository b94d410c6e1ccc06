using System.Globalization;
using RealtimeCnn.Heads;
using RealtimeCnn.Images;
using RealtimeCnn.Onnx.Reading;

namespace RealtimeCnn.Onnx;

/// <summary>
/// What a file says about how to feed it and how to read it, in <c>metadata_props</c>, so that a camera needs nothing else. Keys:
/// <c>labels</c> (one per line), <c>input.size</c> (<c>height,width</c>), <c>input.mean</c> and <c>input.scale</c> (one number
/// per channel: <c>(pixel − mean) · scale</c> with pixels 0 to 255), <c>input.colors</c> (<c>rgb</c> or <c>bgr</c>),
/// <c>input.fit</c> (<c>stretch</c>, <c>crop</c> or <c>letterbox</c>), <c>head</c> (<c>classification</c>, <c>centres</c>); of a detector
/// <c>head.threshold</c>, <c>head.overlap</c>, <c>head.stride</c> and <c>head.unit</c>, as <see cref="CentreHead"/> has them.
/// </summary>
public sealed record OnnxMetadata
{
    private const string Centres = "centres";
    private static readonly CentreHead CentreDefaults = new();

    /// <summary>Class names, in the order of the outputs; empty when the file has none.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Size of the input picture, in pixels.</summary>
    public Size2d? InputSize { get; init; }

    /// <summary>Subtracted from each channel of a pixel in [0, 255], in the model's colour order.</summary>
    public IReadOnlyList<float> Mean { get; init; } = [];

    /// <summary>What each channel is multiplied by after the mean.</summary>
    public IReadOnlyList<float> Scale { get; init; } = [];

    /// <summary>Whether channels come as blue, green, red.</summary>
    public bool? IsBgr { get; init; }

    /// <summary>How a picture of other proportions is fitted: <c>stretch</c>, <c>crop</c> or <c>letterbox</c>; empty when the file does not say.</summary>
    public string Fit { get; init; } = string.Empty;

    /// <summary>What the outputs mean, such as <c>classification</c>; empty when the file does not say.</summary>
    public string Head { get; init; } = string.Empty;

    /// <summary>How a detector's outputs become boxes; null when <see cref="Head"/> is of no detector.</summary>
    public CentreHead? Detector => Head != Centres ? null : new CentreHead
    {
        Threshold = Number("head.threshold", CentreDefaults.Threshold, 0.0001f, 0.9999f), Overlap = Number("head.overlap", CentreDefaults.Overlap, 0, 1),
        Stride = (int)Number("head.stride", CentreDefaults.Stride, 1, 1024), Unit = Number("head.unit", CentreDefaults.Unit, 1e-3f, 1e6f),
    };

    /// <summary>The same with a detector's head.</summary>
    /// <param name="head">How its outputs become boxes.</param>
    public OnnxMetadata With(CentreHead head)
    {
        ArgumentNullException.ThrowIfNull(head);
        return this with
        {
            Head = Centres,
            Other = new SortedDictionary<string, string>(new Dictionary<string, string>(Other), StringComparer.Ordinal)
            {
                ["head.threshold"] = Text([head.Threshold]), ["head.overlap"] = Text([head.Overlap]), ["head.stride"] = Text([head.Stride]), ["head.unit"] = Text([head.Unit]),
            },
        };
    }

    /// <summary>All other entries.</summary>
    public IReadOnlyDictionary<string, string> Other { get; init; } = new Dictionary<string, string>();

    /// <summary>How a camera's or a photograph's pixels become the input of a model that says this. What it leaves open: a centred crop, RGB in [0, 1].</summary>
    /// <param name="size">Size of the input, in pixels.</param>
    /// <param name="channels">Channels of the input: 1 (luma) or 3.</param>
    /// <exception cref="OnnxException">Mean and scale do not go with the channels, or a scale is 0.</exception>
    public Preprocessing PreprocessingFor(Size2d size, int channels)
    {
        if (Scale.Contains(0))
            throw new OnnxException("The scale multiplies every pixel, so none of its numbers can be 0.");
        var order = channels == 1 ? ColorOrder.Gray : IsBgr == true ? ColorOrder.Bgr : ColorOrder.Rgb;
        return new Preprocessing
        {
            Size = size,
            Fit = Fit switch { "stretch" => FitMode.Stretch, "letterbox" => FitMode.Letterbox, _ => FitMode.Crop },
            Order = order,
            Mean = Colors("mean", Mean, 0, order),
            Scale = Colors("scale", Scale, 1 / 255.0, order),
        };
    }

    /// <summary>Reads the entries of a file. One that cannot be read is kept in <see cref="Other"/> and noted.</summary>
    internal static OnnxMetadata Read(IEnumerable<KeyValuePair<string, string>> entries, Action<string> note)
    {
        var metadata = new OnnxMetadata();
        var other = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in entries)
        {
            string text = Printable.Text(value, int.MaxValue);
            if (Read(metadata, key, text) is { } read)
            {
                metadata = read;
                continue;
            }

            other[key] = text;
            if (key is "input.size" or "input.mean" or "input.scale" or "input.colors" or "input.fit")
                note($"Metadata '{key}' is '{Printable.Text(text, 100)}', which cannot be read; it is ignored.");
        }

        return metadata with { Other = other };
    }

    /// <summary>Everything as a file has it: text by key, in order.</summary>
    public IReadOnlyDictionary<string, string> Entries => Write();

    private SortedDictionary<string, string> Write()
    {
        var entries = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, text) in Other)
            entries[key] = text;
        void Set(string key, string text)
        {
            if (text.Length > 0)
                entries[key] = text;
        }

        Set("labels", string.Join('\n', Labels));
        Set("input.size", InputSize is { } size ? $"{size.Height},{size.Width}" : string.Empty);
        Set("input.mean", Text(Mean));
        Set("input.scale", Text(Scale));
        Set("input.colors", IsBgr is { } bgr ? bgr ? "bgr" : "rgb" : string.Empty);
        Set("input.fit", Fit);
        Set("head", Head);
        return entries;
    }

    /// <summary>A number of the entries; what it otherwise is where there is none, or none that can be.</summary>
    private float Number(string key, float otherwise, float least, float most) =>
        Other.TryGetValue(key, out string? text) && Numbers(text) is [var number] && number >= least && number <= most ? number : otherwise;

    /// <summary>One number for all colours, or three in the model's own order.</summary>
    private static Rgb Colors(string what, IReadOnlyList<float> numbers, double otherwise, ColorOrder order)
    {
        (double first, double second, double third) = numbers switch
        {
            [] => (otherwise, otherwise, otherwise),
            [var one] => (one, one, one),
            [var a, var b, var c] when order != ColorOrder.Gray => (a, b, c),
            _ => throw new OnnxException($"The {what} has {numbers.Count} numbers; {(order == ColorOrder.Gray ? "1 is" : "1 or 3 are")} possible."),
        };
        if (order == ColorOrder.Bgr)
            (first, third) = (third, first);
        return new Rgb(first, second, third);
    }

    private static OnnxMetadata? Read(OnnxMetadata metadata, string key, string text)
    {
        switch (key)
        {
            case "labels":
                return metadata with { Labels = text.Split('\n') };
            case "input.size":
                return Numbers(text) is [>= 1 and <= 65536, >= 1 and <= 65536] size ? metadata with { InputSize = new Size2d((int)size[0], (int)size[1]) } : null;
            case "input.mean":
                return Numbers(text) is { } mean ? metadata with { Mean = mean } : null;
            case "input.scale":
                return Numbers(text) is { } scale ? metadata with { Scale = scale } : null;
            case "input.colors":
                return text is "rgb" or "bgr" ? metadata with { IsBgr = text == "bgr" } : null;
            case "input.fit":
                return text is "stretch" or "crop" or "letterbox" ? metadata with { Fit = text } : null;
            case "head":
                return metadata with { Head = text };
            default:
                return null;
        }
    }

    private static float[]? Numbers(string text)
    {
        string[] parts = text.Split(',', StringSplitOptions.TrimEntries);
        float[] numbers = new float[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            if (!float.TryParse(parts[i], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i]) || !float.IsFinite(numbers[i]))
                return null;
        }

        return numbers;
    }

    private static string Text(IReadOnlyList<float> numbers) =>
        string.Join(',', numbers.Select(number => number.ToString("R", CultureInfo.InvariantCulture)));
}
