namespace RealtimeCnn.Images;

/// <summary>A <see cref="ResampleAxis"/> along the stored pixels of a frame, in memory that does not move.</summary>
internal unsafe struct FrameAxis
{
    /// <summary>By output: the first stored pixel under its window.</summary>
    public int* First;

    /// <summary>By output: the weights of as many stored pixels as <see cref="Taps"/> says.</summary>
    public float* Weights;

    /// <summary>Stored pixels under a window.</summary>
    public int Taps;

    /// <summary>Number of the first output that shows the frame; before it and behind the last one is border.</summary>
    public int Start;

    /// <summary>Outputs that show the frame.</summary>
    public int Count;

    /// <summary>All outputs, border included.</summary>
    public int Length;

    /// <summary>From an output to one whose window lies further on: 1, or −1 where the frame is seen backwards.</summary>
    public int Step;

    /// <summary>The first stored pixel behind all windows.</summary>
    public int End;
}

/// <summary>The memory of a <see cref="FrameAxis"/>.</summary>
internal sealed unsafe class FrameAxisTable
{
    private readonly int[] _first;
    private readonly float[] _weights;
    private FrameAxis _axis;

    /// <param name="axis">The windows on the upright picture.</param>
    /// <param name="origin">Where its first pixel is stored.</param>
    /// <param name="step">From one of its pixels to the next as they are stored: 1 or −1.</param>
    /// <param name="start">Outputs of border before the first.</param>
    /// <param name="length">All outputs.</param>
    public FrameAxisTable(ResampleAxis axis, int origin, int step, int start, int length)
    {
        int count = axis.First.Length, taps = axis.Taps;
        _first = GC.AllocateUninitializedArray<int>(count, pinned: true);
        _weights = GC.AllocateUninitializedArray<float>(count * taps, pinned: true);
        for (int i = 0; i < count; i++)
        {
            _first[i] = step > 0 ? origin + axis.First[i] : origin - axis.First[i] - taps + 1;
            var weights = _weights.AsSpan(i * taps, taps);
            axis.Weights(i).CopyTo(weights);
            if (step < 0)
                weights.Reverse();
        }

        _axis = new FrameAxis { Taps = taps, Start = start, Count = count, Length = length, Step = step, End = Math.Max(_first[0], _first[^1]) + taps };
    }

    /// <summary>The axis, valid as long as this object.</summary>
    public FrameAxis Axis
    {
        get
        {
            // Pinned arrays stay where they are.
            fixed (int* first = _first)
            fixed (float* weights = _weights)
                return _axis with { First = first, Weights = weights };
        }
    }
}
