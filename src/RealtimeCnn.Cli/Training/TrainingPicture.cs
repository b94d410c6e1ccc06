using System.Globalization;
using RealtimeCnn.Drawing;
using RealtimeCnn.Graphs;
using RealtimeCnn.Images;
using RealtimeCnn.Layers;
using RealtimeCnn.Training;
using RealtimeCnn.Training.Data;

namespace RealtimeCnn.Cli.Training;

/// <summary>A training as one picture: its curves, what is called what, the filters of the first layer, and the worst mistakes.</summary>
internal sealed class TrainingPicture
{
    private const int Width = 1200, Height = 860, Margin = 32, Gap = 28, Half = (Width - (2 * Margin) - Gap) / 2, Heading = 28;
    private const int MostFilters = 64, MostMistakes = 24, MistakeColumns = 8, MostClasses = 40;
    private static readonly Color Paper = Color.White, Ink = Color.FromRgb(0x1F2933), Muted = Color.FromRgb(0x7B8794), Hairline = Color.FromRgb(0xE4E7EB);
    private static readonly Color Blue = Color.FromRgb(0x2563EB), Orange = Color.FromRgb(0xEA580C), Green = Color.FromRgb(0x16A34A), Red = Color.FromRgb(0xDC2626);
    private readonly CpuCanvas _canvas = new();

    /// <summary>Draws and writes it.</summary>
    /// <param name="path">A PNG file.</param>
    /// <param name="title">What was trained.</param>
    /// <param name="result">How the training went.</param>
    /// <param name="graph">The trained network.</param>
    /// <param name="evaluation">What it says of the data held out, or of those learned from.</param>
    /// <param name="data">Those data: pictures.</param>
    public static void Write(string path, string title, TrainingResult result, Graph graph, Evaluation evaluation, IDataSet data)
    {
        var picture = new TrainingPicture();
        picture._canvas.Begin(Width, Height, Paper);
        picture._canvas.Text(title, Margin, Margin - 10, Typeface.Title, Ink);
        int top = Margin + 40, half = (Height - top - Margin - Gap) / 2, right = Margin + Half + Gap;
        picture.DrawCurves(result.Epochs, Margin, top, Half, half);
        picture.DrawConfusion(evaluation, right, top, Half, half);
        picture.DrawFilters(graph, Margin, top + half + Gap, Half, half);
        picture.DrawMistakes(evaluation, data, right, top + half + Gap, Half, half);
        Png.Write(path, picture._canvas.Pixels, picture._canvas.Format);
    }

    private void DrawCurves(IReadOnlyList<EpochRecord> epochs, int x, int y, int width, int height)
    {
        double most = epochs.Select(epoch => epoch.Loss).Where(double.IsFinite).DefaultIfEmpty(1).Max();
        double[] shares = [.. epochs.SelectMany(epoch => new[] { epoch.Accuracy, epoch.HeldOutAccuracy }).OfType<double>()];
        double least = shares.Length == 0 ? 0 : Math.Floor(shares.Min() * 10) / 10;
        string last = epochs.Count == 0 ? "no epoch" : string.Create(CultureInfo.InvariantCulture, $"loss {epochs[^1].Loss:0.0000}, accuracy {epochs[^1].Accuracy:P2}{(epochs[^1].HeldOutAccuracy is { } share ? $", held out {share:P2}" : "")}");
        _canvas.Text($"After {epochs.Count} epochs: {last}", x, y, Typeface.Strong, Ink);
        const int Labels = 46, Legend = 22;
        var area = new Area(x + Labels, y + Heading, width - (2 * Labels), height - Heading - Legend - 18);
        for (int i = 0; i <= 4; i++)
        {
            float at = area.Y + (area.Height * i / 4f);
            _canvas.Fill(new Area(area.X, at, area.Width, 1), Hairline);
            _canvas.Text((most * (4 - i) / 4).ToString("0.00", CultureInfo.InvariantCulture), area.X - 6, at - 8, Typeface.Small, Blue, TextAnchor.Right);
            _canvas.Text((least + ((1 - least) * (4 - i) / 4)).ToString("P0", CultureInfo.InvariantCulture), area.Right + 6, at - 8, Typeface.Small, Green);
        }

        DrawLine(epochs, epoch => epoch.Loss / most, area, Blue);
        DrawLine(epochs, epoch => (epoch.Accuracy - least) / (1 - least), area, Orange);
        DrawLine(epochs, epoch => (epoch.HeldOutAccuracy - least) / (1 - least), area, Green);
        float legend = area.X;
        foreach (var (name, color) in new[] { ("loss", Blue), ("accuracy when learned", Orange), ("accuracy held out", Green) })
        {
            _canvas.Disk(legend + 4, area.Bottom + Legend + 9, 4, color);
            _canvas.Text(name, legend + 14, area.Bottom + Legend, Typeface.Small, Muted);
            legend += Typeface.Small.Width(name) + 36;
        }

        _canvas.Text("epoch", area.Right, area.Bottom + 4, Typeface.Small, Muted, TextAnchor.Right);
    }

    private void DrawLine(IReadOnlyList<EpochRecord> epochs, Func<EpochRecord, double?> share, Area area, Color color)
    {
        (float X, float Y)? before = null;
        for (int i = 0; i < epochs.Count; i++)
        {
            if (share(epochs[i]) is not { } value || !double.IsFinite(value))
                continue;
            var at = (X: area.X + (area.Width * (epochs.Count == 1 ? 0.5f : i / (epochs.Count - 1f))), Y: area.Bottom - (area.Height * (float)value));
            if (before is { } from)
                _canvas.Line(from.X, from.Y, at.X, at.Y, color, 2);
            _canvas.Disk(at.X, at.Y, 2.5f, color);
            before = at;
        }
    }

    private void DrawConfusion(Evaluation evaluation, int x, int y, int width, int height)
    {
        int classes = evaluation.Classes.Count;
        _canvas.Text(string.Create(CultureInfo.InvariantCulture, $"What {evaluation.Count} pictures are (rows), and what they are called: {evaluation.Accuracy:P2} right"), x, y, Typeface.Strong, Ink);
        int names = Math.Min(90, evaluation.Classes.Max(name => Typeface.Small.Width(Short(name)))) + 8;
        float side = Math.Min((width - names) / (float)classes, (height - Heading - 20) / (float)classes);
        bool hasText = classes <= MostClasses && side >= 18;
        for (int row = 0; row < classes; row++)
        {
            int all = Math.Max(evaluation.Confusion[row].Sum(), 1);
            for (int column = 0; column < classes; column++)
            {
                int count = evaluation.Confusion[row][column];
                var cell = new Area(x + names + (column * side), y + Heading + (row * side), side - 1, side - 1);
                // Even one mistake among thousands is seen.
                float share = count == 0 ? 0 : 0.15f + (0.85f * count / all);
                _canvas.Fill(cell, Hairline);
                _canvas.Fill(cell, (row == column ? Green : Red).WithOpacity(share));
                if (hasText && count > 0)
                    _canvas.Text($"{count}", cell.X + (cell.Width / 2), cell.Y + (cell.Height / 2) - 8, Typeface.Small, share > 0.5f ? Paper : Ink, TextAnchor.Center);
            }

            if (!hasText)
                continue;
            _canvas.Text(Short(evaluation.Classes[row]), x + names - 6, y + Heading + ((row + 0.5f) * side) - 8, Typeface.Small, Muted, TextAnchor.Right);
            _canvas.Text(Short(evaluation.Classes[row]), x + names + ((row + 0.5f) * side), y + Heading + (classes * side) + 2, Typeface.Small, Muted, TextAnchor.Center);
        }
    }

    private void DrawFilters(Graph graph, int x, int y, int width, int height)
    {
        if (graph.Nodes.FirstOrDefault(node => node.Layer is ConvolutionLayer) is not { } first)
        {
            _canvas.Text("There is no convolution whose filters could be seen", x, y, Typeface.Strong, Ink);
            return;
        }

        var weight = first.Parameters[0];
        int filters = weight.Shape[0], channels = weight.Shape[1], rows = weight.Shape[2], columns = weight.Shape[3], shown = Math.Min(filters, MostFilters);
        _canvas.Text($"{(shown < filters ? $"{shown} of {filters}" : $"The {filters}")} filters of '{first.Name}', {columns}×{rows}{(channels == 3 ? ", in colours" : "")}", x, y, Typeface.Strong, Ink);
        int across = (int)Math.Ceiling(Math.Sqrt(shown * (double)width / (height - Heading)));
        var area = new Area(x, y + Heading, width, height - Heading);
        for (int filter = 0; filter < shown; filter++)
        {
            var cell = area.Cell(across, (shown + across - 1) / across, filter, 6).Fit(new Size2d(rows, columns));
            var values = weight.Values.Slice(filter * channels * rows * columns, channels * rows * columns);
            float largest = 0;
            foreach (float value in values)
                largest = Math.Max(largest, MathF.Abs(value));
            float wide = cell.Width / columns, high = cell.Height / rows;
            for (int i = 0; i < rows * columns; i++)
            {
                float Part(int channel, ReadOnlySpan<float> all) => largest == 0 ? 0.5f : 0.5f + (0.5f * all[(channel * rows * columns) + i] / largest);
                var color = channels == 3 ? new Color(Part(0, values), Part(1, values), Part(2, values)) : new Color(Part(0, values), Part(0, values), Part(0, values));
                _canvas.Fill(new Area(cell.X + (i % columns * wide), cell.Y + (i / columns * high), wide + 0.5f, high + 0.5f), color);
            }
        }
    }

    private void DrawMistakes(Evaluation evaluation, IDataSet data, int x, int y, int width, int height)
    {
        int shown = Math.Min(evaluation.Mistakes.Count, MostMistakes);
        _canvas.Text(shown == 0 ? "No mistakes" : $"The {shown} worst mistakes: what it is, and what it was called", x, y, Typeface.Strong, Ink);
        const int Line = 18;
        var area = new Area(x, y + Heading, width, height - Heading);
        float[] sample = new float[data.SampleShape.Count], target = new float[data.TargetShape.Count];
        for (int i = 0; i < shown; i++)
        {
            var mistake = evaluation.Mistakes[i];
            var cell = area.Cell(MistakeColumns, MostMistakes / MistakeColumns, i, 8);
            data.Read(mistake.Index, sample, target);
            for (int k = 0; k < sample.Length; k++)
                sample[k] /= 255;
            using var picture = new Tensor(new Shape([1, .. data.SampleShape.ToArray()]), sample);
            _canvas.Picture(picture, (cell with { Height = cell.Height - Line }).Fit(new Size2d(data.SampleShape[1], data.SampleShape[2])));
            string called = $"{Short(evaluation.Classes[mistake.Label])}, {Short(evaluation.Classes[mistake.Called])}";
            _canvas.Text(called, cell.X + (cell.Width / 2), cell.Bottom - Line + 2, Typeface.Small, Red, TextAnchor.Center);
        }
    }

    private static string Short(string name) => name.Length <= 8 ? name : $"{name[..7]}…";
}
