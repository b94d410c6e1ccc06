using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.SelfTests.Oracles;

namespace RealtimeCnn.SelfTests;

/// <summary>The naive definition of a layer, in double.</summary>
internal delegate DoubleTensor Oracle(DoubleTensor[] inputs, DoubleTensor[] parameters);

/// <summary>
/// One layer with one set of input shapes: the unit from which forward tests on both paths, self tests and benchmarks are made.
/// </summary>
/// <param name="Name">Unique among the cases of its layer type; says what is awkward about it.</param>
/// <param name="Layer">What is computed.</param>
/// <param name="Oracle">Its naive definition; null where that takes too long, and the CPU path, which is proved on small tensors, stands for it.</param>
/// <param name="Tolerance">Relative L2; 0 where the result must be equal to the oracle's, rounded to float.</param>
/// <param name="Inputs">Shapes of the inputs.</param>
internal sealed record LayerCase(string Name, Layer Layer, Oracle? Oracle, double Tolerance, params Shape[] Inputs)
{
    /// <summary>
    /// Relative L2 that any driver is granted. OpenGL allows exp an error of 3 + 2|x| units in the last place, pow the error of both,
    /// and division 2.5 (GLSL 4.60, section 4.7.1), so that sums of them keep 2e-5; copies and choices are exact everywhere.
    /// </summary>
    public double DriverTolerance
    {
        get => field > 0 || Tolerance == 0 ? field : Math.Max(Tolerance, 2e-5);
        init;
    }

    /// <summary>What a network keeps that computes the case: its tolerance, or that of a kernel that states a wider one.</summary>
    public double ToleranceOf(CpuNetwork network) => ToleranceOf(Plan.Build(network.Graph, [], network.PlanOptions));

    /// <inheritdoc cref="ToleranceOf(CpuNetwork)"/>
    public double ToleranceOf(Plan plan) => plan.Steps.Select(step => step.Kernel.Tolerance).Append(Tolerance).Max();

    /// <summary>Which output of the layer is looked at.</summary>
    public int Output { get; init; }

    /// <summary>What the layer is run for.</summary>
    public RunMode Mode { get; init; }

    /// <summary>Range of the inputs: uniform in [Lowest, Highest].</summary>
    public float Lowest { get; init; } = -1;

    /// <summary>Range of the inputs: uniform in [Lowest, Highest].</summary>
    public float Highest { get; init; } = 1;

    /// <summary>Inputs are multiples of this, so that equal ones and ties occur; 0 for any numbers.</summary>
    public float Quantum { get; init; }

    /// <summary>Values of the inputs, by the input's number, where uniform ones won't do (a condition is 0 or 1).</summary>
    public Func<int, Random, float>? Input { get; init; }

    /// <summary>Why the oracle has no slopes that gradients could be compared with; null where it has.</summary>
    public string? WithoutSlopes { get; init; }

    /// <summary>Whether the layer gets its inputs channel-blocked, as in the middle of a network, instead of row-major, as from the user.</summary>
    public bool BlockedInputs { get; init; }

    /// <summary>Whether the layer has no GPU kernel and runs on the CPU inside a mixed network; a test holds that this is true.</summary>
    public bool CpuOnly { get; init; }

    /// <summary>What becomes of it in an ONNX file.</summary>
    public OnnxForm Onnx { get; init; }

    /// <summary>Values of the parameters where random ones won't do: in [−1, 1], or above 1 for what starts above 0 (a scale, a variance, an exponent) and has to stay there.</summary>
    public Func<ParameterSpec, Random, float>? Parameter { get; init; }

    /// <summary>A size that real networks have, to be timed: the definition in double would take too long.</summary>
    /// <param name="network">Where it stands.</param>
    /// <param name="layer">What is computed.</param>
    /// <param name="inputs">Shapes of the inputs.</param>
    public static LayerCase Realistic(string network, Layer layer, params Shape[] inputs) => new($"{network}, {string.Join(" and ", inputs)}", layer, null, 0, inputs);

    /// <summary>Inputs of the case, by a seed that follows from the name. The caller disposes them.</summary>
    public Tensor[] MakeInputs()
    {
        var random = new Random(Seed);
        return [.. Inputs.Select((shape, i) => Fill(new Tensor(shape), () => Input?.Invoke(i, random) ?? Uniform(random)))];
    }

    /// <summary>Parameters of the case. The caller disposes them, or the graph they go into.</summary>
    public Tensor[] MakeParameters()
    {
        var random = new Random(Seed + 1);
        return [.. Layer.Parameters.Select(spec => Fill(new Tensor(spec.Shape), () => Parameter?.Invoke(spec, random) ?? (spec.Initial > 0 ? 1.25f + random.NextSingle() : (random.NextSingle() * 2) - 1)))];
    }

    /// <summary>A name that is unique among all cases.</summary>
    public string Id => $"{Layer.GetType().Name}: {Name}";

    public override string ToString() => Id;

    // string.GetHashCode changes from run to run.
    private int Seed => Id.Aggregate(17, (hash, letter) => unchecked((hash * 31) + letter)) & int.MaxValue;

    private float Uniform(Random random)
    {
        float value = Lowest + ((Highest - Lowest) * random.NextSingle());
        return Quantum > 0 ? MathF.Round(value / Quantum) * Quantum : value;
    }

    private static Tensor Fill(Tensor tensor, Func<float> next)
    {
        foreach (ref float value in tensor.Span)
            value = next();
        return tensor;
    }
}
