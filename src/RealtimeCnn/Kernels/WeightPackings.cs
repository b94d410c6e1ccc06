using System.Runtime.CompilerServices;
using RealtimeCnn.Cpu;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Kernels;

/// <summary>
/// Weights <c>[Outputs][Inputs][Taps]</c>, of a convolution, a depthwise one or a matrix, as
/// <c>[Outputs/Block][Taps][PaddedInputs][Block]</c>: lane = output; zeros behind the last input and the last output.
/// </summary>
/// <param name="Outputs">Outputs of the layer.</param>
/// <param name="Inputs">Inputs that one output sees.</param>
/// <param name="Taps">Positions of the window; 1 for a matrix.</param>
/// <param name="Block">Lanes.</param>
/// <param name="PaddedInputs">Inputs rounded up to what the kernel reads at once.</param>
/// <param name="FirstBlock">The first block of outputs that is packed.</param>
/// <param name="Blocks">How many blocks are.</param>
internal sealed record WeightPacking(int Outputs, int Inputs, int Taps, int Block, int PaddedInputs, int FirstBlock, int Blocks)
    : ElementPacking(Cost.Product(Blocks, Taps, PaddedInputs, Block))
{
    /// <summary>All outputs.</summary>
    /// <param name="outputs">Outputs of the layer.</param>
    /// <param name="inputs">Inputs that one output sees.</param>
    /// <param name="taps">Positions of the window; 1 for a matrix.</param>
    /// <param name="block">Lanes.</param>
    /// <param name="align">What inputs are rounded up to a multiple of.</param>
    public WeightPacking(int outputs, int inputs, int taps, int block, int align = 1)
        : this(outputs, inputs, taps, block, BlockedLayout.Blocks(inputs, align) * align, 0, BlockedLayout.Blocks(outputs, block))
    {
    }

    /// <summary>Only where all outputs are packed.</summary>
    public override bool IsReversible => FirstBlock == 0 && Blocks == BlockedLayout.Blocks(Outputs, Block);

    /// <summary>Blocks.</summary>
    public override int Parts => Math.Max(Blocks, 1);

    [MethodImpl(KernelCode.Optimized)]
    protected override void Walk(Moves moves, int from, int to)
    {
        // So many elements of all lanes stay in the first cache.
        Span<int> places = stackalloc int[Block];
        int row = Inputs * Taps;
        for (int block = from; block < Math.Min(to, Blocks); block++)
        {
            int first = (FirstBlock + block) * Block, lanes = Math.Min(Block, Outputs - first), tap = 0, input = 0;
            if (Taps == 1)
            {
                moves.Transpose(lanes, Inputs, first * row, row, block * PaddedInputs * Block, Block);
                continue;
            }

            for (int i = 0; i < row; i += Block)
            {
                var run = places[..Math.Min(Block, row - i)];
                foreach (ref int place in run)
                {
                    place = ((((block * Taps) + tap) * PaddedInputs) + input) * Block;
                    if (++tap == Taps)
                        (tap, input) = (0, input + 1);
                }

                moves.Transpose(lanes, (first * row) + i, row, run);
            }
        }
    }
}

/// <summary>
/// Weights <c>[Groups·Inputs][OutputsPerGroup][Taps]</c> of a transposed convolution as <c>[outputs/Block][Taps][PaddedInputs][Block]</c>.
/// </summary>
internal sealed record TransposedWeightPacking(int Groups, int Inputs, int OutputsPerGroup, int Taps, int Block, int PaddedInputs)
    : ElementPacking(Cost.Product(BlockedLayout.Blocks(Groups * OutputsPerGroup, Block), Taps, PaddedInputs, Block))
{
    /// <summary>The order of the taps; null for that of the window.</summary>
    public StrideOrder? Order { get; init; }

    /// <summary>Blocks of outputs.</summary>
    public override int Parts => Math.Max(BlockedLayout.Blocks(Groups * OutputsPerGroup, Block), 1);

    [MethodImpl(KernelCode.Optimized)]
    protected override void Walk(Moves moves, int from, int to)
    {
        // Outputs of one group that share a block are lanes side by side.
        for (int o = from * Block, lanes; o < Math.Min(to * Block, Groups * OutputsPerGroup); o += lanes)
        {
            var (group, output) = Math.DivRem(o, OutputsPerGroup);
            lanes = Math.Min(Block - (o % Block), OutputsPerGroup - output);
            int value = ((group * Inputs * OutputsPerGroup) + output) * Taps, place = ((o / Block) * Taps * PaddedInputs * Block) + (o % Block);
            if (Taps == 1)
                moves.Rows(Inputs, lanes, value, OutputsPerGroup, place, Block);
            else
                Transpose(moves, lanes, value, place);
        }
    }

    /// <summary>Outputs side by side: their taps become vectors.</summary>
    [MethodImpl(KernelCode.Optimized)]
    private void Transpose(Moves moves, int lanes, int value, int place)
    {
        Span<int> order = stackalloc int[Block], places = stackalloc int[Block];
        for (int first = 0; first < Taps; first += Block)
        {
            int taps = Math.Min(Block, Taps - first);
            for (int i = 0; i < taps; i++)
                order[i] = Order?.PlaceOf(first + i) ?? (first + i);
            for (int input = 0; input < Inputs; input++)
            {
                for (int i = 0; i < taps; i++)
                    places[i] = place + (((order[i] * PaddedInputs) + input) * Block);
                moves.Transpose(lanes, value + (input * OutputsPerGroup * Taps) + first, Taps, places[..taps]);
            }
        }
    }
}

/// <summary>
/// Weights <c>[Places][Outputs][Inputs][Taps]</c> of a layer with a kernel for every place as
/// <c>[outputs/Block][Places][Taps][PaddedInputs][Block]</c>.
/// </summary>
internal sealed record LocalWeightPacking(int Places, int Outputs, int Inputs, int Taps, int Block, int PaddedInputs)
    : ElementPacking(Cost.Product(BlockedLayout.Blocks(Outputs, Block), Places, Taps, PaddedInputs, Block))
{
    /// <summary>Blocks of outputs.</summary>
    public override int Parts => Math.Max(BlockedLayout.Blocks(Outputs, Block), 1);

    [MethodImpl(KernelCode.Optimized)]
    protected override void Walk(Moves moves, int from, int to)
    {
        for (int place = 0; place < Places; place++)
        {
            for (int o = from * Block; o < Math.Min(to * Block, Outputs); o++)
            {
                int value = ((place * Outputs) + o) * Inputs * Taps;
                for (int tap = 0; tap < Taps; tap++)
                    moves.Run(Inputs, value + tap, Taps, ((((((o / Block) * Places) + place) * Taps) + tap) * PaddedInputs * Block) + (o % Block), Block);
            }
        }
    }
}
