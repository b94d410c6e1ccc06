using RealtimeCnn.Drawing;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.Textbook.Drawing;

namespace RealtimeCnn.Textbook.Claims;

/// <summary>Claim 9: how much of the picture a unit sees.</summary>
/// <remarks>Source: Araujo, Norris and Sim 2019, "Computing Receptive Fields of Convolutional Neural Networks", Distill, whose table has AlexNet and VGG-16.</remarks>
internal sealed class ReceptiveFields() : Claim(
    "receptive-field",
    "Deeper units see more of the picture",
    "Each layer looks at a small window of the one before, so that a unit's view of the picture grows with depth, and faster with every stride and pooling. Deep units are indirectly connected to most of it.",
    "r₀ = 1        rₙ = rₙ₋₁ + (k − 1) · (product of the strides before)")
{
    private const int Side = 96;

    // Kernel and stride; every second one pools.
    private static readonly Layer[] Layers =
    [
        Convolution(3), Convolution(3), new MaxPool2d(2) { Stride = 2 }, Convolution(3), new MaxPool2d(3) { Stride = 2, Padding = 1 }, Convolution(5), Convolution(3, 2),
    ];

    internal override void Run(Experiment e)
    {
        var (graph, nodes) = Build(e, Layers);
        ReceptiveField[] fields = [.. nodes.Select(node => graph.ReceptiveField(node))];
        Perturb(e, graph, nodes, fields);
        e.Equal("layers that see no more than the one before", fields.Zip(fields.Skip(1)).Count(pair => pair.Second.Height <= pair.First.Height), 0);
        e.Equal("last convolution of VGG-16: pixels along a side", LastField(e, Vgg16()), 196);
        e.Equal("last pooling of VGG-16", LastField(e, [.. Vgg16(), Halve()]), 212);
        e.Equal("last pooling of AlexNet", LastField(e, AlexNet()), 195);
        e.AtLeast("share of a 224×224 picture that VGG-16's last pooling sees", 212.0 * 212 / (224 * 224), 0.85);
        Draw(e, nodes, fields);
    }

    // What lies outside the field cannot matter; each corner of it does. All weights are positive, so that nothing cancels.
    private static void Perturb(Experiment e, Graph graph, Node[] nodes, ReceptiveField[] fields)
    {
        var shapes = graph.InferShapes();
        var pictures = e.Own(new Tensor(new Shape(1 + (nodes.Length * 5), 1, Side, Side)));
        for (int i = 0; i < pictures.Shape.Count; i++)
            pictures.Span[i] = i < Side * Side ? e.Random.NextSingle() : pictures.Span[i % (Side * Side)];
        for (int i = 0; i < nodes.Length; i++)
        {
            var field = fields[i];
            for (int at = 0; at < Side * Side; at++)
                pictures[1 + (i * 5), 0, at / Side, at % Side] += field.Contains(at / Side, at % Side) ? 0 : 100 * e.Random.NextSingle();
            (int Row, int Column)[] corners = [(field.Top, field.Left), (field.Top, field.Right), (field.Bottom, field.Left), (field.Bottom, field.Right)];
            for (int corner = 0; corner < 4; corner++)
                pictures[2 + (i * 5) + corner, 0, corners[corner].Row, corners[corner].Column] += 10_000;
        }

        var outputs = e.RunAll(graph, pictures);
        int outside = 0, inside = 0;
        double largest = 0;
        for (int i = 0; i < nodes.Length; i++)
        {
            int row = shapes[nodes[i]].Height / 2, column = shapes[nodes[i]].Width / 2;
            float before = outputs[i][0, 0, row, column];
            outside += outputs[i][1 + (i * 5), 0, row, column] == before ? 0 : 1;
            inside += Enumerable.Range(2 + (i * 5), 4).Count(item => outputs[i][item, 0, row, column] != before);
            largest = Math.Max(largest, before);
        }

        e.Equal("units that change when all outside their field does, of 7", outside, 0);
        e.Equal("corners of the fields that change their unit, of 28", inside, 28);
    }

    private static void Draw(Experiment e, Node[] nodes, ReceptiveField[] fields)
    {
        var photo = e.Photograph;
        int row = photo.Shape.Height / 2, column = photo.Shape.Width / 2;
        var marks = fields.Select((field, i) =>
        {
            int rows = Math.Min(field.Height, photo.Shape.Height), columns = Math.Min(field.Width, photo.Shape.Width);
            return new Mark(row - (rows / 2), column - (columns / 2), rows, columns, Palette.Mix(Palette.Yellow, Palette.Red, i / 6.0));
        });
        e.Page.Add(
            Raster.Picture("what one unit of each layer sees", photo) with { Zoom = 2, Marks = [.. marks.Reverse()] },
            new BarChart("pixels along a side of the field", 430, [.. nodes.Select((node, i) =>
                new Bar(Describe(Layers[i]), fields[i].Height, $"{fields[i].Height}", Palette.Mix(Palette.Yellow, Palette.Red, i / 6.0)))]));
        e.Page.Add(new LinePlot("field against depth", 640, 230, "layers", "pixels along a side", [
            Growth(e, "3×3", Palette.Blue, _ => Convolution(3)),
            Growth(e, "5×5", Palette.Green, _ => Convolution(5)),
            Growth(e, "3×3, every third with stride 2", Palette.Violet, i => Convolution(3, i % 3 == 2 ? 2 : 1)),
            Growth(e, "3×3, every second a 2×2 pooling", Palette.Orange, Layer (i) => i % 2 == 1 ? Halve() : Convolution(3))]) { LogY = true });
    }

    private static Curve Growth(Experiment e, string name, Color color, Func<int, Layer> layer)
    {
        var (graph, nodes) = Build(e, [.. Enumerable.Range(0, 10).Select(layer)], 224);
        return new Curve(name, [(0, 1), .. nodes.Select((node, i) => (i + 1.0, (double)graph.ReceptiveField(node).Height))], color);
    }

    private static int LastField(Experiment e, Layer[] layers)
    {
        var (graph, nodes) = Build(e, layers, 224);
        return graph.ReceptiveField(nodes[^1]).Height;
    }

    private static (Graph Graph, Node[] Nodes) Build(Experiment e, Layer[] layers, int side = Side)
    {
        var builder = new GraphBuilder();
        var node = builder.Input("picture", new Shape(1, 1, side, side));
        Node[] nodes = [.. layers.Select(layer => node = builder.Add(layer, node, [.. layer.Parameters.Select(spec => Positive(e, spec.Shape))]))];
        return (e.Own(builder.Build(nodes)), nodes);
    }

    private static Tensor Positive(Experiment e, Shape shape)
    {
        var tensor = new Tensor(shape);
        foreach (ref float value in tensor.Span)
            value = (0.5f + e.Random.NextSingle()) / shape.Count;
        return tensor;
    }

    // One channel is enough: fields depend on windows only.
    private static Layer[] Vgg16() => [.. ((int[])[2, 2, 3, 3, 3]).SelectMany((count, stage) => Enumerable.Range(0, count + (stage > 0 ? 1 : 0))
        .Select(Layer (i) => stage > 0 && i == 0 ? Halve() : Convolution(3)))];

    private static Layer[] AlexNet() =>
    [
        new Conv2d(1, 1, 11) { Stride = 4, Padding = 2, HasBias = false }, new MaxPool2d(3) { Stride = 2 }, Convolution(5), new MaxPool2d(3) { Stride = 2 },
        Convolution(3), Convolution(3), Convolution(3), new MaxPool2d(3) { Stride = 2 },
    ];

    private static Conv2d Convolution(int kernel, int stride = 1) => new(1, 1, kernel) { Stride = stride, Padding = kernel / 2, HasBias = false };

    private static MaxPool2d Halve() => new(2) { Stride = 2 };

    private static string Describe(Layer layer) => layer switch
    {
        Conv2d convolution => $"{convolution.Kernel} convolution{(convolution.Stride.Height > 1 ? $", stride {convolution.Stride.Height}" : "")}",
        MaxPool2d pooling => $"{pooling.Kernel} pooling, stride {pooling.Stride.Height}",
        _ => layer.GetType().Name,
    };
}
