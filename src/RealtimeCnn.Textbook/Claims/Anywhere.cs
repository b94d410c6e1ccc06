using RealtimeCnn.Drawing;
using RealtimeCnn.Graphs;
using RealtimeCnn.Textbook.Drawing;
using RealtimeCnn.Training;
using RealtimeCnn.Training.Data;
using RealtimeCnn.Training.Optimizers;

namespace RealtimeCnn.Textbook.Claims;

/// <summary>Claim 26: a convolutional network knows a pattern wherever it is, an MLP only where it has learned it.</summary>
/// <remarks>Source: LeCun et al. 1998, "Gradient-Based Learning Applied to Document Recognition", section II; Goodfellow, Bengio and Courville 2016, "Deep Learning", section 9.2.</remarks>
internal sealed class Anywhere() : Claim(
    "anywhere",
    "A network fires wherever the pattern is, an MLP where it learned it",
    "Both learn letters in the left half of a picture. In the right half the network names them as well, because its filters are everywhere the same; the MLP guesses, because other weights look there. Shuffle all pixels in one fixed way, and the roles turn: the MLP does not notice, the network has lost its neighbourhoods.",
    "f(shifted x) = f(x) by construction        MLP: f(P·x) is learned as easily as f(x), for every permutation P")
{
    private const string Letters = "XOTL";
    private const int Height = 14;
    private const int Width = 30;
    private const int Samples = 240;
    private const int Epochs = 10;

    internal override void Run(Experiment e)
    {
        TensorSet left = Place(e, 0, 4), right = Place(e, 16, 4), anywhere = Place(e, 0, 20);
        Graph network = Train(e, left, Network), mlp = Train(e, left, Mlp);
        double[] seen = [e.Accuracy(network, left), e.Accuracy(mlp, left)], unseen = [e.Accuracy(network, right), e.Accuracy(mlp, right)];
        e.AtLeast("learned on the left: named right on the left, the worse of both", seen.Min(), 0.95);
        e.AtLeast("  on the right: the network", unseen[0], 0.95);
        e.AtMost("  on the right: the MLP (chance: 0.25)", unseen[1], 0.6);
        e.AtMost("the network's answer at 6 places: largest relative difference", Spread(e, network), 1e-5);
        e.AtLeast("  the MLP's", Spread(e, mlp), 0.1);

        int[] order = [.. Enumerable.Range(0, Height * Width)];
        e.Random.Shuffle(order);
        TensorSet shuffled = Shuffle(e, anywhere, order), fresh = Place(e, 0, 20), freshShuffled = Shuffle(e, fresh, order);
        double[] plain = [e.Accuracy(Train(e, anywhere, Network), fresh), e.Accuracy(Train(e, anywhere, Mlp), fresh)];
        double[] mixed = [e.Accuracy(Train(e, shuffled, Network), freshShuffled), e.Accuracy(Train(e, shuffled, Mlp), freshShuffled)];
        e.AtLeast("learned everywhere: new pictures named right, the network", plain[0], 0.95);
        e.AtMost("  with pixels shuffled", mixed[0], 0.8);
        e.Near("the MLP with pixels shuffled, against without", mixed[1], plain[1], 0.15);

        Tensor shownLeft = DrawnData.First(e, left, 3), shownRight = DrawnData.First(e, right, 3), shownMixed = DrawnData.First(e, shuffled, 2);
        e.Page.Add(
            [.. Enumerable.Range(0, 2).Select(n => (Panel)(Raster.Picture("learned", shownLeft, item: n) with { Zoom = 4 })),
            .. Enumerable.Range(0, 2).Select(n => (Panel)(Raster.Picture("asked", shownRight, item: n) with { Zoom = 4 })),
            Raster.Picture("shuffled", shownMixed) with { Zoom = 4 }]);
        e.Page.Add([.. Maps(e, network, right)]);
        e.Page.Add(
            Bars("learned on the left", [("network, left", seen[0], 0), ("network, right", unseen[0], 0), ("MLP, left", seen[1], 1), ("MLP, right", unseen[1], 1)]),
            Bars("learned everywhere", [("network", plain[0], 0), ("network, shuffled", mixed[0], 0), ("MLP", plain[1], 1), ("MLP, shuffled", mixed[1], 1)]));
    }

    // A letter whose left edge lies up to so many columns from a first one, under noise.
    private static TensorSet Place(Experiment e, int first, int columns)
    {
        var samples = e.Own(new Tensor(new Shape(Samples, 1, Height, Width)));
        var labels = e.Picture(new Shape(Samples), (n, _) => n % Letters.Length);
        for (int n = 0; n < Samples; n++)
        {
            var drawn = Draw(e, n % Letters.Length, first + e.Random.Next(columns), e.Random.Next(4));
            for (int i = 0; i < Height * Width; i++)
                samples.Span[(n * Height * Width) + i] = Math.Min((drawn.Span[i] * 0.8f) + (50 * e.Random.NextSingle()), 255);
        }

        return new TensorSet(samples, labels, [.. Letters.Select(letter => letter.ToString())]);
    }

    private static Tensor Draw(Experiment e, int label, int left, int top)
    {
        var canvas = new CpuCanvas();
        canvas.Begin(Width, Height, Color.Black);
        canvas.Text($"{Letters[label]}", left, top - 3, Typeface.Strong, Color.White);
        return e.Picture(1, Height, Width, (_, row, column) => canvas.Pixels[4 * ((row * Width) + column)]);
    }

    private static TensorSet Shuffle(Experiment e, TensorSet data, int[] order)
    {
        Tensor samples = e.Own(new Tensor(new Shape(data.Count, 1, Height, Width))), labels = e.Own(new Tensor(new Shape(data.Count)));
        float[] sample = new float[order.Length];
        for (int n = 0; n < data.Count; n++)
        {
            data.Read(n, sample, labels.Span.Slice(n, 1));
            for (int i = 0; i < order.Length; i++)
                samples.Span[(n * order.Length) + i] = sample[order[i]];
        }

        return new TensorSet(samples, labels, data.Classes);
    }

    private static Graph Train(Experiment e, TensorSet data, Func<SymbolicTensor, SymbolicTensor> layers)
    {
        var graph = e.Model(new Shape(1, 1, Height, Width), layers);
        e.Train(graph, data, new TrainerOptions { Epochs = Epochs, BatchSize = 20, Rule = new Adam { Rate = 0.005f } });
        return graph;
    }

    private static SymbolicTensor Network(SymbolicTensor x) =>
        x.Conv2d(8, 5, name: "filters").Relu().Conv2d(16, 4, name: "letters").Relu(name: "fires").Then(new Layers.GlobalMaxPool()).Flatten().Linear(Letters.Length, name: "logits");

    private static SymbolicTensor Mlp(SymbolicTensor x) => x.Flatten().Linear(48).Relu().Linear(Letters.Length);

    // One letter on an empty ground, at places where every filter that sees it lies inside.
    private static double Spread(Experiment e, Graph graph)
    {
        var network = e.Bind(graph);
        Tensor[] answers = [.. Enumerable.Range(8, 6).Select(left =>
        {
            var x = Draw(e, 0, left, 2);
            foreach (ref float pixel in x.Span)
                pixel = (pixel / 127.5f) - 1;
            return e.Run(network, x);
        })];
        return answers.Max(answer => Numbers.RelativeError(answer, answers[0]));
    }

    // Where the feature map fires that matters most for each letter of the right half.
    private static IEnumerable<Panel> Maps(Experiment e, Graph network, TensorSet data)
    {
        var shown = DrawnData.First(e, data, Letters.Length);
        foreach (ref float pixel in shown.Span)
            pixel = (2 * pixel) - 1;
        var maps = e.Run(e.Chain(shown.Shape, [.. e.LayersUpTo(network, "fires")]), shown);
        var weights = network["logits"].Parameters[0].Values.ToArray();
        int channels = maps.Shape.Channels;
        return Enumerable.Range(0, Letters.Length).Select(label =>
        {
            int strongest = Enumerable.Range(0, channels).MaxBy(channel =>
                weights[(label * channels) + channel] * Enumerable.Range(0, maps.Shape.Area).Max(i => maps[label, channel, i / maps.Shape.Width, i % maps.Shape.Width]));
            return (Panel)(Raster.Heat($"fires for {Letters[label]}", maps, strongest, label) with { Zoom = 7 });
        });
    }

    private static BarChart Bars(string caption, (string Name, double Right, int Color)[] bars) =>
        new(caption, 420, [.. bars.Select(bar => new Bar(bar.Name, bar.Right, $"{100 * bar.Right:0} %", Palette.Series[bar.Color]))]);
}
