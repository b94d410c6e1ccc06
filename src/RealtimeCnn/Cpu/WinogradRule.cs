using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>What <see cref="WinogradKernel"/> computes, and where it takes less time than others.</summary>
internal static class WinogradRule
{
    /// <summary>Taps of the window.</summary>
    private const int Taps = 9;

    /// <summary>Most input channels, and most products of input and output channels, for which points are made: memory grows with them.</summary>
    private const int MostChannels = 1024, MostWeights = 1 << 20;

    /// <summary>The share of the tile kernel's cost from which on another kernel is worth its error.</summary>
    private const double LeastGain = 0.9;

    /// <summary>Whether the window is 3×3 and steps by one, over so many channels that points of all weights can be made.</summary>
    public static bool Fits(ConvolutionLayer layer, LayerCall call) =>
        layer.GroupCount == 1 && layer.Kernel == 3 && layer.Stride == 1 && layer.Dilation == 1 && !call.Mode.IsTraining && call.Output.Shape.Count > 0
        && layer.InChannels <= MostChannels && (long)layer.InChannels * layer.OutChannels <= MostWeights;

    /// <summary>Whether F(m, 3) takes less time than the tile kernel and every other form, by <see cref="Cost{TForm}"/>.</summary>
    public static bool Pays<TForm>(ConvolutionLayer layer, LayerCall call)
        where TForm : IWinogradForm
    {
        double best = Math.Min(Cost<Winograd4>(layer, call.Output.Shape), Cost<Winograd2>(layer, call.Output.Shape));
        double direct = Cost(layer, Taps * (double)call.Output.Shape.Area, 0, Taps);
        return best < LeastGain * direct && Cost<TForm>(layer, call.Output.Shape) == best;
    }

    /// <summary>
    /// A model of the time for one picture, in products of a value with 16 weights, fitted to measurements of whole networks with
    /// 512-bit vectors; <c>kernels Conv2d</c> of the benchmarks shows what it chooses. Vectors of any width and batches of any size choose
    /// alike, because their results are the same bits.
    /// </summary>
    private static double Cost<TForm>(ConvolutionLayer layer, Shape output)
        where TForm : IWinogradForm
    {
        double tiles = (double)WinogradKernel.Blocks(output.Height, TForm.Outputs) * WinogradKernel.Blocks(output.Width, TForm.Outputs);
        double whole = Math.Ceiling(tiles / WinogradKernel.MostRowsOfAny) * WinogradKernel.MostRowsOfAny;
        return Cost(layer, whole * WinogradKernel.Points<TForm>(), tiles * WinogradKernel.Points<TForm>(), WinogradKernel.Points<TForm>());
    }

    /// <summary>The same of <paramref name="products"/> and <paramref name="weights"/> of a pair of channels, and <paramref name="points"/> of one.</summary>
    private static double Cost(ConvolutionLayer layer, double products, double points, double weights)
    {
        // A point is made or summed up; 16 weights are loaded, and before that come from memory, while others are multiplied.
        const double CostOfPoint = 30, CostOfLoad = 8, CostOfFetch = 32;
        double outputs = BlockedLayout.Blocks(layer.OutChannels, Lanes.Count), inputs = BlockedLayout.Blocks(layer.InChannels, Lanes.Count);
        double ofPair = Math.Max(products + (CostOfLoad * weights), CostOfFetch * weights);
        return (outputs * layer.InChannels * ofPair) + (CostOfPoint * points * (inputs + outputs));
    }
}
