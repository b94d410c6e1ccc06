using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;

namespace RealtimeCnn.Layers;

/// <summary>Keeps the largest of each group of neighbouring channels: <c>y[n,c,…] = max over j &lt; Pieces of x[n, c·Pieces + j, …]</c>. NaN wins.</summary>
/// <param name="Pieces">Channels in a group, at least 1; must divide the channels of the input.</param>
/// <remarks>Shapes: <c>[N, C, any further axes] → [N, C / Pieces, …]</c>. Source: Goodfellow et al. 2013, "Maxout Networks", arXiv:1302.4389.</remarks>
public sealed record Maxout(int Pieces) : Layer
{
    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        var x = inputs[0];
        if (x.Rank < 2)
            throw new ShapeException($"input must be [N, C, …]; it is {x}.");
        if (Pieces < 1 || x.Channels % Pieces != 0)
            throw new ShapeException($"the channels of {x} cannot be cut into groups of {Pieces}.");
        return x.With(1, x.Channels / Pieces);
    }

    internal unsafe CpuDispatch PlanCpu(LayerCall call)
    {
        Shape x = call.Input.Shape, y = call.Output.Shape;
        var constants = new Constants(Pieces, BlockedLayout.Blocks(x.Channels, 16), y.Channels, BlockedLayout.Blocks(y.Channels, 16), y.Area);
        return CpuDispatch.Create(&Forward, constants, y.Batch * constants.OutBlocks);
    }

    /// <summary>An item is one block of 16 output channels of one batch item.</summary>
    private static unsafe void Forward(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        for (int item = from; item < to; item++)
        {
            int n = item / c.OutBlocks, block = item % c.OutBlocks;
            float* x = arguments->Inputs[0] + ((long)n * c.InBlocks * c.Area * 16), y = arguments->Output + ((long)item * c.Area * 16);
            new Span<float>(y, c.Area * 16).Clear();
            for (int lane = 0; lane < Math.Min(16, c.Channels - (block * 16)); lane++)
            {
                int first = ((block * 16) + lane) * c.Pieces;
                for (int i = 0; i < c.Area; i++)
                {
                    float largest = float.NegativeInfinity;
                    for (int channel = first; channel < first + c.Pieces; channel++)
                        largest = Math.Max(largest, x[((((long)(channel / 16) * c.Area) + i) * 16) + (channel % 16)]);
                    y[(i * 16L) + lane] = largest;
                }
            }
        }
    }

    private readonly record struct Constants(int Pieces, int InBlocks, int Channels, int OutBlocks, int Area);
}
