using System.Numerics;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>
/// All pooling layers: one shader for each thing that is made of a window; sliding, adaptive and global windows are parameters.
/// </summary>
internal static class PoolingKernel
{
    // Shares of the input are found by multiplying numbers up to these in 31 bits.
    private const int MostShares = 46_340;

    /// <summary>Maximum pooling, with the places of the values where the layer gives them.</summary>
    public static Dispatch[] PlanMax(MaxPool2d layer, LayerCall call, GlLimits limits)
    {
        var constants = PoolingParams.Of(layer, call);
        Dispatch[] values = Plan("max_pool2d", constants, limits);
        return layer.ReturnIndices ? [.. values, .. Plan("max_pool2d_indices", constants, limits).Select(places => places with { Writes = Operand.Output(1) })] : values;
    }

    /// <summary>One dispatch of a shader of <c>layers/</c> over all windows.</summary>
    public static Dispatch[] Plan(string shader, PoolingParams constants, GlLimits limits, params Operand[] weights)
    {
        if (constants.IsAdaptive != 0 && Math.Max(constants.OutHeight, constants.OutWidth) > MostShares)
            return [Dispatch.Refused($"Adaptive pooling to {constants.OutHeight}×{constants.OutWidth}: shaders can do at most {MostShares} rows or columns; run this layer on the CPU.")];

        // Norms and generalized means look for the largest one first.
        var seen = constants.Seen;
        int walks = shader is "lp_pool2d" or "gem_pool2d" ? 2 : 1;
        int lanes = Lanes.For(Turns(seen, 1, 1), limits);
        int columns = Math.Max(1, Math.Min(lanes, (int)BitOperations.RoundUpToPowerOf2((uint)seen.Width)));
        if (Turns(seen, Math.Max(1, lanes / columns), columns) > Lanes.MostTurns)
            lanes = 0;
        byte[] bytes = Dispatch.Bytes(constants with { LaneShift = BitOperations.Log2((uint)columns), Divisors = PoolingDivisors.Of(constants) });
        return [Dispatch.Shared($"layers/{shader}.comp", bytes, constants.Count, lanes, $"Pooling over windows of {seen.Height}×{seen.Width} pixels", [Operand.Of(0), .. weights])];

        long Turns(Size2d window, int laneRows, int laneColumns)
        {
            long rows = (window.Height + laneRows - 1L) / laneRows, inRow = (window.Width + laneColumns - 1L) / laneColumns;
            return walks * rows * (2 + inRow);
        }
    }
}
