using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RealtimeCnn.Cpu;

namespace RealtimeCnn.Images;

/// <summary>The input of a network as a tensor <c>[C, H, W]</c>, out of <see cref="FrameRows"/>.</summary>
internal static unsafe class FramePlanes
{
    /// <summary>Floats that <see cref="Write"/> works in: a row, and what a vector reads behind it.</summary>
    public static int WorkFloats(int rowLength, int channels) => checked(rowLength * channels) + 4;

    /// <summary>Writes rows <c>[from, to)</c> of a frame's.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="from">The first.</param>
    /// <param name="to">The one behind the last.</param>
    /// <param name="tensor">All planes.</param>
    /// <param name="work">Memory to work in.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Write(in FrameRows rows, int from, int to, float* tensor, float* work)
    {
        int length = rows.Across.Length, channels = rows.Channels;
        nint plane = (nint)length * rows.Down.Length;
        for (int row = from; row < to; row++)
        {
            if (rows.IsTurned)
            {
                rows.Write(row, length, work);
                for (int i = 0; i < length * channels; i++)
                    tensor[(i % channels * plane) + ((nint)(i / channels) * rows.Down.Length) + row] = work[i];
            }
            else
            {
                WriteRow(in rows, row, length, tensor + ((nint)row * length), plane, work);
            }
        }
    }

    /// <summary>Writes the first pixels of a row, a channel behind the other.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="row">Number of the row.</param>
    /// <param name="count">How many pixels.</param>
    /// <param name="to">The first channel's.</param>
    /// <param name="plane">From a channel to the next.</param>
    /// <param name="work">Memory to work in.</param>
    public static void WriteRow(in FrameRows rows, int row, int count, float* to, nint plane, float* work)
    {
        if (rows.Channels == 1)
        {
            rows.Write(row, count, to);
            return;
        }

        rows.Write(row, count, work);
        Part(work, count, plane, to);
    }

    /// <summary>Takes three channels apart.</summary>
    private static void Part(float* pixels, int count, nint plane, float* to)
    {
        int i = 0;
        for (; i <= count - 4; i += 4, pixels += 12)
        {
            var four = new Transposed(pixels, 4, 3);
            four.R0.Store(to + i);
            four.R1.Store(to + plane + i);
            four.R2.Store(to + (2 * plane) + i);
        }

        for (; i < count; i++, pixels += 3)
            (to[i], to[plane + i], to[(2 * plane) + i]) = (pixels[0], pixels[1], pixels[2]);
    }
}
