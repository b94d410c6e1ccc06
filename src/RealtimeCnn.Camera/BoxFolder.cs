using System.Globalization;
using RealtimeCnn.Heads;
using RealtimeCnn.Images;
using RealtimeCnn.Training.Data;

namespace RealtimeCnn.Camera;

/// <summary>
/// A folder of photographs whose things are known: <c>labels.csv</c> has a line <c>image,x,y,width,height,label</c> for each, in
/// pixels of its picture as it is seen, (0, 0) being the top left corner. Every photograph in the folder counts, also one without lines.
/// </summary>
public static class BoxFolder
{
    /// <summary>The table's name.</summary>
    public const string TableName = "labels.csv";

    /// <summary>Its first line.</summary>
    public const string Header = "image,x,y,width,height,label";

    /// <summary>Pixels by which a box may reach beyond its picture: what rounding does.</summary>
    private const float Slack = 2;

    /// <summary>Decodes all photographs and makes them of one size; boxes follow. A photograph that cannot be decoded is left out with its boxes, and a note says so.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="preprocessing">Size, fit and meaning of the channels; mean and scale are left out.</param>
    /// <param name="classes">Names of the classes in a model's order; null for the labels that there are, in the order of their names.</param>
    /// <param name="cancellation">Ends the reading between two photographs.</param>
    /// <exception cref="DataSetException">Table or photographs are missing, or a line is none, of no photograph, of no class, or outside its picture; the message says which.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static BoxSet Read(string folder, Preprocessing preprocessing, IReadOnlyList<string>? classes = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(preprocessing);
        var lines = ReadTable(folder);
        classes ??= [.. lines.Select(line => line.Label).Distinct().Order(StringComparer.Ordinal)];
        if (classes.Count == 0)
            throw new DataSetException($"'{Path.Combine(folder, TableName)}' has no lines, so that nobody knows the classes.");
        var sizes = new Dictionary<string, PictureMapping>(StringComparer.Ordinal);
        var pictures = PhotographFolder.ReadFlat(folder, preprocessing, (name, format, geometry) =>
        {
            lock (sizes)
                sizes[name] = new PictureMapping(new Size2d(format.Height, format.Width), geometry, preprocessing.Size, preprocessing.Fit);
        }, cancellation);
        var indices = Enumerable.Range(0, pictures.Count).ToDictionary(pictures.NameOf, StringComparer.Ordinal);
        var boxes = indices.Select(_ => new List<Detection>()).ToArray();
        foreach (var line in lines)
        {
            int label = classes.TakeWhile(name => name != line.Label).Count();
            if (label == classes.Count)
                throw line.Problem($"label '{line.Label}' is none of {string.Join(", ", classes)}");
            if (!File.Exists(Path.Combine(folder, line.Image)))
                throw line.Problem($"there is no picture '{line.Image}'");
            // A photograph that could not be decoded has been noted.
            if (indices.TryGetValue(line.Image, out int index))
                boxes[index].Add(line.Box(sizes[line.Image], label));
        }

        return new BoxSet(pictures, boxes, classes);
    }

    private static List<Line> ReadTable(string folder)
    {
        string path = Path.Combine(folder, TableName);
        if (!Directory.Exists(folder))
            throw new DataSetException($"There is no folder '{folder}'.");
        if (!File.Exists(path))
            throw new DataSetException($"'{folder}' has no {TableName}, with a line {Header} for each thing in its pictures.");
        string[] text = File.ReadAllLines(path);
        if (text.Length == 0 || text[0].Trim() != Header)
            throw new DataSetException($"'{path}' must begin with the line {Header}; it begins with '{(text.Length > 0 ? text[0] : string.Empty)}'.");
        return [.. Enumerable.Range(1, text.Length - 1).Where(i => text[i].Trim().Length > 0).Select(i => Line.Read(path, i + 1, text[i]))];
    }

    /// <summary>A line of the table.</summary>
    private sealed record Line(string Path, int Number, string Image, float X, float Y, float Width, float Height, string Label)
    {
        public static Line Read(string path, int number, string text)
        {
            string[] parts = [.. text.Split(',').Select(part => part.Trim())];
            float[] numbers = new float[4];
            for (int i = 0; i < numbers.Length && parts.Length == 6; i++)
            {
                if (!float.TryParse(parts[i + 1], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i]) || !float.IsFinite(numbers[i]))
                    parts = [];
            }

            return parts is [{ Length: > 0 } image, _, _, _, _, { Length: > 0 } label] && numbers[2] > 0 && numbers[3] > 0
                ? new Line(path, number, image, numbers[0], numbers[1], numbers[2], numbers[3], label)
                : throw new DataSetException($"'{path}' line {number} is no {Header}, width and height above 0: '{text}'.");
        }

        public DataSetException Problem(string why) => new($"'{Path}' line {Number}: {why}.");

        /// <summary>The box in pixels of the picture that a network takes.</summary>
        public Detection Box(PictureMapping mapping, int label)
        {
            if (X < -Slack || Y < -Slack || X + Width > mapping.Upright.Width + Slack || Y + Height > mapping.Upright.Height + Slack)
                throw Problem(string.Create(CultureInfo.InvariantCulture, $"the box {X},{Y},{Width},{Height} lies outside '{Image}', which has {mapping.Upright.Width}x{mapping.Upright.Height} pixels"));
            var (left, top) = mapping.FromUpright(new PicturePoint(X, Y));
            var (right, bottom) = mapping.FromUpright(new PicturePoint(X + Width, Y + Height));
            return new Detection((float)left, (float)top, (float)right, (float)bottom, label, 1);
        }
    }
}
