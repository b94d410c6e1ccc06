namespace RealtimeCnn.Layers;

/// <summary>A function of one number.</summary>
/// <remarks>The numbers are those of <c>shaders/layers/unary.comp</c>.</remarks>
public enum UnaryFunction
{
    /// <summary><c>e^x</c>.</summary>
    Exp = 0,

    /// <summary><c>ln(x)</c>.</summary>
    Log = 1,

    /// <summary><c>√x</c>.</summary>
    Sqrt = 2,

    /// <summary><c>x²</c>.</summary>
    Square = 3,

    /// <summary><c>|x|</c>.</summary>
    Abs = 4,

    /// <summary><c>−x</c>.</summary>
    Neg = 5,

    /// <summary><c>1 / x</c>.</summary>
    Reciprocal = 6,

    /// <summary><c>the largest integer up to x</c>.</summary>
    Floor = 7,

    /// <summary><c>the smallest integer from x on</c>.</summary>
    Ceil = 8,

    /// <summary><c>the nearest integer, halves to the even one</c>.</summary>
    Round = 9,

    /// <summary><c>−1, 0 or 1</c>.</summary>
    Sign = 10,

    /// <summary><c>2/√π·∫₀ˣ e^−t² dt</c>.</summary>
    Erf = 11,

    /// <summary><c>sin(x)</c>.</summary>
    Sin = 12,

    /// <summary><c>cos(x)</c>.</summary>
    Cos = 13,

    /// <summary><c>tan(x)</c>.</summary>
    Tan = 14,

    /// <summary><c>arcsin(x)</c>.</summary>
    Asin = 15,

    /// <summary><c>arccos(x)</c>.</summary>
    Acos = 16,

    /// <summary><c>arctan(x)</c>.</summary>
    Atan = 17,

    /// <summary><c>sinh(x)</c>.</summary>
    Sinh = 18,

    /// <summary><c>cosh(x)</c>.</summary>
    Cosh = 19,

    /// <summary><c>arsinh(x)</c>.</summary>
    Asinh = 20,

    /// <summary><c>arcosh(x)</c>.</summary>
    Acosh = 21,

    /// <summary><c>artanh(x)</c>.</summary>
    Atanh = 22,

    /// <summary><c>1 where x is 0, else 0</c>.</summary>
    Not = 23,

    /// <summary><c>1 where x is not a number, else 0</c>.</summary>
    IsNaN = 24,

    /// <summary><c>1 where x is +∞ or −∞, else 0</c>.</summary>
    IsInfinity = 25,
}
