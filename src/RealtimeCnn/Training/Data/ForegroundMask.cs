namespace RealtimeCnn.Training.Data;

/// <summary>
/// Finds what stands before the background of a picture by its colour, for skin above all: Cr − Cb, a 3×3 mean, Otsu's threshold, the
/// largest connected part, its holes filled, one pixel wider. Reused from sample to sample.
/// </summary>
/// <remarks>Source: Otsu 1979, "A Threshold Selection Method from Gray-Level Histograms".</remarks>
internal sealed class ForegroundMask(int height, int width)
{
    private const int Levels = 256, Outside = -1, Unseen = 0;
    private readonly float[] _tone = new float[height * width], _mean = new float[height * width];
    private readonly int[] _part = new int[height * width], _stack = new int[height * width];
    private readonly int[] _histogram = new int[Levels];

    /// <summary>Writes 1 where the foreground is, 0 where it is not, and shares between along the edge.</summary>
    /// <param name="picture">Red, green and blue, each a plane of pixels from 0 to 255.</param>
    /// <param name="mask">One number for each pixel.</param>
    public void Find(ReadOnlySpan<float> picture, Span<float> mask)
    {
        int area = height * width;
        for (int i = 0; i < area; i++)
        {
            // ITU-R BT.601: Cr − Cb, which is largest for skin.
            float r = picture[i], g = picture[i + area], b = picture[i + (2 * area)];
            _tone[i] = (0.668736f * r) - (0.087424f * g) - (0.581312f * b);
        }

        Smooth(_tone, _mean);
        float threshold = Threshold(_mean);
        for (int i = 0; i < area; i++)
            _part[i] = _mean[i] > threshold ? Unseen : Outside;
        int largest = LargestPart();
        for (int i = 0; i < area; i++)
            _tone[i] = largest != Unseen && _part[i] == largest ? 1 : 0;
        FillHoles();
        for (int i = 0; i < area; i++)
            _mean[i] = Nearby(i);
        Smooth(_mean, mask);
    }

    /// <summary>The mean of each pixel's 3×3 neighbours, edges replicated.</summary>
    private void Smooth(ReadOnlySpan<float> from, Span<float> to)
    {
        for (int i = 0; i < to.Length; i++)
        {
            int row = i / width, column = i % width;
            float sum = 0;
            for (int dy = -1; dy <= 1; dy++)
            {
                int line = Math.Clamp(row + dy, 0, height - 1) * width;
                sum += from[line + Math.Max(column - 1, 0)] + from[line + column] + from[line + Math.Min(column + 1, width - 1)];
            }

            to[i] = sum / 9;
        }
    }

    /// <summary>The value that divides the pixels into two groups with the largest variance between them.</summary>
    private float Threshold(float[] values)
    {
        float least = values.Min(), range = Math.Max(values.Max() - least, 1e-6f);
        Array.Clear(_histogram);
        foreach (float value in values)
            _histogram[(int)((value - least) / range * (Levels - 1))]++;
        double all = _histogram.Select((count, level) => (double)count * level).Sum(), below = 0, most = -1;
        int count = 0, best = 0;
        for (int level = 0; level < Levels - 1; level++)
        {
            count += _histogram[level];
            below += (double)level * _histogram[level];
            if (count == 0 || count == values.Length)
                continue;
            double difference = (below / count) - ((all - below) / (values.Length - count));
            double between = (double)count * (values.Length - count) * difference * difference;
            if (between > most)
                (most, best) = (between, level);
        }

        return least + (range * (best + 0.5f) / (Levels - 1));
    }

    /// <summary>Numbers the connected parts from 1 on, and gives the number of the largest; 0 where there is none.</summary>
    private int LargestPart()
    {
        int parts = 0, largest = 0, most = 0;
        for (int i = 0; i < _part.Length; i++)
        {
            if (_part[i] != Unseen)
                continue;
            int size = Flood(i, Unseen, ++parts);
            if (size > most)
                (most, largest) = (size, parts);
        }

        return largest;
    }

    /// <summary>What the border does not reach without crossing the foreground belongs to it.</summary>
    private void FillHoles()
    {
        for (int i = 0; i < _part.Length; i++)
            _part[i] = _tone[i] > 0 ? Outside : Unseen;
        for (int i = 0; i < _part.Length; i++)
        {
            bool isBorder = i < width || i >= _part.Length - width || i % width == 0 || i % width == width - 1;
            if (isBorder && _part[i] == Unseen)
                Flood(i, Unseen, 1);
        }

        for (int i = 0; i < _part.Length; i++)
            _tone[i] = _part[i] == 1 ? 0 : 1;
    }

    /// <summary>Renames what is connected to a pixel and has its name; gives how many pixels those are.</summary>
    private int Flood(int start, int from, int to)
    {
        int size = 0, top = 0;
        _stack[top++] = start;
        _part[start] = to;
        while (top > 0)
        {
            int i = _stack[--top], row = i / width, column = i % width;
            size++;
            Visit(row > 0, i - width);
            Visit(row < height - 1, i + width);
            Visit(column > 0, i - 1);
            Visit(column < width - 1, i + 1);
        }

        return size;

        void Visit(bool exists, int i)
        {
            if (!exists || _part[i] != from)
                return;
            _part[i] = to;
            _stack[top++] = i;
        }
    }

    /// <summary>1 where a pixel or one beside it is foreground.</summary>
    private float Nearby(int i)
    {
        int row = i / width, column = i % width;
        for (int y = Math.Max(row - 1, 0); y <= Math.Min(row + 1, height - 1); y++)
        {
            for (int x = Math.Max(column - 1, 0); x <= Math.Min(column + 1, width - 1); x++)
            {
                if (_tone[(y * width) + x] > 0)
                    return 1;
            }
        }

        return 0;
    }
}
