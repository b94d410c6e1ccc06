using RealtimeCnn.Demo.Scenes;
using RealtimeCnn.Graphs;
using RealtimeCnn.Images;
using RealtimeCnn.Layers;
using RealtimeCnn.Live;

namespace RealtimeCnn.Demo;

/// <summary>What the demo's network pools with; the stride is always 2.</summary>
internal enum Pooling
{
    /// <summary>The largest of 2×2.</summary>
    Max2,

    /// <summary>The largest of 3×3.</summary>
    Max3,

    /// <summary>The mean of 2×2.</summary>
    Average2,
}

/// <summary>What the user can change about the demo's network.</summary>
/// <param name="Kernel">The editable window, 3×3, row by row.</param>
/// <param name="Stride">Step of the first convolution, in pixels.</param>
/// <param name="Padding">What the 3×3 convolutions see over the border.</param>
/// <param name="Pooling">How the second layer shrinks the first one's maps.</param>
internal sealed record NetworkSettings(
    IReadOnlyList<float> Kernel, int Stride = 1, PaddingMode Padding = PaddingMode.Replicate, Pooling Pooling = Pooling.Max2) : ISceneNetwork
{
    private const int InputWidth = 256;

    /// <summary>Name of the classical filter that the kernel is; null for one of the user's own.</summary>
    public string? KernelName
    {
        get
        {
            // Asked for in every picture, so it allocates nothing.
            for (int i = 0; i < Filters.All.Count; i++)
            {
                if (IsKernel(Filters.All[i]))
                    return Filters.All[i].Name;
            }

            return null;
        }
    }

    /// <summary>What the demo starts with: the editable window shows outlines: what differs from all its neighbours.</summary>
    public static NetworkSettings Default => new([-1, -1, -1, -1, 8, -1, -1, -1, -1]);

    /// <summary>Height and width of the network's input: the picture's proportions at a width that every device can afford.</summary>
    public static Size2d InputSizeOf(Size2d upright) => new(Math.Max((int)Math.Round((double)InputWidth * upright.Height / upright.Width), 8), InputWidth);

    public Graph Build(Size2d upright, out LiveOptions options)
    {
        var input = InputSizeOf(upright);
        options = new LiveOptions { Preprocessing = new Preprocessing { Size = input }, Drawn = [.. DemoNetwork.Pictures, .. DemoNetwork.Stack] };
        return DemoNetwork.Build(input, this);
    }

    public void Release(Graph graph) => graph.Dispose();

    public void Read(LiveResult result, Scene scene)
    {
        ReadOnlySpan<float> maps = result[DemoNetwork.Strongest].Span;
        int strongest = 0;
        for (int i = 1; i < maps.Length; i++)
            strongest = maps[i] > maps[strongest] ? i : strongest;
        scene.StrongestMap = strongest;
    }

    private bool IsKernel(Filter filter)
    {
        for (int i = 0; i < Kernel.Count; i++)
        {
            if (filter.Size != 3 || filter.Weights[i] != Kernel[i])
                return false;
        }

        return true;
    }
}

/// <summary>
/// The demo's network: the classical filters and an editable one side by side, and a small stack
/// conv → ReLU → pool → depthwise → pointwise, all reading one picture.
/// </summary>
internal static class DemoNetwork
{
    public const string Custom = "custom";
    public const string Strongest = "strongest";
    public const string Conv = "conv", Pool = "pool", Depthwise = "depthwise", Pointwise = "pointwise";

    /// <summary>Channels of the last layer.</summary>
    public const int LastChannels = 16;

    private const int Maps = 8;

    /// <summary>Names of the filtered pictures, in the order in which they are shown.</summary>
    public static IReadOnlyList<string> Pictures { get; } = [.. Filters.All.Select(filter => filter.Name), Custom];

    /// <summary>Names of the stack's values.</summary>
    public static IReadOnlyList<string> Stack { get; } = [Conv, Pool, Depthwise, Pointwise];

    /// <summary>Feature maps of one of <see cref="Stack"/>.</summary>
    public static int ChannelsOf(string name) => name == Pointwise ? LastChannels : Maps;

    /// <summary>Builds the network; its outputs are <see cref="Pictures"/>, <see cref="Stack"/>, and the greatest value of each of the last layer's maps.</summary>
    /// <param name="input">Height and width of the picture it sees.</param>
    /// <param name="settings">The user's choices.</param>
    public static Graph Build(Size2d input, NetworkSettings settings)
    {
        var builder = new GraphBuilder(seed: 11);
        var picture = builder.Input("picture", new Shape(1, 3, input.Height, input.Width));
        var outputs = Filters.All.Append(new Filter(Custom, 3, settings.Kernel))
            .Select(filter => Filters.Add(builder, picture, 3, filter)).ToList();

        var conv = builder.Add(
            new Conv2d(3, Maps, 3) { Stride = settings.Stride, Padding = 1, PaddingMode = settings.Padding, HasBias = false, Activation = Activation.Relu },
            picture, [FirstLayer()], Conv);
        PoolingLayer pooling = settings.Pooling switch
        {
            Pooling.Max2 => new MaxPool2d(2) { Stride = 2 },
            Pooling.Max3 => new MaxPool2d(3) { Stride = 2, Padding = 1 },
            _ => new AveragePool2d(2) { Stride = 2 },
        };
        var pool = builder.Add(pooling, conv, name: Pool);
        var depthwise = builder.Add(
            new DepthwiseConv2d(Maps, 3) { Padding = 1, PaddingMode = settings.Padding, HasBias = false }, pool, [CentreSurround()], Depthwise);
        var pointwise = builder.Add(new PointwiseConv2d(Maps, LastChannels) { HasBias = false, Activation = Activation.Relu }, depthwise, name: Pointwise);
        var strongest = builder.Add(new GlobalMaxPool(), pointwise, name: Strongest);
        return builder.Build([.. outputs, conv, pool, depthwise, pointwise, strongest]);
    }

    /// <summary>
    /// What first layers of trained networks look like: edges in six directions, then red against green and blue against
    /// yellow. Shape <c>[8, 3, 3, 3]</c>.
    /// </summary>
    private static Tensor FirstLayer()
    {
        float[][] colours = [[0.3f, 0.6f, 0.1f], [1, -1, 0], [-0.5f, -0.5f, 1]];
        var weight = new Tensor(new Shape(Maps, 3, 3, 3));
        for (int map = 0; map < Maps; map++)
        {
            double angle = map * Math.PI / 3;
            for (int c = 0; c < 3; c++)
            {
                for (int y = -1; y <= 1; y++)
                {
                    for (int x = -1; x <= 1; x++)
                    {
                        double bell = Math.Exp(-((x * x) + (y * y)) / 2.0);
                        double window = map < 6 ? ((Math.Cos(angle) * x) + (Math.Sin(angle) * y)) * bell : bell / 5;
                        weight[map, c, y + 1, x + 1] = (float)(window * colours[Math.Max(map - 5, 0)][c]);
                    }
                }
            }
        }

        return weight;
    }

    /// <summary>A spot brighter than its surroundings, once for each channel. Shape <c>[8, 1, 3, 3]</c>.</summary>
    private static Tensor CentreSurround()
    {
        var weight = new Tensor(new Shape(Maps, 1, 3, 3));
        for (int i = 0; i < weight.Shape.Count; i++)
            weight.Span[i] = i % 9 == 4 ? 1 : -0.1f;
        return weight;
    }
}
