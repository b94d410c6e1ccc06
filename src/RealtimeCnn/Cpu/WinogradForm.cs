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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
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

/// <summary>
/// F(4, 3), by the points 0, ±√½, ±√2 and ∞: 4 times fewer products. No factor is above 2.83, which costs a bit less than the usual
/// points ±1 and ±2 with factors up to 8 (measured: half the error).
/// </summary>
internal readonly unsafe struct Winograd4 : IWinogradForm
{
    private const float Root2 = 1.41421356f, RootHalf = 0.70710678f;

    public static int Outputs => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Input(float* x, long step, float* points, long pointStep)
    {
        Vector512<float> x0 = Vector512.Load(x), x1 = Vector512.Load(x + step), x2 = Vector512.Load(x + (2 * step));
        Vector512<float> x3 = Vector512.Load(x + (3 * step)), x4 = Vector512.Load(x + (4 * step)), x5 = Vector512.Load(x + (5 * step));
        Vector512<float> root2 = Vector512.Create(Root2), rootHalf = Vector512.Create(RootHalf), factor = Vector512.Create(-2.5f);
        var evenInner = Lanes.MultiplyAdd(Vector512.Create(-2f), x2, x4);
        var oddInner = Lanes.MultiplyAdd(rootHalf, x3, x1 * -Root2);
        var evenOuter = Lanes.MultiplyAdd(Vector512.Create(-0.5f), x2, x4);
        var oddOuter = Lanes.MultiplyAdd(root2, x3, x1 * -RootHalf);
        Lanes.MultiplyAdd(factor, x2, x0 + x4).Store(points);
        (evenInner + oddInner).Store(points + pointStep);
        (evenInner - oddInner).Store(points + (2 * pointStep));
        (evenOuter + oddOuter).Store(points + (3 * pointStep));
        (evenOuter - oddOuter).Store(points + (4 * pointStep));
        Lanes.MultiplyAdd(factor, x3, x1 + x5).Store(points + (5 * pointStep));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Weight(Vector512<double>* w, int step, Vector512<double>* points, int pointStep)
    {
        Vector512<double> w0 = w[0], w1 = w[step], w2 = w[2 * step];
        Vector512<double> evenInner = (w0 + (w2 * 0.5)) / -1.5, oddInner = w1 * (Math.Sqrt(0.5) / -1.5);
        Vector512<double> evenOuter = (w0 + (w2 * 2)) / 6, oddOuter = w1 * (Math.Sqrt(2) / 6);
        points[0] = w0;
        points[pointStep] = evenInner + oddInner;
        points[2 * pointStep] = evenInner - oddInner;
        points[3 * pointStep] = evenOuter + oddOuter;
        points[4 * pointStep] = evenOuter - oddOuter;
        points[5 * pointStep] = w2;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Output(float* points, long pointStep, float* y, long step)
    {
        Vector512<float> p1 = Vector512.Load(points + pointStep), p2 = Vector512.Load(points + (2 * pointStep));
        Vector512<float> p3 = Vector512.Load(points + (3 * pointStep)), p4 = Vector512.Load(points + (4 * pointStep));
        Vector512<float> evenInner = p1 + p2, oddInner = p1 - p2, evenOuter = p3 + p4, oddOuter = p3 - p4;
        (Vector512.Load(points) + (evenInner + evenOuter)).Store(y);
        Lanes.MultiplyAdd(oddOuter, Vector512.Create(Root2), oddInner * RootHalf).Store(y + step);
        Lanes.MultiplyAdd(evenOuter, Vector512.Create(2f), evenInner * 0.5f).Store(y + (2 * step));
        var last = Lanes.MultiplyAdd(oddInner, Vector512.Create(RootHalf / 2), Vector512.Load(points + (5 * pointStep)));
        Lanes.MultiplyAdd(oddOuter, Vector512.Create(2 * Root2), last).Store(y + (3 * step));
    }
}
