using System.Runtime.InteropServices;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Kernels;

namespace RealtimeCnn.Tests.OpenGL.Kernels;

[Collection(GlTests.Name)]
public class LinearKernelTests(GlFixture gl)
{
    /// <summary>Sizes that do not divide: 23 outputs are 6 blocks, the last one with 3 outputs.</summary>
    private static readonly Linear Layer = new(10, 23);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(5)]
    public void Weights_beyond_the_limit_are_cut_into_parts_that_make_up_the_whole(int blocksThatFit)
    {
        var limits = gl.Run(device => device.Limits);
        using var weight = new Tensor(new Shape(23, 10));
        for (int i = 0; i < weight.Shape.Count; i++)
            weight.Span[i] = i + 1;
        using var bias = new Tensor(new Shape(23));
        var node = new Node("linear", Layer, [], new ParameterStore().Own("linear", Layer, [weight, bias]));
        var call = new LayerCall(node, [new TensorInfo(new Shape(3, 10), Layout.Blocked)], new TensorInfo(new Shape(3, 23), Layout.Blocked));

        var whole = Assert.Single(LinearKernel.Plan(Layer, call, limits));
        // A block of 4 outputs has 12 rows of inputs (10, rounded up) of 4 floats.
        long blockBytes = 12 * 4 * sizeof(float);
        var parts = LinearKernel.Plan(Layer, call, limits with { StorageBlockBytes = (blocksThatFit * blockBytes) + 20 });

        Assert.Equal((6 + blocksThatFit - 1) / blocksThatFit, parts.Length);
        Assert.All(parts, part => Assert.True(part.Reads[1].Weights!.Elements * sizeof(float) <= blocksThatFit * blockBytes));
        Assert.Equal(parts.Length, parts.Select(part => part.Reads[1].Weights!).Distinct().Count());
        Assert.Equal(Pack(whole), parts.SelectMany(Pack));
        int next = 0;
        foreach (var part in parts)
        {
            var constants = MemoryMarshal.Cast<byte, int>(part.Params);
            Assert.Equal(next, constants[3]);
            Assert.Equal(3 * constants[4], constants[0]);
            next += constants[4];
        }

        Assert.Equal(6, next);
    }

    [Fact]
    public void Weights_of_which_no_block_can_be_read_are_refused_and_left_to_the_CPU()
    {
        using Tensor weight = new(new Shape(23, 10)), bias = new(new Shape(23));
        var node = new Node("linear", Layer, [], new ParameterStore().Own("linear", Layer, [weight, bias]));
        var call = new LayerCall(node, [new TensorInfo(new Shape(3, 10), Layout.Blocked)], new TensorInfo(new Shape(3, 23), Layout.Blocked));
        var refusal = Assert.Single(LinearKernel.Plan(Layer, call, GlLimits.Guaranteed with { StorageBlockBytes = (12 * 4 * sizeof(float)) - 1 })).Refusal;
        Assert.Contains("take 192 bytes, of which shaders of this device read 191 at once", refusal, StringComparison.Ordinal);
    }

    private static float[] Pack(Dispatch dispatch)
    {
        var weights = dispatch.Reads[1].Weights!;
        float[] packed = new float[weights.Elements];
        weights.Pack(packed);
        return packed;
    }
}
