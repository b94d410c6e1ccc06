using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>
/// Concatenation along any axis of row-major memory, and along any axis but the channels of channel-blocked memory: one dispatch an
/// input, by whole vec4s where all runs are, else float by float. Along channels, blocks are views (<see cref="ChannelViews"/>).
/// </summary>
internal static class ConcatKernel
{
    public static Dispatch[] Plan(Concat layer, LayerCall call)
    {
        var y = call.Output.Shape;
        int axis = AxisIndex.Resolve(layer.Axis, y.Rank);
        bool blocked = call.Output.Layout == Layout.Blocked;

        // Channel-blocked memory is row-major memory of [N, blocks, …, 4].
        int inner = y.Product(axis + 1, y.Rank) * (blocked ? GpuKernels.Block : 1);
        int[] runs = [.. call.Inputs.Select(input => blocked && axis == 0 ? (int)input.Elements(GpuKernels.Block) : input.Shape[axis] * inner)];
        bool vectors = runs.All(run => run % GpuKernels.Block == 0);
        string shader = vectors ? "layers/concat.comp" : "layers/concat_scalar.comp";
        int unit = vectors ? GpuKernels.Block : 1;
        return [.. call.Inputs.Select((input, i) => (input, i)).Where(entry => entry.input.Shape.Count > 0).Select(entry => Copy(entry.input, entry.i))];

        Dispatch Copy(TensorInfo input, int i)
        {
            int count = vectors ? ConvolutionParams.Vectors(input) : input.Shape.Count, run = runs[i] / unit;
            var byRun = IndexDivisor.By(run);
            int[] numbers = [count, run, runs.Sum() / unit, runs[..i].Sum() / unit, byRun.Multiplier, byRun.Shift];
            return new(shader, Dispatch.Bytes(numbers), Dispatch.Flat(count), Operand.Of(i)) { WritesApart = true };
        }
    }
}
