using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Tests.Cpu;

/// <summary>How many threads a plan is worth, and in what pieces they share its steps.</summary>
public sealed class SharingRuleTests
{
    private static readonly SharingRule Rule = new(Processors: 8, Piece: 2_000, LongPiece: 50_000, ThreadShare: 20_000);

    [Fact]
    public void What_a_call_costs_follows_from_its_work_and_its_bytes()
    {
        double small = SharingRule.Cost(Call(new Linear(84, 10), new Shape(1, 84), new Shape(1, 10)));
        double large = SharingRule.Cost(Call(new Linear(4096, 1000), new Shape(1, 4096), new Shape(1, 1000)));
        Assert.InRange(small, 1, 200);
        Assert.InRange(large, 50_000, 500_000);
        Assert.True(SharingRule.Cost(Call(new Relu(), new Shape(1, 1 << 20), new Shape(1, 1 << 20))) > 500_000);
        Assert.Equal(double.PositiveInfinity, SharingRule.Cost(Call(new FromOutside(), new Shape(1), new Shape(1))));
    }

    [Fact]
    public void A_block_costs_what_its_nodes_cost()
    {
        var builder = new GraphBuilder();
        var input = builder.Input("x", new Shape(1, 64));
        var first = builder.Add(new Linear(64, 4096), input);
        var second = builder.Add(new Linear(4096, 64), first);
        var one = new TensorInfo(new Shape(1, 64), Layout.Plain);
        double block = SharingRule.Cost(new LayerCall([first, second], [one], [one]));
        Assert.InRange(block, 2 * 64 * 4096 / 32.0, 2.1 * 64 * 4096 / 32);
        Assert.Equal(block, SharingRule.Cost(new LayerCall([second], [one], [one]) { Forward = new LayerCall([first, second], [one], [one]) }));
    }

    [Theory]
    [InlineData(1_000, 40, 8, 1)] // many steps, each too small to share
    [InlineData(4_000, 4, 8, 1)] // so little that one thread is as fast
    [InlineData(50_000, 1, 8, 2)]
    [InlineData(1_000_000, 1, 8, 8)]
    [InlineData(1_000_000, 1, 3, 3)] // no more than allowed
    [InlineData(1_000_000, 9, 1000, 8)] // no more than processors
    [InlineData(double.PositiveInfinity, 1, 4, 4)]
    public void Threads_are_as_many_as_the_work_is_worth(double cost, int steps, int threads, int participants) =>
        Assert.Equal(participants, Rule.Participants([.. Enumerable.Repeat(cost, steps)], threads));

    [Theory]
    [InlineData(100, 1_000, 2, 100, 100, 1)] // not worth cutting
    [InlineData(100, 10_000, 2, 20, 100, 2)] // pieces of at least two microseconds
    [InlineData(100, 10_000, 8, 20, 100, 5)] // no more sections than such pieces
    [InlineData(1000, 1_000_000, 4, 2, 50, 4)] // pieces of at most fifty
    [InlineData(1, 1_000_000, 4, 1, 1, 1)] // one item is one piece
    [InlineData(3, 1_000_000, 64, 1, 1, 3)]
    [InlineData(1000, 1_000_000, 64, 2, 50, 8)]
    [InlineData(1000, double.PositiveInfinity, 4, 1, 500, 4)]
    public void Pieces_are_long_enough_to_pay_and_short_enough_to_share(int items, double cost, int participants, int least, int most, int sections)
    {
        var share = Rule.Share(items, cost, participants, []);
        Assert.Equal((least, most, sections), (share.Least, share.Most, share.Sections));
        Assert.Equal((0, items), (share.Start(0), share.Start(sections)));
    }

    [Theory]
    [InlineData(0.001)]
    [InlineData(3_000)]
    [InlineData(1e9)]
    public void Claims_cover_every_item_in_pieces_that_shrink(double cost)
    {
        for (int items = 1; items < 300; items = (items * 3 / 2) + 1)
        {
            var share = Rule.Share(items, cost, 4, []);
            for (int section = 0; section < share.Sections; section++)
            {
                long left = share.Start(section + 1) - share.Start(section), before = long.MaxValue;
                Assert.True(left > 0);
                for (; left > 0; left -= before)
                {
                    long length = share.Length(left);
                    Assert.InRange(length, 1, Math.Min(left, Math.Max(before, share.Least)));
                    before = length;
                }
            }
        }
    }

    private static LayerCall Call(Layer layer, Shape input, Shape output)
    {
        var builder = new GraphBuilder();
        return new LayerCall(builder.Add(layer, builder.Input("x", input)), [new TensorInfo(input, Layout.Plain)], new TensorInfo(output, Layout.Plain));
    }

    private sealed record FromOutside : Layer, RealtimeCnn.Kernels.ICustomLayer
    {
        public IReadOnlyList<RealtimeCnn.Kernels.CustomKernel> Kernels => [];

        public override Shape InferShape(ReadOnlySpan<Shape> inputs) => inputs[0];
    }
}
