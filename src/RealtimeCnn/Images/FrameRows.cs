using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace RealtimeCnn.Images;

/// <summary>
/// The input of a network, row by row, straight from the bytes of a frame: a row is blended of the frame's rows, a few hundred pixels at
/// a time, which stay in the cache; each of its pixels is the sum of neighbours in that, and becomes channels. All of a row depends on
/// its number alone, so that rows may be made in any order, by any thread, more than once. Addresses are valid as long as the
/// <see cref="FrameReader"/> is, and the frame.
/// </summary>
internal unsafe struct FrameRows
{
    /// <summary>Stored pixels that are blended at once.</summary>
    private const int Most = 512;

    /// <summary>The frame.</summary>
    public byte* Pixels;

    /// <summary>Its layout.</summary>
    public FrameFormat Format;

    /// <summary>Bytes from a row to the next.</summary>
    public nint Pitch;

    /// <summary>Across a row of the input: columns of the frame.</summary>
    public FrameAxis Across;

    /// <summary>From row to row of the input: rows of the frame.</summary>
    public FrameAxis Down;

    /// <summary>Blends rows of the frame.</summary>
    public delegate*<in FrameRows, int, float*, int, int, int, float*, void> Blend;

    /// <summary>Numbers of a blended pixel.</summary>
    public int Stride;

    /// <summary>From YUV to colours.</summary>
    public YuvColors Yuv;

    /// <summary>Channels of the input: 1 or 3.</summary>
    public int Channels;

    /// <summary>What a number of a blended pixel adds to the channels, by its place; all start with <see cref="Bias"/>.</summary>
    public Vector128<float> First, Second, Third, Bias;

    /// <summary>The channels where the input shows no picture.</summary>
    public Vector128<float> Border;

    /// <summary>Whether rows of these are columns of the input, because the frame is seen after a quarter turn.</summary>
    public bool IsTurned;

    /// <summary>Makes the first pixels of a row.</summary>
    /// <param name="row">Its number, from 0 to the length of <see cref="Down"/> − 1.</param>
    /// <param name="count">How many, at most the length of <see cref="Across"/>.</param>
    /// <param name="pixels">Takes them, <see cref="Channels"/> side by side.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Write(int row, int count, float* pixels)
    {
        row -= Down.Start;
        int left = (uint)row < (uint)Down.Count ? Math.Clamp(count - Across.Start, 0, Across.Count) : 0;
        Fill(pixels, 0, left == 0 ? count : Across.Start);
        if (left == 0)
            return;
        Fill(pixels, Across.Start + left, count);
        pixels += Across.Start * Channels;

        float* rowWeights = Down.Weights + ((long)row * Down.Taps);
        int firstRow = Down.First[row], rows = Down.Taps;
        for (; rows > 1 && *rowWeights == 0; rows--, rowWeights++)
            firstRow++;
        while (rows > 1 && rowWeights[rows - 1] == 0)
            rows--;

        float* blended = stackalloc float[(Most + 1) * 4];
        int taps = Across.Taps, done = 0, output = Across.Step > 0 ? 0 : left - 1;
        // Whole vectors, and pairs of pixels that share their colours.
        int end = Math.Min(Math.Max((Across.End + 1) & ~1, FrameBlend.Pixels), Format.Width);
        var sum = Vector128<float>.Zero;
        while (left > 0)
        {
            int first = Across.First[output] + done, from = Math.Max(Math.Min(first, end - FrameBlend.Pixels), 0) & ~1, to = Math.Min(from + Most, end);
            Blend(this, firstRow, rowWeights, rows, from, to - from, blended);
            Vector128<float>.Zero.Store(blended + ((to - from) * Stride));
            if (taps < Most)
            {
                int ready = 1;
                while (ready < left && Across.First[output + (ready * Across.Step)] + taps <= to)
                    ready++;
                Narrow(blended - ((nint)from * Stride), output, ready, pixels);
                output += ready * Across.Step;
                left -= ready;
                continue;
            }

            // A window wider than what is blended at once is summed part by part.
            int part = Math.Min(taps - done, to - first);
            sum = Add(blended + ((first - from) * Stride), Across.Weights + ((nint)output * taps) + done, part, sum);
            done += part;
            if (done == taps)
            {
                Store(sum, pixels + (output * Channels));
                (sum, done) = (Vector128<float>.Zero, 0);
                output += Across.Step;
                left--;
            }
        }
    }

    /// <summary>Makes pixels whose windows lie in what was blended.</summary>
    /// <param name="blended">Where column 0 of the frame would be in it.</param>
    /// <param name="output">Number of the first pixel to be made, in steps of <see cref="Across"/>.</param>
    /// <param name="count">How many.</param>
    /// <param name="pixels">The first pixel of the row that shows the frame.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Narrow(float* blended, int output, int count, float* pixels)
    {
        int step = Across.Step, taps = Across.Taps, stride = Stride;
        int* first = Across.First + output;
        float* w = Across.Weights + ((nint)output * taps);
        pixels += output * Channels;
        nint next = (nint)step * taps, outputs = step * Channels;
        // Sums of several pixels at once do not wait for each other.
        for (; count >= 4; count -= 4, first += 4 * step, w += 4 * next, pixels += 4 * outputs)
        {
            float* p0 = blended + ((nint)first[0] * stride), p1 = blended + ((nint)first[step] * stride), p2 = blended + ((nint)first[2 * step] * stride), p3 = blended + ((nint)first[3 * step] * stride);
            Vector128<float> a = default, b = default, c = default, d = default;
            nint at = 0;
            float* last = w + taps;
            for (float* weight = w; weight < last; weight++, at += stride)
            {
                a = Vector128.MultiplyAddEstimate(Vector128.Load(p0 + at), Vector128.Create(weight[0]), a);
                b = Vector128.MultiplyAddEstimate(Vector128.Load(p1 + at), Vector128.Create(weight[next]), b);
                c = Vector128.MultiplyAddEstimate(Vector128.Load(p2 + at), Vector128.Create(weight[2 * next]), c);
                d = Vector128.MultiplyAddEstimate(Vector128.Load(p3 + at), Vector128.Create(weight[3 * next]), d);
            }

            Store(a, pixels);
            Store(b, pixels + outputs);
            Store(c, pixels + (2 * outputs));
            Store(d, pixels + (3 * outputs));
        }

        for (; count > 0; count--, first += step, w += next, pixels += outputs)
            Store(Add(blended + ((nint)first[0] * stride), w, taps, Vector128<float>.Zero), pixels);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly Vector128<float> Add(float* pixels, float* weights, int count, Vector128<float> sum)
    {
        int stride = Stride;
        for (int k = 0; k < count; k++, pixels += stride)
            sum = Vector128.MultiplyAddEstimate(Vector128.Load(pixels), Vector128.Create(weights[k]), sum);
        return sum;
    }

    /// <summary>Makes a pixel's channels of its sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void Store(Vector128<float> sum, float* pixel)
    {
        var channels = Vector128.MultiplyAddEstimate(Vector128.Create(sum[0]), First, Bias);
        channels = Vector128.MultiplyAddEstimate(Vector128.Create(sum[1]), Second, channels);
        Put(Vector128.MultiplyAddEstimate(Vector128.Create(sum[2]), Third, channels), pixel);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void Put(Vector128<float> channels, float* pixel)
    {
        if (Channels == 1)
        {
            *pixel = channels.ToScalar();
            return;
        }

        channels.GetLower().Store(pixel);
        pixel[2] = channels[2];
    }

    private readonly void Fill(float* pixels, int from, int to)
    {
        for (int i = from; i < to; i++)
            Put(Border, pixels + (i * Channels));
    }
}
