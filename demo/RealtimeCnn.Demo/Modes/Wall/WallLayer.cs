using RealtimeCnn.Drawing;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Demo.Modes.Wall;

/// <summary>A layer on the wall.</summary>
/// <param name="Index">Among the layers.</param>
/// <param name="Node">What computes it, with what is fused into it; a node of the model.</param>
/// <param name="Drawn">Name of the value that is drawn.</param>
/// <param name="Title">What it computes.</param>
/// <param name="Shape">Of its maps, <c>[1, C, H, W]</c>; what has no places has one.</param>
/// <param name="Size">The shape in words.</param>
/// <param name="Colors">Whether its values have both signs.</param>
/// <param name="IsVector">Whether its values have no places, <c>[1, C]</c>.</param>
/// <param name="Weighted">The layer with weights behind it: its own, or that whose activation or normalisation it is; null for none.</param>
internal sealed record WallLayer(int Index, Node Node, string Drawn, string Title, Shape Shape, string Size, MapColors Colors, bool IsVector, Node? Weighted)
{
    /// <summary>The weights with which one channel is computed, and how they lie: so many windows of a height and a width.</summary>
    /// <param name="channel">Which channel.</param>
    /// <param name="count">Windows: one for each channel that is read.</param>
    /// <param name="window">Extent of each.</param>
    public ReadOnlySpan<float> WeightsOf(int channel, out int count, out Size2d window)
    {
        (count, window) = (0, default);
        if (Weighted is not { } node)
            return default;
        var weight = node.Parameters[0];
        switch (node.Layer)
        {
            case LocallyConnected2d or ConvTranspose2d:
                return default;
            case ConvolutionLayer convolution:
                (count, window) = (convolution.ChannelsPerGroup, convolution.Kernel);
                break;
            case Linear linear:
                (count, window) = (linear.InFeatures, new Size2d(1, 1));
                break;
            default:
                return default;
        }

        int each = count * window.Height * window.Width;
        return weight.Values.Slice(channel * each, each);
    }
}
