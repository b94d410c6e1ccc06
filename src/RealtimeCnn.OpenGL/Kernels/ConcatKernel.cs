using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>Concatenation, one dispatch an input: by whole vec4s where all runs are, else float by float.</summary>
internal static class ConcatKernel
{
    public static Dispatch[] Plan(Concat layer, LayerCall call)
    {
        var y = call.Output.Shape;
        int axis = AxisIndex.Resolve(layer.Axis, y.Rank);
        bool blocked = call.Output.Layout == Layout.Blocked;
        if (blocked && axis == 1)
            return call.Inputs.SkipLast(1).All(input => input.Shape.Channels % GpuKernels.Block == 0) ? PlanBlocks(call) : PlanChannels(call);

        // Channel-blocked memory is row-major memory of [N, blocks, …, 4].
        int inner = y.Product(axis + 1, y.Rank) * (blocked ? 4 : 1);
        int[] runs = [.. call.Inputs.Select(input => blocked && axis == 0 ? (int)input.Elements(GpuKernels.Block) : input.Shape[axis] * inner)];
        return runs.All(run => run % GpuKernels.Block == 0) ? PlanVectors(call, [.. runs.Select(run => run / GpuKernels.Block)]) : PlanScalars(call, runs);
    }

    private static Dispatch[] PlanBlocks(LayerCall call) =>
        PlanVectors(call, [.. call.Inputs.Select(input => BlockedLayout.Blocks(input.Shape.Channels, GpuKernels.Block) * input.Shape.Area)]);

    private static Dispatch[] PlanVectors(LayerCall call, int[] runs) => Each(call, (input, i) =>
        Make("layers/concat.comp", i, [ConvolutionParams.Vectors(input), runs[i], runs.Sum(), runs[..i].Sum()]));

    private static Dispatch[] PlanScalars(LayerCall call, int[] runs) => Each(call, (input, i) =>
        Make("layers/concat_scalar.comp", i, [input.Shape.Count, runs[i], runs.Sum(), runs[..i].Sum(), 0, 0]));

    private static Dispatch[] PlanChannels(LayerCall call)
    {
        var y = call.Output.Shape;
        int[] channels = [.. call.Inputs.Select(input => input.Shape.Channels)];
        return Each(call, (input, i) =>
        {
            int offset = channels[..i].Sum();
            // The last input also writes the zeros behind the last channel.
            int written = i < channels.Length - 1 ? channels[i] : (BlockedLayout.Blocks(y.Channels, GpuKernels.Block) * GpuKernels.Block) - offset;
            return Make("layers/concat_scalar.comp", i, [y.Batch * written * y.Area, channels[i], y.Channels, offset, y.Area, written]);
        });
    }

    private static Dispatch[] Each(LayerCall call, Func<TensorInfo, int, Dispatch> plan) =>
        [.. call.Inputs.Select((input, i) => (input, i)).Where(entry => entry.input.Shape.Count > 0).Select(entry => plan(entry.input, entry.i))];

    private static Dispatch Make(string shader, int input, int[] numbers) =>
        new(shader, Dispatch.Bytes(numbers), Dispatch.Flat(numbers[0]), Operand.Of(input));
}
