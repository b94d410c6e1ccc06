using System.CommandLine;
using RealtimeCnn.Camera;
using RealtimeCnn.Images;
using RealtimeCnn.Training.Data;

namespace RealtimeCnn.Cli.Training;

/// <summary>The KIND:PATH of a command line: labelled pictures in one of the forms that there are.</summary>
internal static class DataArgument
{
    private const string Kinds = "mnist:IMAGES,LABELS (IDX files, plain or gzip), cifar10:FILE[,FILE…] (binary), images:DIR (a folder of photographs for each class)";

    public static Option<string> Option(string name, string what, bool isRequired) => new(name)
    {
        Description = $"{what}: {Kinds}.",
        HelpName = "kind:path",
        Required = isRequired,
    };

    /// <summary>Reads pictures, of the size and channels that a model takes.</summary>
    /// <param name="text">What the command line says.</param>
    /// <param name="wanted">Size, fit and channels; null for those of the data, which photographs do not have.</param>
    /// <param name="classes">Names of the classes in the model's order; null for those of the data.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="InputException">The text names no data.</exception>
    /// <exception cref="DataSetException">The data cannot be used.</exception>
    public static PictureSet Read(string text, Preprocessing? wanted, IReadOnlyList<string>? classes, CancellationToken cancellation)
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
                return PhotographFolder.Read(path, wanted ?? throw new InputException("Photographs have no size of their own: give --size."), classes, cancellation);
            default:
                throw new InputException($"'{text}' names no data; it must be one of {Kinds}.");
        }
    }

    /// <summary>Whether data are photographs of any size.</summary>
    public static bool HasNoSize(string text) => text.StartsWith("images:", StringComparison.Ordinal);

    private static PictureSet Fitted(PictureSet data, Preprocessing? wanted)
    {
        if (wanted == null)
            return data;
        int channels = wanted.Order == ColorOrder.Gray ? 1 : 3;
        bool fits = data.SampleShape == new Shape(channels, wanted.Size.Height, wanted.Size.Width) && wanted.Order != ColorOrder.Bgr;
        return fits ? data : data.Resized(wanted.Size, wanted.Order, wanted.Fit);
    }
}
