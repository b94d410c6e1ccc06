using System.Numerics;
using RealtimeCnn.Camera;

namespace RealtimeCnn.Demo.Modes.Draw;

/// <summary>Writes digits on a board by itself, stroke by stroke, each a little different, as long as nobody else does.</summary>
/// <param name="board">Where.</param>
internal sealed class SelfWriter(Board board)
{
    private const float PenRadius = 0.036f, Speed = 1.3f;
    private const double Lift = 0.15, Show = 1.8;
    private static readonly int[] Order = [3, 7, 2, 5, 8, 0, 6, 4, 9, 1];
    private int _written, _stroke, _point;
    private float _along;
    private TimeSpan _last, _waitUntil;
    private bool _isDone;

    /// <summary>Where the pen is, in shares of the board's side; null while it is lifted for good.</summary>
    public Vector2? Pen { get; private set; }

    /// <summary>The digit that it is writing, or has written.</summary>
    public int Digit => Order[_written % Order.Length];

    /// <summary>Begins with the next digit on a blank board.</summary>
    public void Begin(TimeSpan now)
    {
        board.Clear();
        (_stroke, _point, _along, _last, _waitUntil, _isDone, Pen) = (0, 0, 0, now, now, false, null);
    }

    /// <summary>Writes on until now.</summary>
    /// <returns>Whether something changed.</returns>
    public bool Advance(TimeSpan now)
    {
        if (now < _waitUntil)
        {
            _last = now;
            return false;
        }

        if (_isDone)
        {
            _written++;
            Begin(now);
            return true;
        }

        float way = (float)(now - _last).TotalSeconds * Speed;
        _last = now;
        var strokes = DigitStrokes.Of(Digit);
        while (way > 0)
        {
            var stroke = strokes[_stroke];
            Vector2 from = OnBoard(stroke[_point]), to = OnBoard(stroke[_point + 1]);
            float length = Math.Max(Vector2.Distance(from, to), 1e-4f), next = Math.Min(_along + way, length);
            way -= next - _along;
            board.Add(new Stroke(Vector2.Lerp(from, to, _along / length), Vector2.Lerp(from, to, next / length), PenRadius, IsErasing: false));
            (_along, Pen) = (next, Vector2.Lerp(from, to, next / length));
            if (next < length)
                break;
            (_along, _point) = (0, _point + 1);
            if (_point + 1 < stroke.Count)
                continue;
            (_point, _stroke) = (0, _stroke + 1);
            _isDone = _stroke == strokes.Count;
            if (_isDone)
                Pen = null;
            _waitUntil = now + TimeSpan.FromSeconds(_isDone ? Show : Lift);
            break;
        }

        return true;
    }

    // Turned, slanted and placed a little differently each time, so that the network is seen to cope.
    private Vector2 OnBoard(Vector2 point)
    {
        float angle = 0.14f * MathF.Sin(_written * 2.4f), slant = 0.12f * MathF.Cos(_written * 1.7f), size = 0.62f + (0.06f * MathF.Sin(_written * 3.1f));
        var place = Matrix3x2.CreateTranslation(-0.5f, -0.5f) * new Matrix3x2(1, 0, slant, 1, 0, 0) * Matrix3x2.CreateRotation(angle) * Matrix3x2.CreateScale(size)
            * Matrix3x2.CreateTranslation(0.5f + (0.05f * MathF.Cos(_written * 1.3f)), 0.5f + (0.04f * MathF.Sin(_written * 1.9f)));
        return Vector2.Transform(point, place);
    }
}
