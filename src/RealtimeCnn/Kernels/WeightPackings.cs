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

    private const int InputsAtOnce = 128;

    /// <summary>Only where all outputs are packed.</summary>
    public override bool IsReversible => FirstBlock == 0 && Blocks == BlockedLayout.Blocks(Outputs, Block);

    protected override void Walk(Moves moves)
    {
        int outputStep = Inputs * Taps;
        for (int block = 0; block < Blocks; block++)
        {
            int first = (FirstBlock + block) * Block, lanes = Math.Min(Block, Outputs - first);
            for (int tap = 0; tap < Taps; tap++)
            {
                // So many inputs of all lanes stay in the first cache.
                for (int input = 0; input < Inputs; input += InputsAtOnce)
                {
                    int place = ((((block * Taps) + tap) * PaddedInputs) + input) * Block;
                    for (int lane = 0; lane < lanes; lane++)
                        moves.Run(Math.Min(InputsAtOnce, Inputs - input), ((first + lane) * outputStep) + (input * Taps) + tap, Taps, place + lane, Block);
                }
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

    protected override void Walk(Moves moves)
    {
        for (int tap = 0; tap < Taps; tap++)
        {
            int place = Order?.PlaceOf(tap) ?? tap;
            for (int o = 0; o < Groups * OutputsPerGroup; o++)
            {
                int group = o / OutputsPerGroup, row = ((group * Inputs * OutputsPerGroup) + (o % OutputsPerGroup)) * Taps;
                moves.Run(Inputs, row + tap, OutputsPerGroup * Taps, ((((o / Block) * Taps) + place) * PaddedInputs * Block) + (o % Block), Block);
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
    protected override void Walk(Moves moves)
    {
        for (int place = 0; place < Places; place++)
        {
            for (int o = 0; o < Outputs; o++)
            {
                int from = ((place * Outputs) + o) * Inputs * Taps;
                for (int tap = 0; tap < Taps; tap++)
                    moves.Run(Inputs, from + tap, Taps, ((((((o / Block) * Places) + place) * Taps) + tap) * PaddedInputs * Block) + (o % Block), Block);
            }
        }
    }
}
