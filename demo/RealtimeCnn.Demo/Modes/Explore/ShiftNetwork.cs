using RealtimeCnn.Demo.Scenes;
using RealtimeCnn.Graphs;
using RealtimeCnn.Images;
using RealtimeCnn.Layers;
using RealtimeCnn.Live;

namespace RealtimeCnn.Demo.Modes.Explore;

/// <summary>
/// A picture that is shifted and then convolved, and convolved and then shifted, and the difference. To shift is a convolution with a
/// single one among zeros, so that another shift writes parameters and makes no other network; black comes in at the border.
/// </summary>
/// <param name="step">What the picture goes through.</param>
internal sealed class ShiftNetwork(ShiftedStep step) : ISceneNetwork
{
    /// <summary>Most pixels of a shift, in each direction.</summary>
    public const int Most = 8;

    public const string Shifted = "shifted", Before = "shift, then convolve", After = "convolve, then shift", Difference = "difference";

    private const string ShiftPicture = "shift picture", Measured = "measured", Level = "level";
    private const int InputWidth = 192, Extent = (2 * Most) + 1;
    private readonly List<(Graph Graph, Parameter OfPicture, Parameter OfResult)> _graphs = [];
    private readonly float[] _ofPicture = new float[Extent * Extent], _ofResult = new float[Extent * Extent];

    /// <summary>What the picture goes through.</summary>
    public ShiftedStep Step => step;

    /// <summary>Pixels of the picture for each of the result.</summary>
    public int Stride => step == ShiftedStep.Convolution ? 1 : 2;

    /// <summary>Height and width of the picture; zero before the first.</summary>
    public Size2d Seen { get; private set; }

    /// <summary>The largest difference away from the borders, where black came in, and the largest value there; of the newest picture.</summary>
    public (float Difference, float Value) Inside { get; private set; }

    /// <summary>Takes a shift, in every network that is used or made ready.</summary>
    /// <param name="right">Pixels to the right.</param>
    /// <param name="down">Pixels downwards.</param>
    public void Write(int right, int down)
    {
        Fill(_ofPicture, right, down);
        // What the result is shifted by is whole; of an odd shift half a pixel is lost.
        Fill(_ofResult, (int)MathF.Floor((float)right / Stride), (int)MathF.Floor((float)down / Stride));
        foreach (var (_, ofPicture, ofResult) in _graphs)
            Write(ofPicture, ofResult);
    }

    public Graph Build(Size2d upright, out LiveOptions options)
    {
        Seen = new Size2d(Math.Max((int)Math.Round((double)InputWidth * upright.Height / upright.Width / 2), 2 * Most) * 2, InputWidth);
        options = new LiveOptions { Preprocessing = new Preprocessing { Size = Seen }, Drawn = [Shifted, Before, After, Difference] };
        var graph = Build(Seen);
        _graphs.Add((graph, graph[ShiftPicture].Parameters[0], graph[After].Parameters[0]));
        Write(_graphs[^1].OfPicture, _graphs[^1].OfResult);
        return graph;
    }

    public void Release(Graph graph)
    {
        _graphs.RemoveAll(used => used.Graph == graph);
        graph.Dispose();
    }

    public void Read(LiveResult result, Scene scene) => Inside = (Largest(result[Measured]), Largest(result[Level]));

    private Graph Build(Size2d size)
    {
        var builder = new GraphBuilder();
        var picture = builder.Input("picture", new Shape(1, 3, size.Height, size.Width));
        var gray = builder.Add(new PointwiseConv2d(3, 1) { HasBias = false }, picture, [Tensor(new Shape(1, 3, 1, 1), 1 / 3f, 1 / 3f, 1 / 3f)], "gray");
        var shifted = builder.Add(Shift(), gray, [new Tensor(new Shape(1, 1, Extent, Extent))], ShiftPicture);
        var before = Convolve(builder, shifted, "before");
        var after = builder.Add(Shift(), Convolve(builder, gray, "after"), [new Tensor(new Shape(1, 1, Extent, Extent))], After);
        var difference = builder.Add(new Abs(), builder.Add(new Subtract(), [before, after], name: "signed"), name: Difference);
        return builder.Build([
            builder.Add(new Identity(), shifted, name: Shifted), builder.Add(new Identity(), before, name: Before), after, difference,
            builder.Add(new Identity(), difference, name: Measured), builder.Add(new Max(), [before, after], name: Level)]);
    }

    private static Conv2d Shift() => new(1, 1, Extent) { Padding = Most, HasBias = false };

    private Node Convolve(GraphBuilder builder, Node input, string name)
    {
        var outlines = new Conv2d(1, 1, 3) { Padding = 1, HasBias = false, Activation = Activation.Relu, Stride = step == ShiftedStep.Stride2 ? 2 : 1 };
        var convolved = builder.Add(outlines, input, [Tensor(new Shape(1, 1, 3, 3), -0.5f, -0.5f, -0.5f, -0.5f, 4, -0.5f, -0.5f, -0.5f, -0.5f)], $"{name} convolution");
        return step == ShiftedStep.MaxPool2 ? builder.Add(new MaxPool2d(2), convolved, name: $"{name} pool") : convolved;
    }

    // One pixel more for the window of the convolution.
    private float Largest(Tensor map)
    {
        int margin = (Most / Stride) + 2;
        float largest = 0;
        for (int y = margin; y < map.Shape.Height - margin; y++)
        {
            var row = map.Span.Slice(y * map.Shape.Width, map.Shape.Width)[margin..^margin];
            foreach (float value in row)
                largest = Math.Max(largest, value);
        }

        return largest;
    }

    // A window that reads to the left shifts to the right.
    private static void Fill(float[] weights, int right, int down)
    {
        Array.Clear(weights);
        weights[((Most - down) * Extent) + Most - right] = 1;
    }

    private void Write(Parameter ofPicture, Parameter ofResult)
    {
        ofPicture.Write(_ofPicture);
        ofResult.Write(_ofResult);
    }

    private static Tensor Tensor(Shape shape, params ReadOnlySpan<float> values)
    {
        var tensor = new Tensor(shape);
        values.CopyTo(tensor.Span);
        return tensor;
    }
}
