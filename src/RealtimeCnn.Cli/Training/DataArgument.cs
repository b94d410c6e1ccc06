using System.CommandLine;
using System.Text.RegularExpressions;
using RealtimeCnn.Camera;
using RealtimeCnn.Images;
using RealtimeCnn.Training.Data;
using RealtimeCnn.Training.Data.Scenes;

namespace RealtimeCnn.Cli.Training;

/// <summary>The KIND:PATH of a command line: labelled pictures in one of the forms that there are.</summary>
internal static class DataArgument
{
    private const string Kinds = "mnist:IMAGES,LABELS (IDX files, plain or gzip), cifar10:FILE[,FILE…] (binary), images:DIR (a folder of photographs for each class), parts:LABEL=DIR (square parts of the photographs in a folder, all of one class), boxes:DIR (photographs, and labels.csv with their boxes), scenes:IMAGES,LABELS,DIR[,held-out] (marks in IDX files, in scenes composed with the photographs in DIR)";
    private const int PartsSide = 224, SceneWidth = 512, SceneHeight = 384;
    private const string Scenes = "scenes:", HeldOut = "held-out";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    public static Option<string[]> Options(string what) => new("--data")
    {
        Description = $"{what}, once or several times: {Kinds}.",
        HelpName = "kind:path",
        Required = true,
        AllowMultipleArgumentsPerToken = false,
    };

    public static Option<string?> Option(string name, string what) => new(name)
    {
        Description = $"{what}: {Kinds}.",
        HelpName = "kind:path",
    };

    /// <summary>A regular expression of the command line.</summary>
    /// <exception cref="InputException">It is none.</exception>
    public static Regex Pattern(string option, string text)
    {
        try
        {
            return new Regex(text, RegexOptions.CultureInvariant, Patience);
        }
        catch (ArgumentException error)
        {
            throw new InputException($"{option} '{text}' is no regular expression: {error.Message}");
        }
    }

    /// <summary>Photographs whose parts become backgrounds.</summary>
    /// <exception cref="DataSetException">There are none.</exception>
    public static PictureSet ReadBackgrounds(string folder, CancellationToken cancellation) => ReadSquares(folder, ColorOrder.Rgb, cancellation);

    /// <summary>What data are called wherever they lie: their kind and the names of their files.</summary>
    public static string NameOf(string text)
    {
        int start = text.IndexOf(':', StringComparison.Ordinal) + 1, label = text.IndexOf('=', StringComparison.Ordinal) + 1;
        start = text.StartsWith("parts:", StringComparison.Ordinal) ? Math.Max(start, label) : start;
        return text[..start] + string.Join(',', text[start..].Split(',').Select(path => Path.GetFileName(Path.TrimEndingDirectorySeparator(path))));
    }

    /// <summary>Reads pictures, of the size and channels that a model takes.</summary>
    /// <param name="text">What the command line says.</param>
    /// <param name="wanted">Size, fit and channels; null for those of the data, which photographs do not have.</param>
    /// <param name="classes">Names of the classes in the model's order; null for those of the data.</param>
    /// <param name="source">What the recipe says of this source; null for nothing.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="InputException">The text names no data.</exception>
    /// <exception cref="DataSetException">The data cannot be used.</exception>
    public static IDataSet Read(string text, Preprocessing? wanted, IReadOnlyList<string>? classes, SourceRecipe? source, CancellationToken cancellation)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        var (kind, path) = colon < 0 ? (string.Empty, text) : (text[..colon], text[(colon + 1)..]);
        string[] files = path.Split(',');
        switch (kind)
        {
            case "mnist" when files is [var images, var labels]:
                return Fitted(IdxFile.Read(images, labels, classes), wanted);
            case "cifar10":
                return Fitted(CifarFile.Read(files), wanted);
            case "images":
                return PhotographFolder.Read(path, wanted ?? throw NoSize(), classes, cancellation);
            case "parts" when path.Split('=', 2) is [{ Length: > 0 } label, { Length: > 0 } folder]:
                var (size, order) = wanted is { } known ? (known.Size, known.Order) : throw NoSize();
                source ??= new SourceRecipe();
                return new PartSet(ReadSquares(folder, order, cancellation), size, label, source.LeastSide, source.MostSide);
            case "boxes":
                return BoxFolder.Read(path, wanted ?? throw NoSize(), classes, cancellation);
            case "scenes" when files is [_, _, _] or [_, _, _, HeldOut]:
                var whole = wanted?.Size ?? new SceneOptions().Size;
                if (source?.WindowSize is { } window && (window.Height > whole.Height || window.Width > whole.Width))
                    throw new InputException($"The recipe's window {source.Window} is no part of pictures of {whole.Width}x{whole.Height}.");
                return ReadScenes(files, new SceneOptions { Size = source?.WindowSize ?? whole, WholeHeight = whole.Height, Count = source?.Samples ?? new SceneOptions().Count }, cancellation);
            default:
                throw new InputException($"'{text}' names no data; it must be one of {Kinds}.");
        }
    }

    /// <summary>Whether data are photographs of any size.</summary>
    public static bool HasNoSize(string text) => HasBoxes(text) || text.StartsWith("images:", StringComparison.Ordinal) || text.StartsWith("parts:", StringComparison.Ordinal);

    /// <summary>Whether data say where things are, for detectors.</summary>
    public static bool HasBoxes(string text) => text.StartsWith("boxes:", StringComparison.Ordinal) || text.StartsWith(Scenes, StringComparison.Ordinal);

    /// <summary>Scenes, as <c>scenes:</c> names them.</summary>
    /// <exception cref="InputException">The text names no scenes.</exception>
    /// <exception cref="DataSetException">Marks or photographs cannot be used.</exception>
    public static SceneSet ReadScenes(string text, SceneOptions options, CancellationToken cancellation) =>
        text.StartsWith(Scenes, StringComparison.Ordinal) && text[Scenes.Length..].Split(',') is [_, _, _] or [_, _, _, HeldOut]
            ? ReadScenes(text[Scenes.Length..].Split(','), options, cancellation)
            : throw new InputException($"'{text}' names no scenes: scenes:IMAGES,LABELS,DIR or scenes:IMAGES,LABELS,DIR,held-out.");

    /// <summary>The last sixth of the marks and every tenth photograph are held out, whatever the scenes are for; the others never meet them.</summary>
    private static SceneSet ReadScenes(string[] files, SceneOptions options, CancellationToken cancellation)
    {
        bool isHeldOut = files.Length == 4;
        var marks = IdxFile.Read(files[0], files[1]);
        var photographs = PhotographFolder.ReadUnlabelled(files[2], new Preprocessing { Size = new Size2d(SceneHeight, SceneWidth), Fit = FitMode.Crop }, cancellation);
        int first = marks.Count - (marks.Count / 6);
        return new SceneSet(marks.Part(index => index >= first == isHeldOut), photographs.Part(index => index % 10 == 9 == isHeldOut), options);
    }

    private static InputException NoSize() => new("Photographs have no size of their own: give --size.");

    private static PictureSet ReadSquares(string folder, ColorOrder order, CancellationToken cancellation) =>
        PhotographFolder.ReadUnlabelled(folder, new Preprocessing { Size = PartsSide, Fit = FitMode.Crop, Order = order }, cancellation);

    private static PictureSet Fitted(PictureSet data, Preprocessing? wanted)
    {
        if (wanted == null)
            return data;
        int channels = wanted.Order == ColorOrder.Gray ? 1 : 3;
        bool fits = data.SampleShape == new Shape(channels, wanted.Size.Height, wanted.Size.Width) && wanted.Order != ColorOrder.Bgr;
        return fits ? data : data.Resized(wanted.Size, wanted.Order, wanted.Fit);
    }
}
