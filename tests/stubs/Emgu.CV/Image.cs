using System.Runtime.InteropServices;
using Emgu.CV.CvEnum;
using Emgu.CV.Structure;

namespace Emgu.CV;

public interface IColor
{
    MCvScalar MCvScalar { get; set; }

    int Dimension { get; }
}

public abstract class CvArray<TDepth> : IInputOutputArray
    where TDepth : new()
{
    public abstract int NumberOfChannels { get; }

    public Mat Mat { get; } = new();

    public int Width => Mat.Width;

    public int Height => Mat.Height;

    public void Dispose()
    {
        Mat.Dispose();
        GC.SuppressFinalize(this);
    }
}

/// <summary>The real one has rows that begin at multiples of four bytes.</summary>
public class Image<TColor, TDepth> : CvArray<TDepth>
    where TColor : struct, IColor
    where TDepth : new()
{
    public Image(int width, int height)
    {
        int bytes = width * NumberOfChannels * Marshal.SizeOf<TDepth>();
        Mat.Create(height, width, DepthType.Cv8U, NumberOfChannels, padding: -bytes & 3);
    }

    public override int NumberOfChannels => default(TColor).Dimension;
}
