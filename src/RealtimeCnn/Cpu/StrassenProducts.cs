using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace RealtimeCnn.Cpu;

/// <summary>
/// The second stage of <see cref="StrassenKernel"/>: the products of a strip, and the outputs that they are summed to. With the weights A
/// and inputs B in quarters, S1 = A21 + A22, S2 = S1 − A11, S3 = A11 − A21, S4 = A12 − S2, and T1 … T4 alike of B, in this order:
/// U = A11·B11; C11 = U + A12·B21; U += S2·T2; V = U + S3·T3; C21 = V − A22·T4; W = S1·T1; C12 = U + W + S4·B22; C22 = V + W.
/// </summary>
internal static unsafe class StrassenProducts
{
    /// <summary>Floats from an output block's sums to the next's: one vector more than there are, so that equal pixels do not meet in the first cache.</summary>
    private const int SumsStep = ((StrassenKernel.MostPixels / 2) + 1) * Lanes.Count;

    /// <summary>An item is a register tile's output blocks in both halves of the channels, in all pixels of a strip.</summary>
    [MethodImpl(KernelCode.Optimized)]
    public static void Multiply(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(StrassenKernel.Constants*)arguments->Constants;
        var g = c.Geometry;
        int lower = g.OutBlocks / 2, size = SumsStep * RegisterTile.MostBlocks;
        nint above = g.InBlocks / 2 * c.InputStep, pitch = (nint)c.SumPitch * Lanes.Count, step = c.SumStep;
        var memory = stackalloc Vector512<float>[(3 * size / Lanes.Count) + 1];
        float* u = (float*)(((nint)memory + sizeof(Vector512<float>) - 1) & -sizeof(Vector512<float>)), v = u + size, w = v + size;
        int offset = 0;
        // Threads begin with strips of their own; one that has several reads the weights once for all of them.
        int firstStrip = from / c.Pairs, strips = ((to + c.Pairs - 1) / c.Pairs) - firstStrip;
        for (int i = 0; i < strips * c.Pairs; i++)
        {
            int pair = Math.DivRem(i, strips, out int strip), item = ((strip += firstStrip) * c.Pairs) + pair;
            if (item < from || item >= to)
                continue;
            int block = pair * RegisterTile.MostBlocks, blocks = Math.Min(RegisterTile.MostBlocks, lower - block);
            var at = c.Place(strip);
            // A strip of one pixel has no second half.
            int count = at.Half, others = at.Count - at.Half, behind = at.First + at.Half;
            var o = new Outputs(arguments, in g, at.Image, blocks);
            var tile = new RegisterTile { Offsets = &offset, Taps = 1, BlockLength = Lanes.Count, BlockStride = c.InputStep, InputStep = Lanes.Count * sizeof(float) };
            if (!c.IsTame(arguments, strip))
            {
                tile.Channels = g.InChannels;
                o.WritePlainly(&tile, c.Input(arguments, strip), block, at.First, at.Count);
                o.WritePlainly(&tile, c.Input(arguments, strip), lower + block, at.First, at.Count);
                continue;
            }

            tile.Channels = g.InChannels / 2;
            tile.WeightStride = (nint)StrassenKernel.Factors * tile.Channels * Lanes.Count;
            tile.Weights = arguments->Weights[StrassenKernel.FactorWeights] + (block * tile.WeightStride);
            tile.ResidualStride = SumsStep;
            float* b11 = c.Input(arguments, strip), b21 = b11 + above, t1 = c.InputSums(arguments, strip);
            Sum(&tile, b11, c.InputStep, null, u, count, blocks);
            o.Write(&tile, b21, c.InputStep, u, w, block, at.First, count);
            Sum(&tile, t1 + step, pitch, u, u, count, blocks);
            Sum(&tile, t1 + (2 * step), pitch, u, v, count, blocks);
            o.Write(&tile, t1 + (3 * step), pitch, v, w, lower + block, at.First, count);
            Sum(&tile, t1, pitch, null, w, count, blocks);
            for (int b = 0; b < blocks; b++)
            {
                Add(u + (b * SumsStep), w + (b * SumsStep), u + (b * SumsStep), count);
                Add(v + (b * SumsStep), w + (b * SumsStep), v + (b * SumsStep), count);
            }

            if (others == 0)
                continue;
            o.Write(&tile, b21 + (count * Lanes.Count), c.InputStep, u, w, block, behind, others);
            o.Write(&tile, null, 0, v, w, lower + block, behind, others);
        }
    }

    /// <summary>The next factor's product with a run of pixels, added to other sums.</summary>
    [MethodImpl(KernelCode.Optimized)]
    private static void Sum(RegisterTile* tile, float* input, nint blockStride, float* others, float* sums, int count, int blocks)
    {
        float* zeros = stackalloc float[RegisterTile.MostBlocks * Lanes.Count];
        new Span<float>(zeros, RegisterTile.MostBlocks * Lanes.Count).Clear();
        Begin(tile, input, blockStride, others, count);
        tile->Bias = zeros;
        tile->Output = sums;
        tile->OutputStride = SumsStep;
        (tile->Lower, tile->Upper) = (float.NegativeInfinity, float.PositiveInfinity);
        RegisterTile.ComputeRow(tile, count, blocks);
        tile->Weights += tile->Channels * Lanes.Count;
    }

    /// <summary>Points a tile at a run of pixels, and fetches the next factor meanwhile.</summary>
    private static void Begin(RegisterTile* tile, float* input, nint blockStride, float* others, int count)
    {
        tile->Input = input;
        tile->BlockStride = blockStride;
        tile->Residual = others;
        tile->FetchAhead(tile->Weights + (tile->Channels * Lanes.Count), 0, (count + RegisterTile.MostRows - 1) / RegisterTile.MostRows);
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void Add(float* a, float* b, float* sums, int count)
    {
        for (int i = 0; i < count * Lanes.Count; i += Lanes.Count)
            (Vector512.LoadAligned(a + i) + Vector512.LoadAligned(b + i)).StoreAligned(sums + i);
    }

    /// <summary>How the sums of some output blocks become outputs.</summary>
    private readonly ref struct Outputs(CpuArguments* arguments, ref readonly ConvolutionGeometry geometry, int image, int blocks)
    {
        private readonly CpuArguments* _arguments = arguments;
        private readonly ref readonly ConvolutionGeometry _geometry = ref geometry;
        private readonly int _image = image, _blocks = blocks;

        /// <summary>Outputs of the next factor's product with a run of pixels, or of none where there is no input, and other sums.</summary>
        public void Write(RegisterTile* tile, float* input, nint blockStride, float* others, float* memory, int block, int first, int count)
        {
            ref readonly var g = ref _geometry;
            for (int b = 0; b < _blocks && g.Residual != 0; b++)
                Add(others + (b * SumsStep), _arguments->Inputs[1] + g.ResidualAt(_image, block + b, 0, first), memory + (b * SumsStep), count);
            Begin(tile, input, blockStride, g.Residual == 0 ? others : memory, count);
            tile->Taps = input == null ? 0 : 1;
            WriteRows(tile, block, first, count);
            tile->Weights += tile->Channels * Lanes.Count;
        }

        /// <summary>Outputs of a run of pixels by one product of all channels.</summary>
        public void WritePlainly(RegisterTile* tile, float* input, int block, int first, int count)
        {
            ref readonly var g = ref _geometry;
            tile->Input = input;
            tile->WeightStride = (nint)g.InChannels * Lanes.Count;
            tile->Weights = _arguments->Weights[StrassenKernel.PlainWeights] + (block * tile->WeightStride);
            tile->ResidualStride = (nint)g.OutHeight * g.OutWidth * Lanes.Count;
            tile->Residual = g.Residual == 0 ? null : _arguments->Inputs[1] + g.ResidualAt(_image, block, 0, first);
            WriteRows(tile, block, first, count);
        }

        /// <summary>Writes a run of pixels row by row of the picture, with what lies around it.</summary>
        private void WriteRows(RegisterTile* tile, int block, int first, int count)
        {
            ref readonly var g = ref _geometry;
            tile->Bias = _arguments->Weights[StrassenKernel.Bias] + (block * Lanes.Count);
            tile->OutputStride = (nint)g.OutPlane * Lanes.Count;
            (tile->Lower, tile->Upper) = g.Activation.Bounds();
            int row = Math.DivRem(first, g.OutWidth, out int column);
            for (int some; count > 0; count -= some, row++, column = 0)
            {
                some = Math.Min(count, g.OutWidth - column);
                for (int b = 0; b < _blocks && column == 0 && !g.OutBorder.IsNone; b++)
                    g.ClearBorder(_arguments->Output, (_image * g.OutBlocks) + block + b, row);
                float* outputs = tile->Output = _arguments->Output + g.OutputAt(_image, block, row, column);
                RegisterTile.ComputeRow(tile, some, _blocks);
                g.FinishRun(outputs, tile->OutputStride, some, block, _blocks);
            }
        }
    }
}
