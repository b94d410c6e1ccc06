using RealtimeCnn.Heads;
using RealtimeCnn.Images;
using RealtimeCnn.Onnx.Reading;

namespace RealtimeCnn.Onnx;

/// <summary>
/// What a file says about how to feed it and how to read it, in <c>metadata_props</c> or in a JSON file beside it (<c>model.onnx.json</c>,
/// which goes before), so that a camera needs nothing else. Keys: <c>labels</c> (one per line), <c>input.size</c> (<c>height,width</c>),
/// <c>input.mean</c> and <c>input.scale</c> (one number per channel: <c>(pixel − mean) · scale</c> with pixels 0 to 255),
/// <c>input.colors</c> (<c>rgb</c> or <c>bgr</c>), <c>input.fit</c> (<c>stretch</c>, <c>crop</c> or <c>letterbox</c>), <c>head</c> (one of
/// <see cref="ModelHead.FamilyNames"/>), and the head's numbers, <c>head.threshold</c> and so on, as <see cref="ModelHead.Entries"/> has them.
/// </summary>
public sealed record OnnxMetadata
{
    private const string HeadPrefix = "head.";

    /// <summary>The keys that are not of a head.</summary>
    internal static readonly string[] Keys = ["labels", "input.size", "input.mean", "input.scale", "input.colors", "input.fit", "head"];

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

    /// <summary>The file that says so, for messages.</summary>
    internal string SaidBy { get; init; } = "metadata";

    /// <summary>The entries that are numbers of the head.</summary>
    internal IReadOnlyDictionary<string, string> HeadNumbers => Other.Where(entry => entry.Key.StartsWith(HeadPrefix, StringComparison.Ordinal)).ToDictionary();

    /// <summary>What the outputs mean, as the file says; null where it does not.</summary>
    /// <exception cref="OnnxException">There is no such head, or a number of it is not possible; the message names the key and what is.</exception>
    public ModelHead? ReadHead()
    {
        if (Head.Length == 0)
            return null;
        var family = ModelHead.Of(Head) ?? throw new OnnxException($"'{SaidBy}': 'head' is '{Printable.Text(Head, 60)}'; {string.Join(", ", ModelHead.FamilyNames)} are possible.");
        return WithNumbers(family);
    }

    /// <summary>A head with the numbers that the file says.</summary>
    /// <exception cref="OnnxException">One is not possible; the message names the key and what is.</exception>
    internal ModelHead WithNumbers(ModelHead head)
    {
        try
        {
            return head.With(HeadNumbers);
        }
        catch (FormatException problem)
        {
            throw new OnnxException($"'{SaidBy}': {problem.Message}", problem);
        }
    }

    /// <summary>The same with another head.</summary>
    /// <param name="head">What the outputs mean.</param>
    public OnnxMetadata With(ModelHead head)
    {
        ArgumentNullException.ThrowIfNull(head);
        var other = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, text) in Other.Where(entry => !entry.Key.StartsWith(HeadPrefix, StringComparison.Ordinal)).Concat(head.Entries))
            other[key] = text;
        return this with { Head = head.Family, Other = other };
    }

    /// <summary>All other entries.</summary>
    public IReadOnlyDictionary<string, string> Other { get; init; } = new Dictionary<string, string>();

    /// <summary>How a camera's or a photograph's pixels become the input of a model that says this.</summary>
    /// <param name="size">Size of the input, in pixels.</param>
    /// <param name="channels">Channels of the input: 1 (luma) or 3.</param>
    /// <param name="otherwise">For what it leaves open (<see cref="ModelHead.Published"/>); null for a centred crop, RGB in [0, 1].</param>
    /// <exception cref="OnnxException">Mean and scale do not go with the channels, or a scale is 0.</exception>
    public Preprocessing PreprocessingFor(Size2d size, int channels, Preprocessing? otherwise = null)
    {
        otherwise ??= new Preprocessing { Size = size, Fit = FitMode.Crop };
        if (Scale.Contains(0))
            throw new OnnxException("The scale multiplies every pixel, so none of its numbers can be 0.");
        var order = channels == 1 ? ColorOrder.Gray : IsBgr is { } isBgr ? isBgr ? ColorOrder.Bgr : ColorOrder.Rgb : otherwise.Order;
        return otherwise with
        {
            Size = size,
            Fit = Fit switch { "stretch" => FitMode.Stretch, "letterbox" => FitMode.Letterbox, "crop" => FitMode.Crop, _ => otherwise.Fit },
            Order = order,
            Mean = Mean.Count == 0 ? otherwise.Mean : Colors("mean", Mean, order),
            Scale = Scale.Count == 0 ? otherwise.Scale : Colors("scale", Scale, order),
        };
    }

    /// <summary>Whether a key means something here.</summary>
    internal static bool IsKey(string key) => Keys.Contains(key) || key.StartsWith(HeadPrefix, StringComparison.Ordinal);

    /// <summary>The same with what lies beside the file.</summary>
    /// <exception cref="OnnxException">A text cannot be read; the message names file, key and what is possible.</exception>
    internal OnnxMetadata With(Sidecar? sidecar)
    {
        if (sidecar == null)
            return this;
        var metadata = this;
        var other = new SortedDictionary<string, string>(Other.Where(entry => !sidecar.Entries.ContainsKey("head") || !entry.Key.StartsWith(HeadPrefix, StringComparison.Ordinal)).ToDictionary(), StringComparer.Ordinal);
        foreach (var (key, text) in sidecar.Entries)
        {
            if (key.StartsWith(HeadPrefix, StringComparison.Ordinal))
                other[key] = text;
            else
                metadata = Read(metadata, key, text) ?? throw new OnnxException($"'{sidecar.Name}': '{key}' is '{Printable.Text(text, 60)}'; {Possible(key)} is possible.");
        }

        return metadata with { Other = other, SaidBy = sidecar.Name };
    }

    /// <summary>Reads the entries of a file. One that cannot be read is kept in <see cref="Other"/> and noted.</summary>
    internal static OnnxMetadata Read(string file, IEnumerable<KeyValuePair<string, string>> entries, Action<string> note)
    {
        var metadata = new OnnxMetadata { SaidBy = file };
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
        Set("input.mean", NumberList.Format(Mean));
        Set("input.scale", NumberList.Format(Scale));
        Set("input.colors", IsBgr is { } bgr ? bgr ? "bgr" : "rgb" : string.Empty);
        Set("input.fit", Fit);
        Set("head", Head);
        return entries;
    }

    /// <summary>One number for all colours, or three in the model's own order.</summary>
    private static Rgb Colors(string what, IReadOnlyList<float> numbers, ColorOrder order)
    {
        (double first, double second, double third) = numbers switch
        {
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
                return NumberList.Parse(text) is [>= 1 and <= 65536, >= 1 and <= 65536] size ? metadata with { InputSize = new Size2d((int)size[0], (int)size[1]) } : null;
            case "input.mean":
                return NumberList.Parse(text) is { } mean ? metadata with { Mean = mean } : null;
            case "input.scale":
                return NumberList.Parse(text) is { } scale ? metadata with { Scale = scale } : null;
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

    private static string Possible(string key) => key switch
    {
        "input.size" => "height,width in pixels",
        "input.colors" => "rgb or bgr",
        "input.fit" => "stretch, crop or letterbox",
        _ => "one number, or one for each channel with commas between,",
    };
}
