using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace RealtimeCnn.Cpu;

/// <summary>
/// The matrix product that dense layers are made of: up to 8 pixels by 2 blocks of 16 output channels stay in registers while all
/// taps and input channels go by, so that each weight vector serves 8 pixels and each input value 32 output channels. Pixels lie
/// at one distance from each other; a tap is an offset from each of them. Each output is summed from its bias on, tap by tap and
/// channel by channel, whatever tile it falls into.
/// </summary>
/// <remarks>Source: Georganas et al. 2020, "Harnessing Deep Learning via a Single Building Block", arXiv:1906.06440.</remarks>
internal unsafe partial struct RegisterTile
{
    /// <summary>Most pixels: with 512 bits 8 × 2 sums, two weights and a value are in 19 of 32 registers; else 4 × 1 sums of two halves in 11 of 16.</summary>
    public static int MostRows => Vector512.IsHardwareAccelerated ? 8 : 4;

    /// <summary>Most blocks of output channels.</summary>
    public static int MostBlocks => Vector512.IsHardwareAccelerated ? 2 : 1;

    /// <summary>The first pixel under the first tap, in the first block of input channels.</summary>
    public float* Input;

    /// <summary>Bytes from a pixel to the next.</summary>
    public nint InputStep;

    /// <summary>Floats from <see cref="Input"/> to each tap.</summary>
    public int* Offsets;

    /// <summary>Number of taps.</summary>
    public int Taps;

    /// <summary>Input channels of each tap.</summary>
    public int Channels;

    /// <summary>Input channels that lie side by side, and floats from as many to the next.</summary>
    public int BlockLength;

    /// <inheritdoc cref="BlockLength"/>
    public nint BlockStride;

    /// <summary>Weights <c>[tap][channel][16]</c> of the first output block, and floats from them to those of the second.</summary>
    public float* Weights;

    /// <inheritdoc cref="Weights"/>
    public nint WeightStride;

    /// <summary>Weights that will be read next, of the first output block and <see cref="WeightStride"/> behind it of the second: fetched while these are multiplied.</summary>
    public float* Ahead;

    /// <summary>How many weight vectors of each output block are fetched ahead for as many channels as lie side by side.</summary>
    public int AheadLines;

    /// <summary>Floats that a tile fetches of each output block, and how many tiles do.</summary>
    public nint AheadStep;

    /// <inheritdoc cref="AheadStep"/>
    public int AheadTiles;

    /// <summary>What the sums of each output block start with: 16 floats for each.</summary>
    public float* Bias;

    /// <summary>What is added to the sums, 16 floats for each pixel, and floats from one output block to the next; null for nothing.</summary>
    public float* Residual;

    /// <inheritdoc cref="Residual"/>
    public nint ResidualStride;

    /// <summary>Where the outputs go, 16 floats for each pixel, and floats from one output block to the next.</summary>
    public float* Output;

    /// <inheritdoc cref="Output"/>
    public nint OutputStride;

    /// <summary>Floats from the outputs of a pixel to those of the next, and from its residual to the next's: 16 where pixels of a block lie side by side.</summary>
    public nint OutputStep = Lanes.Count;

    /// <summary>Bounds that the outputs are clamped to. NaN stays NaN.</summary>
    public float Lower, Upper;

    public RegisterTile()
    {
    }

    /// <summary>How many equal parts, or nearly equal ones, pixels are cut into.</summary>
    public static int RowsOf(int pixels)
    {
        int tiles = (pixels + MostRows - 1) / MostRows;
        return (pixels + tiles - 1) / Math.Max(tiles, 1);
    }

    /// <summary>From here on, tiles fetch the weights at <paramref name="next"/>, each its part of them.</summary>
    /// <param name="next">What tiles read when all of these are done.</param>
    /// <param name="index">How many of the tiles that read the same weights are done.</param>
    /// <param name="tiles">How many they are.</param>
    public void FetchAhead(float* next, int index, int tiles)
    {
        AheadLines = (BlockLength + tiles - 1) / tiles;
        AheadStep = (nint)AheadLines * Taps * ((Channels + BlockLength - 1) / BlockLength) * Lanes.Count;
        AheadTiles = ((BlockLength + AheadLines - 1) / AheadLines) - index;
        if (AheadTiles <= 0)
            AheadLines = 0;
        Ahead = next + (index * AheadStep);
    }

    /// <summary>Moves to the next tile of a row of them.</summary>
    /// <param name="rows">Pixels of this one.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Advance(int rows)
    {
        Input = (float*)((byte*)Input + (rows * InputStep));
        Output += rows * OutputStep;
        if (Residual != null)
            Residual += rows * OutputStep;
        Ahead += AheadStep;
        if (--AheadTiles == 0)
            AheadLines = 0;
    }

    /// <summary>Computes a row of pixels in tiles of nearly equal length.</summary>
    /// <param name="tile">The first tile; afterwards the one behind the last.</param>
    /// <param name="pixels">Pixels of the row.</param>
    /// <param name="blocks">Blocks of output channels, at most <see cref="MostBlocks"/>.</param>
    [MethodImpl(KernelCode.Optimized)]
    public static void ComputeRow(RegisterTile* tile, int pixels, int blocks)
    {
        // A single block leaves registers for as many pixels again.
        if (blocks < MostBlocks && pixels >= 2 * MostRows)
        {
            int tall = Math.DivRem(pixels, 2 * MostRows, out pixels);
            if (tile->Channels == 1)
                Compute<Rows8, Tall, Number>(tile, tall);
            else
                Compute<Rows8, Tall, Run>(tile, tall);
        }

        if (pixels == 0)
            return;
        int rows = RowsOf(pixels), tiles = Math.DivRem(pixels, rows, out int left);
        Compute(tile, rows, blocks, tiles);
        if (left > 0)
            Compute(tile, left, blocks);
    }

    /// <summary>Computes tiles that follow each other in a row.</summary>
    /// <param name="tile">The first tile; afterwards the one behind the last.</param>
    /// <param name="rows">Pixels, at most <see cref="MostRows"/>.</param>
    /// <param name="blocks">Blocks of output channels, at most <see cref="MostBlocks"/>.</param>
    /// <param name="tiles">How many.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Compute(RegisterTile* tile, int rows, int blocks, int tiles = 1) => (blocks == 2 ? Pairs : Singles)[rows - 1 + (tile->Channels == 1 ? 8 : 0)](tile, tiles);
}
