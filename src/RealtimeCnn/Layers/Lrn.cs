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
        var constants = new Constants(x.Channels, BlockedLayout.Blocks(x.Channels, 16), x.Area, (int)Math.Min(Size, 2L * x.Channels), Alpha / Size, Beta, Bias);
        return CpuDispatch.Create(&Forward, constants, x.Batch * x.Area);
    }

    /// <summary>An item is one pixel. Two blocks of squares lie side by side, so that 16 windows move on by one unaligned load.</summary>
    private static unsafe void Forward(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        float* squares = stackalloc float[32];
        int before = (c.Size - 1) / 2;
        for (int item = from; item < to; item++)
        {
            long at = (((long)(item / c.Area) * c.Blocks * c.Area) + (item % c.Area)) * 16;
            float* x = arguments->Inputs[0] + at, y = arguments->Output + at;
            for (int block = 0; block < c.Blocks; block++)
            {
                var sum = Vector512<float>.Zero;
                // Window d of the 16 channels starts at channel first + d; those wholly outside add nothing.
                long first = (block * 16L) - before, end = Math.Min(first + c.Size, c.Blocks * 16L);
                for (long channel = Math.Max(first, -15); channel < end;)
                {
                    long pair = channel >> 4;
                    Square(x, pair, in c).Store(squares);
                    Square(x, pair + 1, in c).Store(squares + 16);
                    for (long next = Math.Min((pair + 1) * 16, end); channel < next; channel++)
                        sum += Vector512.Load(squares + (channel & 15));
                }

                long place = block * c.Area * 16L;
                var divisor = Lanes.Pow(Vector512.MultiplyAddEstimate(sum, Vector512.Create(c.Alpha), Vector512.Create(c.Bias)), Vector512.Create(c.Beta));
                Vector512.StoreAligned(Lanes.KeepFirst(Vector512.Load(x + place) / divisor, c.Channels - (block * 16)), y + place);
            }
        }
    }

    /// <summary>The squares of one block of a pixel, 0 where there is no such block.</summary>
    private static unsafe Vector512<float> Square(float* x, long block, in Constants c)
    {
        if (block < 0 || block >= c.Blocks)
            return Vector512<float>.Zero;
        var value = Vector512.Load(x + (block * c.Area * 16));
        return value * value;
    }

    private readonly record struct Constants(int Channels, int Blocks, int Area, int Size, float Alpha, float Beta, float Bias);
}
