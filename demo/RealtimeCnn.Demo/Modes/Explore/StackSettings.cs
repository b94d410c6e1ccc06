using RealtimeCnn.Demo.Scenes;
using RealtimeCnn.Graphs;
using RealtimeCnn.Images;
using RealtimeCnn.Layers;
using RealtimeCnn.Live;

namespace RealtimeCnn.Demo.Modes.Explore;

/// <summary>What the user can change about the stack.</summary>
/// <param name="Stride">Step of the first convolution, in pixels.</param>
/// <param name="Padding">What the 3×3 convolutions see over the border.</param>
/// <param name="Pooling">How the second layer shrinks the first one's maps.</param>
internal sealed record StackSettings(int Stride = 1, PaddingMode Padding = PaddingMode.Replicate, Pooling Pooling = Pooling.Max2) : ISceneNetwork
{
    private const int InputWidth = 256;

    /// <summary>The map with the greatest value of the last layer in the newest picture; −1 before the first.</summary>
    public int Strongest { get; private set; } = -1;

    /// <summary>Height and width of the network's input: the picture's proportions at a width that every device can afford.</summary>
    public static Size2d InputSizeOf(Size2d upright) => new(Math.Max((int)Math.Round((double)InputWidth * upright.Height / upright.Width), 8), InputWidth);

    public Graph Build(Size2d upright, out LiveOptions options)
    {
        var input = InputSizeOf(upright);
        options = new LiveOptions { Preprocessing = new Preprocessing { Size = input }, Drawn = StackNetwork.Layers };
        return StackNetwork.Build(input, this);
    }

    public void Release(Graph graph) => graph.Dispose();

    public void Read(LiveResult result, Scene scene)
    {
        ReadOnlySpan<float> maps = result[StackNetwork.Strongest].Span;
        Strongest = 0;
        for (int i = 1; i < maps.Length; i++)
            Strongest = maps[i] > maps[Strongest] ? i : Strongest;
    }
}
