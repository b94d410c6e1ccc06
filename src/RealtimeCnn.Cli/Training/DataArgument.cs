using System.CommandLine;
using System.Text.RegularExpressions;
using RealtimeCnn.Camera;
using RealtimeCnn.Images;
using RealtimeCnn.Training.Data;

namespace RealtimeCnn.Cli.Training;

/// <summary>The KIND:PATH of a command line: labelled pictures in one of the forms that there are.</summary>
internal static class DataArgument
{
    private const string Kinds = "mnist:IMAGES,LABELS (IDX files, plain or gzip), cifar10:FILE[,FILE…] (binary), images:DIR (a folder of photographs for each class), parts:LABEL=DIR (square parts of the photographs in a folder, all of one class)";
    private const int PartsSide = 224;
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
            default:
                throw new InputException($"'{text}' names no data; it must be one of {Kinds}.");
        }
    }

    /// <summary>Whether data are photographs of any size.</summary>
    public static bool HasNoSize(string text) => text.StartsWith("images:", StringComparison.Ordinal) || text.StartsWith("parts:", StringComparison.Ordinal);

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
