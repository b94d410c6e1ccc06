using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Tests;

/// <summary>A few convolutions, an activation to fuse and a pooling, on pictures of any size.</summary>
internal static class SmallNetwork
{
    public static Graph Build()
    {
        var builder = new GraphBuilder(seed: 3);
        var x = builder.Input("image", new Shape(1, 3, 32, 32));
        x = builder.Add(new Conv2d(3, 19, 3) { Padding = 1 }, x, name: "conv");
        x = builder.Add(new Relu(), x);
        x = builder.Add(new MaxPool2d(2) { Stride = 2 }, x);
        x = builder.Add(new DepthwiseConv2d(19, 3) { Padding = 1, Activation = Activation.Relu6 }, x);
        return builder.Build(builder.Add(new PointwiseConv2d(19, 5), x));
    }
}
