using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.Textbook.Drawing;

namespace RealtimeCnn.Textbook.Claims;

/// <summary>Claim 8: a detector that scans and takes the maximum says whether something is there, wherever it is.</summary>
/// <remarks>Source: Oquab et al. 2015, "Is object localization for free?"</remarks>
internal sealed class Presence() : Claim(
    "presence",
    "Scan, and take the maximum: present anywhere",
    "One small detector looks at every place; the largest of its answers says whether the object is in the picture. It doesn't move when the object does.",
    "present(x) = max over i,j of f(window of x at i,j)")
{
    private const int Side = 17;
    private const int Positions = 8;

    internal override void Run(Experiment e)
    {
        var gray = e.Gray();
        int height = gray.Shape.Height, width = gray.Shape.Width;
        var network = e.Bind(Detector(e, gray.Shape));
        (int Top, int Left)[] places = [.. Enumerable.Range(0, Positions).Select(_ => (e.Random.Next(height - Side), e.Random.Next(width - Side)))];
        Tensor[] pictures = [.. places.Select(place => Put(e, gray, place.Top, place.Left)), gray];
        Tensor[][] answers = [.. pictures.Select(picture => e.RunAll(network, picture))];
        float[] present = [.. answers.SkipLast(1).Select(answer => answer[1].Span[0])];
        float absent = answers[^1][1].Span[0];

        e.AtMost($"spread of the answer over {Positions} places, relative", (present.Max() - present.Min()) / present.Max(), 1e-5);
        e.AtLeast("answer with the object against without, ratio", present.Min() / absent, 1.1);
        int found = places.Zip(answers).Count(pair => Numbers.Peak(pair.Second[0]) == (pair.First.Top, pair.First.Left));
        e.Equal($"pictures whose strongest answer lies on the object, of {Positions}", found, Positions);
        Draw(e, places, pictures, answers, present.Max());
    }

    // Two outputs: the answers at all places, and the largest.
    private static Graph Detector(Experiment e, Shape picture)
    {
        double mean = Enumerable.Range(0, Side * Side).Average(i => Target(i / Side, i % Side));
        var filter = e.Picture(1, Side, Side, (_, row, column) => (float)(Target(row, column) - mean));
        var builder = new GraphBuilder();
        var scan = builder.Add(new Conv2d(1, 1, Side) { HasBias = false }, builder.Input("picture", picture), [filter.Clone()], "scan");
        return e.Own(builder.Build(scan, builder.Add(new GlobalMaxPool(), scan, name: "present")));
    }

    private static Tensor Put(Experiment e, Tensor gray, int top, int left) => e.Picture(1, gray.Shape.Height, gray.Shape.Width, (_, row, column) =>
        row >= top && column >= left && row < top + Side && column < left + Side ? Target(row - top, column - left) : gray[0, 0, row, column]);

    // A ring around a dot.
    private static float Target(int row, int column)
    {
        double distance = Math.Sqrt(Numbers.Square(row - (Side / 2)) + Numbers.Square(column - (Side / 2)));
        return distance is < 3 or (> 5 and < 8.3) ? 1 : 0;
    }

    private static void Draw(Experiment e, (int Top, int Left)[] places, Tensor[] pictures, Tensor[][] answers, float largest)
    {
        int[] shown = [0, 1, 2, Positions];
        e.Page.Add([.. shown.Select((which, i) => (Panel)(Raster.Picture(which == Positions ? "without the object" : $"place {i + 1}", pictures[which]) with
        {
            Marks = which == Positions ? [] : [new Mark(places[which].Top - 2, places[which].Left - 2, Side + 4, Side + 4, Palette.Yellow)],
        }))]);
        e.Page.Add([.. shown.Select(which => (Panel)Raster.Heat("answers of the detector", answers[which][0], from: 0, to: largest))]);
        e.Page.Add(new BarChart("the largest answer", 720, [.. shown.Select((which, i) =>
        {
            float value = answers[which][1].Span[0];
            return which == Positions
                ? new Bar("without", value, Experiment.Number(value), Palette.Muted)
                : new Bar($"place {i + 1}", value, Experiment.Number(value), Palette.Blue);
        })]));
    }
}
