using RealtimeCnn.Layers;
using RealtimeCnn.SelfTests.Oracles;

namespace RealtimeCnn.SelfTests.Cases;

/// <summary>Convolutions in tiles: each number of blocks that a tile may have, on planes of few and of more pixels, without and with what lies over the border.</summary>
internal static class TileCases
{
    private static readonly Shape Small = new(1, 6, 5, 6), Picture = new(2, 7, 9, 11);

    public static IEnumerable<LayerCase> All
    {
        get
        {
            foreach (int channels in new[] { 4, 8, 12, 16 })
            {
                yield return Case($"tile, to {channels}, few pixels", new PointwiseConv2d(6, channels), Small);
                yield return Case($"tile, to {channels}", new PointwiseConv2d(7, channels) { Activation = Activation.Relu6 }, Picture);
                yield return Case($"tile, 1×3 to {channels}", new Conv2d(7, channels, new Size2d(1, 3)) { Padding = new Padding2d(0, 1, 0, 1), Activation = Activation.Relu }, Picture);
            }

            foreach (int stride in new[] { 1, 2 })
            {
                foreach (int kernel in new[] { 3, 5 })
                {
                    var layer = new DepthwiseConv2d(6, kernel) { Padding = kernel / 2, Stride = stride, Activation = Activation.Relu6 };
                    yield return Case($"tile, {kernel}×{kernel}, stride {stride}", layer, new Shape(2, 6, 21, 22));
                    yield return Case($"tile, {kernel}×{kernel}, stride {stride}, a multiple of 7 wide", layer, new Shape(1, 6, 9, 7 * stride));
                }
            }

            // Neighbours are channels: planes of 7×7, the last channels without a neighbour.
            foreach (int channels in new[] { 33, 61, 64, 90 })
            {
                var layer = new PointwiseConv2d(66, channels) { Activation = Activation.Relu };
                yield return Case($"tile across channels, to {channels}", layer, new Shape(1, 66, 7, 7));
                yield return Case($"tile across channels, to {channels}, residual, batch of 2", layer with { AddsResidual = true }, new Shape(2, 66, 7, 7), new Shape(2, channels, 7, 7));
            }

            yield return Case("tile, replicate", new Conv2d(7, 5, 3) { Padding = 2, PaddingMode = PaddingMode.Replicate }, Picture);
            yield return Case("tile, reflect", new Conv2d(7, 5, 3) { Padding = 2, PaddingMode = PaddingMode.Reflect }, Picture);
            yield return Case("tile, residual", new Conv2d(7, 9, 3) { Padding = 1, AddsResidual = true, Activation = Activation.Relu6 }, Picture, new Shape(2, 9, 9, 11));
            yield return Case("tile, residual", new DepthwiseConv2d(6, 3) { Padding = 1, AddsResidual = true }, Small, Small);
        }
    }

    private static LayerCase Case(string name, ConvolutionLayer layer, params Shape[] inputs) => new(name, layer, (x, parameters) => ConvolutionOracle.Compute(layer, x, parameters), 2e-6, inputs);
}
