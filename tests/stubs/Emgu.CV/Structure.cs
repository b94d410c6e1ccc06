namespace Emgu.CV.Structure;

public struct MCvScalar
{
    public double V0;
    public double V1;
    public double V2;
    public double V3;
}

/// <summary>Has the name of the base library's.</summary>
public struct Range
{
    public int Start;
    public int End;
}

public struct Bgr : IColor
{
    public MCvScalar MCvScalar { get; set; }

    public readonly int Dimension => 3;
}

public struct Bgra : IColor
{
    public MCvScalar MCvScalar { get; set; }

    public readonly int Dimension => 4;
}

public struct Gray : IColor
{
    public MCvScalar MCvScalar { get; set; }

    public readonly int Dimension => 1;
}

public struct Rgb : IColor
{
    public MCvScalar MCvScalar { get; set; }

    public readonly int Dimension => 3;
}

public struct Rgba : IColor
{
    public MCvScalar MCvScalar { get; set; }

    public readonly int Dimension => 4;
}

public struct Hsv : IColor
{
    public MCvScalar MCvScalar { get; set; }

    public readonly int Dimension => 3;
}
