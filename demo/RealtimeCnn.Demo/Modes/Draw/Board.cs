using System.Numerics;
using RealtimeCnn.Camera;
using RealtimeCnn.Images;

namespace RealtimeCnn.Demo.Modes.Draw;

/// <summary>A stretch of a stroke, in shares of the board's side.</summary>
/// <param name="From">One end.</param>
/// <param name="To">The other end.</param>
/// <param name="Radius">Half the width.</param>
/// <param name="IsErasing">Whether chalk is wiped away.</param>
internal readonly record struct Stroke(Vector2 From, Vector2 To, float Radius, bool IsErasing);

/// <summary>
/// A square board that is written on, and what a network for written digits gets of it: the ink as in MNIST, its longer side on 20 of
/// 28 pixels, the middle of its mass in the middle.
/// </summary>
/// <remarks>Source: LeCun, Cortes and Burges, "The MNIST database of handwritten digits": size-normalised, then centred by mass.</remarks>
internal sealed class Board : IDisposable
{
    /// <summary>Pixels of a side of the pictures.</summary>
    public const int Side = 112;

    private const float InkShare = 20 / 28f, LeastExtent = 0.12f;

    // Chalk that was written over again and again; what is older is on the board still.
    private const int MostStrokes = 20_000;

    private readonly InkSheet _chalk = new(Side, Side), _centred = new(Side, Side);
    private readonly List<Stroke> _strokes = [];
    private readonly FramePool _pool = new(3);
    private long _pictures;

    /// <summary>What was written and wiped, in order.</summary>
    public IReadOnlyList<Stroke> Strokes => _strokes;

    /// <summary>Whether there is nothing on it.</summary>
    public bool IsBlank => Extent is null;

    private (Vector2 Least, Vector2 Most, Vector2 Middle)? Extent { get; set; }

    /// <summary>Wipes all of it.</summary>
    public void Clear()
    {
        _strokes.Clear();
        _chalk.Clear();
        Extent = null;
    }

    /// <summary>Writes or wipes.</summary>
    public void Add(Stroke stroke)
    {
        if (_strokes.Count == MostStrokes)
            return;
        _strokes.Add(stroke);
        _chalk.Stroke(stroke.From * Side, stroke.To * Side, stroke.Radius * Side, stroke.IsErasing);
        Extent = _chalk.Extent();
    }

    /// <summary>What is on it as a picture: cut out, centred, light on dark. The caller disposes it; null while all memory for pictures is in use.</summary>
    public Frame? Picture()
    {
        var format = new FrameFormat(Side, Side, PixelFormat.Rgba);
        if (_pool.TryRent(format.Bytes) is not { } buffer)
            return null;
        _centred.Clear();
        if (Extent is var (least, most, middle))
        {
            float longer = Math.Max(Math.Max(most.X - least.X, most.Y - least.Y) / Side, LeastExtent), scale = Side * InkShare / longer;
            var origin = new Vector2(Side / 2f) - (middle / Side * scale);
            foreach (var stroke in _strokes)
                _centred.Stroke((stroke.From * scale) + origin, (stroke.To * scale) + origin, stroke.Radius * scale, stroke.IsErasing);
        }

        _centred.Draw(Vector3.Zero, Vector3.Zero, new Vector3(255), buffer.Bytes);
        return new Frame(buffer, format, FrameClock.Now, _pictures++);
    }

    public void Dispose() => _pool.Dispose();
}
