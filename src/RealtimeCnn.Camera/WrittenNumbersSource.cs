using System.Numerics;
using RealtimeCnn.Images;

namespace RealtimeCnn.Camera;

/// <summary>A digit on a picture of a <see cref="WrittenNumbersSource"/>.</summary>
/// <param name="Value">From 0 to 9.</param>
/// <param name="Left">The left edge of the rectangle around its ink, in pixels from the picture's left.</param>
/// <param name="Top">The upper edge, in pixels from the top.</param>
/// <param name="Right">The right edge.</param>
/// <param name="Bottom">The lower edge.</param>
public readonly record struct WrittenDigit(int Value, float Left, float Top, float Right, float Bottom);

/// <summary>
/// A generated scene for networks that find things: a sheet of paper with several digits in ink, each of its own size, swaying, and
/// replaced by another now and then. What is where in each picture is known (<see cref="Draw"/> says it), and two runs are equal byte for byte.
/// </summary>
public sealed class WrittenNumbersSource : FrameSource
{
    // Pictures that a digit stays, and by how many one is replaced after the other.
    private const int PicturesPerDigit = 120, PicturesBetween = 24;

    private const float StrokeRadius = 1.25f / 20;

    private static readonly Vector3 Paper = new(232, 229, 220), Shade = new(196, 194, 190), Ink = new(32, 38, 84);

    // The middle of each digit in shares of the picture, and its side in shares of the shorter side.
    private static readonly (float X, float Y, float Side)[] Places = [(0.17f, 0.30f, 0.26f), (0.45f, 0.22f, 0.19f), (0.78f, 0.30f, 0.23f), (0.29f, 0.74f, 0.20f), (0.62f, 0.70f, 0.28f)];

    private readonly DrawnPictures _pictures;
    private readonly InkSheet _sheet;

    /// <summary>A sheet that fills a picture of the given size.</summary>
    /// <param name="width">Pixels in a row, at least 32.</param>
    /// <param name="height">Rows, at least 32.</param>
    /// <param name="frameRate">Pictures per second of the scene's time; with <see cref="FrameDelivery.Latest"/> it runs in real time.</param>
    /// <param name="pictures">Pictures until the end.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 32, or the rate or count not positive.</exception>
    public WrittenNumbersSource(int width = 640, int height = 480, double frameRate = 30, long pictures = long.MaxValue)
        : base("numbers", isLive: false)
    {
        _pictures = new DrawnPictures(width, height, frameRate, pictures);
        _sheet = new InkSheet(width, height);
    }

    /// <summary>Digits on each picture.</summary>
    public static int Count => Places.Length;

    /// <summary>Draws picture <paramref name="number"/>.</summary>
    /// <param name="number">The picture, from 0.</param>
    /// <param name="target">Rgba pixels, width × height × 4 bytes.</param>
    /// <param name="written">Gets what is where, <see cref="Count"/> digits.</param>
    public void Draw(long number, Span<byte> target, Span<WrittenDigit> written)
    {
        _sheet.Clear();
        var (width, height) = (_pictures.Format.Width, _pictures.Format.Height);
        for (int i = 0; i < Places.Length; i++)
        {
            float side = Places[i].Side * Math.Min(width, height);
            int digit = (int)((((number + (i * PicturesBetween)) / PicturesPerDigit * 3) + (i * 2) + 1) % 10);
            var (least, most) = _sheet.Write(digit, PlaceOf(i, number, side), StrokeRadius * side);
            written[i] = new WrittenDigit(digit, least.X, least.Y, most.X, most.Y);
        }

        _sheet.Draw(Paper, Shade, Ink, target);
    }

    /// <inheritdoc/>
    protected override void Run(FrameSink sink, CancellationToken cancellation)
    {
        var written = new WrittenDigit[Count];
        _pictures.Play(sink, (number, target) => Draw(number, target, written));
    }

    /// <summary>From the unit square that digits are written in to the picture: turned and moved a little, each at its own pace.</summary>
    private Matrix3x2 PlaceOf(int i, long number, float side)
    {
        float time = number % 36_000, phase = i * 1.7f;
        float angle = 0.12f * MathF.Sin((time / (31 + (3 * i))) + phase), size = side * (1 + (0.06f * MathF.Sin((time / 43) + phase)));
        var middle = new Vector2(Places[i].X * _pictures.Format.Width, Places[i].Y * _pictures.Format.Height);
        var drift = side * 0.12f * new Vector2(MathF.Sin((time / (37 + (2 * i))) + phase), MathF.Cos((time / (41 - i)) + phase));
        return Matrix3x2.CreateTranslation(-0.5f, -0.5f) * Matrix3x2.CreateRotation(angle) * Matrix3x2.CreateScale(size) * Matrix3x2.CreateTranslation(middle + drift);
    }
}
