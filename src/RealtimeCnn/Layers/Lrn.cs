using System.Runtime.Intrinsics;
using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;

namespace RealtimeCnn.Layers;

/// <summary>
/// Local response normalisation across channels: <c>y[n,c,h,w] = x[n,c,h,w] / (Bias + Alpha / Size · Σ over d of x[n,d,h,w]²)^Beta</c>,
/// d from <c>c − floor((Size − 1) / 2)</c> to <c>c + ceil((Size − 1) / 2)</c> where there is such a channel.
/// </summary>
/// <param name="Size">Channels in the window, at least 1.</param>
/// <remarks>
/// Shapes: <c>[N, C, any further axes]</c> → the same. Source: Krizhevsky, Sutskever and Hinton 2012, "ImageNet Classification with
/// Deep Convolutional Neural Networks", section 3.3 (there without the division by Size); ONNX LRN.
/// </remarks>
public sealed record Lrn(int Size) : Layer
{
    /// <summary>Weight of the squares.</summary>
    public float Alpha { get; init; } = 1e-4f;

    /// <summary>The exponent.</summary>
    public float Beta { get; init; } = 0.75f;

    /// <summary>What is added to the sum of squares, above 0 so that no power of zero occurs.</summary>
    public float Bias { get; init; } = 1;

    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        if (inputs[0].Rank < 2)
            throw new ShapeException($"input must be [N, C, …]; it is {inputs[0]}.");
        if (Size < 1 || !(Alpha >= 0) || !(Bias > 0))
            throw new ShapeException($"size {Size}, alpha {Alpha} and bias {Bias} are not possible: the size is at least 1, alpha at least 0, the bias above 0.");
        return inputs[0];
    }

    /// <inheritdoc/>
    public override long Operations(ReadOnlySpan<Shape> inputs, Shape output) => Cost.Product(output.Count, Math.Min(Size, 2L * output.Channels) + 16);

    internal override unsafe CpuDispatch PlanCpu(LayerCall call)
    {
        var x = call.Input.Shape;
        var constants = new Constants(x.Channels, BlockedLayout.Blocks(x.Channels, 16), x.Area, Math.Min(Size, 2 * x.Channels), Alpha / Size, Beta, Bias);
        return CpuDispatch.Create(&Forward, constants, x.Batch * x.Area);
    }

    /// <summary>An item is one pixel. Its squares are laid out in a row between zeros, so that a window is an unaligned load.</summary>
    private static unsafe void Forward(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        float* squares = stackalloc float[(c.Blocks * 16) + c.Size];
        int before = (c.Size - 1) / 2;
        new Span<float>(squares, (c.Blocks * 16) + c.Size).Clear();
        for (int item = from; item < to; item++)
        {
            long at = (((long)(item / c.Area) * c.Blocks * c.Area) + (item % c.Area)) * 16;
            for (int block = 0; block < c.Blocks; block++)
            {
                var x = Vector512.Load(arguments->Inputs[0] + at + (block * c.Area * 16L));
                Vector512.Store(x * x, squares + before + (block * 16));
            }

            for (int block = 0; block < c.Blocks; block++)
            {
                var sum = Vector512<float>.Zero;
                for (int d = 0; d < c.Size; d++)
                    sum += Vector512.Load(squares + (block * 16) + d);
                long place = at + (block * c.Area * 16L);
                var divisor = Lanes.Pow(Vector512.MultiplyAddEstimate(sum, Vector512.Create(c.Alpha), Vector512.Create(c.Bias)), Vector512.Create(c.Beta));
                Vector512.StoreAligned(Lanes.KeepFirst(Vector512.Load(arguments->Inputs[0] + place) / divisor, c.Channels - (block * 16)), arguments->Output + place);
            }
        }
    }

    private readonly record struct Constants(int Channels, int Blocks, int Area, int Size, float Alpha, float Beta, float Bias);
}
