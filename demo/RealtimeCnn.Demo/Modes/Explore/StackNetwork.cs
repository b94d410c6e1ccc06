using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Demo.Modes.Explore;

/// <summary>
/// A small stack conv → ReLU → pool → depthwise → pointwise, whose first layer has kernels like those of trained networks.
/// </summary>
internal static class StackNetwork
{
    public const string Strongest = "strongest";
    public const string Conv = "conv", Pool = "pool", Depthwise = "depthwise", Pointwise = "pointwise";

    /// <summary>Channels of the last layer.</summary>
    public const int LastChannels = 16;

    private const int Maps = 8;

    /// <summary>Names of the stack's values.</summary>
    public static IReadOnlyList<string> Layers { get; } = [Conv, Pool, Depthwise, Pointwise];

    /// <summary>Feature maps of one of <see cref="Layers"/>.</summary>
    public static int ChannelsOf(string name) => name == Pointwise ? LastChannels : Maps;

    /// <summary>Builds the network; its outputs are <see cref="Layers"/>, and the greatest value of each of the last layer's maps.</summary>
    /// <param name="input">Height and width of the picture it sees.</param>
    /// <param name="settings">The user's choices.</param>
    public static Graph Build(Size2d input, StackSettings settings)
    {
        var builder = new GraphBuilder(seed: 11);
        var picture = builder.Input("picture", new Shape(1, 3, input.Height, input.Width));
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
        return builder.Build([conv, pool, depthwise, pointwise, strongest]);
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
