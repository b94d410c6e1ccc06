using System.Numerics;
using RealtimeCnn.Images;

namespace RealtimeCnn.Camera;

/// <summary>
/// A generated scene for networks that read: digits written with chalk on a board, from 0 to 9 and again, swaying a little. What each
/// picture shows is known (<see cref="DigitAt"/>), and two runs are equal byte for byte.
/// </summary>
public sealed class WrittenDigitsSource : FrameSource
{
    /// <summary>Pictures that a digit stays.</summary>
    public const int PicturesPerDigit = 60;

    // As in MNIST: a digit fills 20 of 28 pixels, with strokes 2.5 pixels wide.
    private const float DigitSide = 20 / 28f, StrokeRadius = 1.25f / 20;

    private static readonly Vector3 Board = new(14, 20, 22), Chalk = new(246, 245, 238);

    private readonly DrawnPictures _pictures;
    private readonly InkSheet _sheet;

    /// <summary>A board of the given size.</summary>
    /// <param name="width">Pixels in a row, at least 32.</param>
    /// <param name="height">Rows, at least 32.</param>
    /// <param name="frameRate">Pictures per second of the scene's time; with <see cref="FrameDelivery.Latest"/> it runs in real time.</param>
    /// <param name="pictures">Pictures until the end.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 32, or the rate or count not positive.</exception>
    public WrittenDigitsSource(int width = 640, int height = 480, double frameRate = 30, long pictures = long.MaxValue)
        : base("digits", isLive: false)
    {
        _pictures = new DrawnPictures(width, height, frameRate, pictures);
        _sheet = new InkSheet(width, height);
    }

    /// <summary>The digit that picture <paramref name="number"/> shows.</summary>
    public static int DigitAt(long number) => (int)(number / PicturesPerDigit % 10);

    /// <summary>Draws picture <paramref name="number"/>.</summary>
    /// <param name="number">The picture, from 0.</param>
    /// <param name="target">Rgba pixels, width × height × 4 bytes.</param>
    public void Draw(long number, Span<byte> target)
    {
        _sheet.Clear();
        var (width, height) = (_pictures.Format.Width, _pictures.Format.Height);
        _sheet.Write(DigitAt(number), PlaceOf(number), StrokeRadius * DigitSide * Math.Min(width, height));
        _sheet.Draw(Board, Board, Chalk, target);
    }

    /// <inheritdoc/>
    protected override void Run(FrameSink sink, CancellationToken cancellation) => _pictures.Play(sink, Draw);

    /// <summary>From the unit square that digits are written in to the picture: turned, slanted and moved a little, each at its own pace.</summary>
    private Matrix3x2 PlaceOf(long number)
    {
        float time = number % 36_000, side = DigitSide * Math.Min(_pictures.Format.Width, _pictures.Format.Height);
        float angle = 0.1f * MathF.Sin(time / 13), slant = 0.1f * MathF.Sin(time / 29), size = side * (1 + (0.04f * MathF.Sin(time / 17)));
        var middle = new Vector2(_pictures.Format.Width, _pictures.Format.Height) / 2;
        var drift = side * 0.03f * new Vector2(MathF.Sin(time / 23), MathF.Cos(time / 19));
        return Matrix3x2.CreateTranslation(-0.5f, -0.5f) * new Matrix3x2(1, 0, slant, 1, 0, 0) * Matrix3x2.CreateRotation(angle) * Matrix3x2.CreateScale(size)
            * Matrix3x2.CreateTranslation(middle + drift);
    }
}
