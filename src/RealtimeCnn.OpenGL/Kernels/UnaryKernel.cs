using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>Any function of one number; each function in use is a program.</summary>
internal static class UnaryKernel
{
    public static Dispatch[] Plan(UnaryLayer layer, LayerCall call)
    {
        int count = ConvolutionParams.Vectors(call.Output);
        var blocks = BlockDivisors.Of(call.Output);
        byte[] constants = Dispatch.Bytes(new Params(count, blocks.TailedChannels, blocks.ByArea, blocks.ByBlocks));
        return [new Dispatch("layers/unary.comp", constants, Dispatch.Flat(count), Operand.Of(0)) { Defines = [$"FUNCTION {(int)layer.Function}"] }];
    }

    private readonly record struct Params(int Count, int Channels, IndexDivisor ByArea, IndexDivisor ByBlocks);
}
