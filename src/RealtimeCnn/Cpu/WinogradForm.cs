using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace RealtimeCnn.Cpu;

/// <summary>
/// A minimal filtering algorithm F(m, 3) along one axis: <c>y = Aᵀ[(G·w) ⊙ (Bᵀ·x)]</c> gives m outputs of a window of 3 with m + 2
/// products instead of 3·m. Nested in both axes it gives m×m outputs of a 3×3 window with (m + 2)² products instead of 9·m².
/// </summary>
/// <remarks>Lavin and Gray 2016, "Fast Algorithms for Convolutional Neural Networks", arXiv:1509.09308.</remarks>
internal unsafe interface IWinogradForm
{
    /// <summary>Outputs along an axis: m.</summary>
    static abstract int Outputs { get; }

    /// <summary><c>Bᵀ·x</c>: m + 2 inputs, <paramref name="step"/> floats apart, to as many points.</summary>
    static abstract void Input(float* x, long step, float* points, long pointStep);

    /// <summary><c>G·w</c>: three weights to m + 2 points, eight lanes in double.</summary>
    static abstract void Weight(Vector512<double>* w, int step, Vector512<double>* points, int pointStep);

    /// <summary><c>Aᵀ·p</c>: m + 2 points to m outputs.</summary>
    static abstract void Output(float* points, long pointStep, float* y, long step);
}

/// <summary>F(2, 3), by the points 0, 1, −1 and ∞: 2.25 times fewer products, and no factor above 1.</summary>
internal readonly unsafe struct Winograd2 : IWinogradForm
{
    public static int Outputs => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Input(float* x, long step, float* points, long pointStep)
    {
        Vector512<float> x0 = Vector512.Load(x), x1 = Vector512.Load(x + step), x2 = Vector512.Load(x + (2 * step)), x3 = Vector512.Load(x + (3 * step));
        (x0 - x2).Store(points);
        (x1 + x2).Store(points + pointStep);
        (x2 - x1).Store(points + (2 * pointStep));
        (x1 - x3).Store(points + (3 * pointStep));
    }

    public static void Weight(Vector512<double>* w, int step, Vector512<double>* points, int pointStep)
    {
        Vector512<double> w0 = w[0], w1 = w[step], w2 = w[2 * step], even = (w0 + w2) * 0.5, odd = w1 * 0.5;
        points[0] = w0;
        points[pointStep] = even + odd;
        points[2 * pointStep] = even - odd;
        points[3 * pointStep] = w2;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Output(float* points, long pointStep, float* y, long step)
    {
        Vector512<float> p1 = Vector512.Load(points + pointStep), p2 = Vector512.Load(points + (2 * pointStep));
        (Vector512.Load(points) + (p1 + p2)).Store(y);
        ((p1 - p2) - Vector512.Load(points + (3 * pointStep))).Store(y + step);
    }
}

/// <summary>F(4, 3), by the points 0, ±1, ±2 and ∞: 4 times fewer products; factors up to 8 cost about two bits.</summary>
internal readonly unsafe struct Winograd4 : IWinogradForm
{
    public static int Outputs => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Input(float* x, long step, float* points, long pointStep)
    {
        Vector512<float> x0 = Vector512.Load(x), x1 = Vector512.Load(x + step), x2 = Vector512.Load(x + (2 * step));
        Vector512<float> x3 = Vector512.Load(x + (3 * step)), x4 = Vector512.Load(x + (4 * step)), x5 = Vector512.Load(x + (5 * step));
        Vector512<float> four = Vector512.Create(4f), minusFour = Vector512.Create(-4f), minusFive = Vector512.Create(-5f);
        var evenOne = Vector512.MultiplyAddEstimate(minusFour, x2, x4);
        var oddOne = Vector512.MultiplyAddEstimate(minusFour, x1, x3);
        var evenTwo = x4 - x2;
        var oddTwo = (x3 - x1) * 2f;
        Vector512.MultiplyAddEstimate(four, x0, Vector512.MultiplyAddEstimate(minusFive, x2, x4)).Store(points);
        (evenOne + oddOne).Store(points + pointStep);
        (evenOne - oddOne).Store(points + (2 * pointStep));
        (evenTwo + oddTwo).Store(points + (3 * pointStep));
        (evenTwo - oddTwo).Store(points + (4 * pointStep));
        Vector512.MultiplyAddEstimate(four, x1, Vector512.MultiplyAddEstimate(minusFive, x3, x5)).Store(points + (5 * pointStep));
    }

    public static void Weight(Vector512<double>* w, int step, Vector512<double>* points, int pointStep)
    {
        Vector512<double> w0 = w[0], w1 = w[step], w2 = w[2 * step];
        Vector512<double> evenOne = (w0 + w2) / -6, oddOne = w1 / -6, evenTwo = (w0 + (w2 * 4)) / 24, oddTwo = w1 / 12;
        points[0] = w0 * 0.25;
        points[pointStep] = evenOne + oddOne;
        points[2 * pointStep] = evenOne - oddOne;
        points[3 * pointStep] = evenTwo + oddTwo;
        points[4 * pointStep] = evenTwo - oddTwo;
        points[5 * pointStep] = w2;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Output(float* points, long pointStep, float* y, long step)
    {
        Vector512<float> p1 = Vector512.Load(points + pointStep), p2 = Vector512.Load(points + (2 * pointStep));
        Vector512<float> p3 = Vector512.Load(points + (3 * pointStep)), p4 = Vector512.Load(points + (4 * pointStep));
        Vector512<float> evenOne = p1 + p2, oddOne = p1 - p2, evenTwo = p3 + p4, oddTwo = p3 - p4;
        (Vector512.Load(points) + (evenOne + evenTwo)).Store(y);
        Vector512.MultiplyAddEstimate(oddTwo, Vector512.Create(2f), oddOne).Store(y + step);
        Vector512.MultiplyAddEstimate(evenTwo, Vector512.Create(4f), evenOne).Store(y + (2 * step));
        (Vector512.MultiplyAddEstimate(oddTwo, Vector512.Create(8f), oddOne) + Vector512.Load(points + (5 * pointStep))).Store(y + (3 * step));
    }
}
