using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.OpenGL.SelfTests;

/// <summary>A small graph whose result on the GPU is compared with that on the CPU.</summary>
/// <param name="Name">Unique; says what is computed.</param>
/// <param name="Tolerance">Relative L2 error that the driver may have.</param>
/// <param name="Build">Adds the layers to a builder, given the inputs, and returns the result's node.</param>
/// <param name="Inputs">Shapes of the inputs.</param>
internal sealed record KernelCase(string Name, double Tolerance, Func<GraphBuilder, Node[], Node> Build, params Shape[] Inputs)
{
    /// <summary>Copies and choices: nothing is rounded.</summary>
    public const double Exact = 0;

    /// <summary>Sums, products and quotients of float32, in whichever order and fused or not: some hundred roundings of 6e-8.</summary>
    public const double Arithmetic = 5e-6;

    /// <summary>
    /// exp, log, pow, and sums of them: the standard allows exp an error of 3 + 2|x| units in the last place, and pow
    /// the error of both. Source: GLSL 4.60, section 4.7.1.
    /// </summary>
    public const double Exponential = 2e-5;

    /// <summary>Sums of a hundred thousand terms and more, in whichever order.</summary>
    public const double LongSum = 1e-4;

    /// <summary>Trigonometry, on whose precision GLSL says nothing: an absolute 2^-11, which Vulkan demands, at numbers around 1.</summary>
    public const double Trigonometric = 1e-3;

    /// <summary>Inputs are uniform in [Lowest, Highest].</summary>
    public float Lowest { get; init; } = -1;

    /// <summary>Inputs are uniform in [Lowest, Highest].</summary>
    public float Highest { get; init; } = 1;

    /// <summary>What the graph is run for.</summary>
    public RunMode Mode { get; init; }

    /// <summary>Inputs are multiples of this, so that equal ones and ties occur; 0 for any numbers.</summary>
    public float Quantum { get; init; }

    /// <summary>One layer on its own.</summary>
    public static KernelCase Of(string name, double tolerance, Layer layer, params Shape[] inputs) =>
        new($"{layer.GetType().Name} {name}", tolerance, (builder, x) => builder.Add(layer, x, Parameters(layer), "layer"), inputs);

    /// <summary>The second output of a layer on its own.</summary>
    public static KernelCase Second(string name, double tolerance, Layer layer, params Shape[] inputs) =>
        new($"{layer.GetType().Name} {name}", tolerance, (builder, x) => builder.Add(new NodeOutput(1), builder.Add(layer, x, Parameters(layer), "layer")), inputs);

    /// <summary>The same in the middle of a network, where pictures lie in blocks of channels: behind a window of one pixel, which changes nothing.</summary>
    public KernelCase Blocked() => this with
    {
        Name = $"{Name}, blocked",
        Build = (builder, x) => Build(builder, [.. x.Select((input, i) => Inputs[i].Rank == 4 ? builder.Add(new MaxPool2d(1), input) : input)]),
    };

    /// <summary>The graph; the caller disposes it.</summary>
    public Graph Graph()
    {
        var builder = new GraphBuilder(seed: 3);
        return builder.Build(Build(builder, [.. Inputs.Select((shape, i) => builder.Input($"x{i}", shape))]));
    }

    /// <summary>The inputs; the caller disposes them.</summary>
    public Tensor[] MakeInputs()
    {
        var random = new Random(7);
        return [.. Inputs.Select(shape => Fill(shape, Value))];

        float Value()
        {
            float value = Lowest + ((Highest - Lowest) * random.NextSingle());
            return Quantum > 0 ? MathF.Round(value / Quantum) * Quantum : value;
        }
    }

    // Initial values would hide mistakes: a bias of 0 may as well not be added. What starts above 0 (a scale, a variance, an
    // exponent) has to stay there.
    private static Tensor[] Parameters(Layer layer)
    {
        var random = new Random(5);
        return [.. layer.Parameters.Select(spec => Fill(spec.Shape, () => spec.Initial > 0 ? 1.25f + random.NextSingle() : (random.NextSingle() * 2) - 1))];
    }

    private static Tensor Fill(Shape shape, Func<float> next)
    {
        var tensor = new Tensor(shape);
        foreach (ref float value in tensor.Span)
            value = next();
        return tensor;
    }
}
