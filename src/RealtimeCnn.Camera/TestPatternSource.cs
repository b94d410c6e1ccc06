using System.Runtime.InteropServices;
using RealtimeCnn.Images;

namespace RealtimeCnn.Camera;

/// <summary>What the test pattern shows in one picture, in pixels from the top left corner.</summary>
/// <param name="DiscX">Centre of the red disc.</param>
/// <param name="DiscY">Centre of the red disc.</param>
/// <param name="DiscRadius">Radius of the red disc.</param>
/// <param name="SquareX">Left edge of the white square.</param>
/// <param name="SquareY">Top edge of the white square.</param>
/// <param name="SquareSide">Side of the white square.</param>
public readonly record struct TestScene(int DiscX, int DiscY, int DiscRadius, int SquareX, int SquareY, int SquareSide);

/// <summary>
/// A moving scene made by arithmetic: every pixel of every picture is known, and two runs are equal byte for byte. A red
/// disc and a white square travel over colour ramps; eight colour bars stand at the bottom, and the top row of cells
/// writes the picture's number in binary (white is 1, lowest bit at the left).
/// </summary>
public sealed class TestPatternSource : FrameSource
{
    /// <summary>Bits of the picture's number that are drawn.</summary>
    public const int NumberBits = 16;

    private const uint Red = 0xFF2020E0;
    private const uint White = 0xFFFFFFFF;
    private const uint Black = 0xFF000000;

    // Rgba as little-endian words: white, yellow, cyan, green, magenta, red, blue, black.
    private static readonly uint[] Bars = [0xFFFFFFFF, 0xFF00FFFF, 0xFFFFFF00, 0xFF00FF00, 0xFFFF00FF, 0xFF0000FF, 0xFFFF0000, 0xFF000000];

    private readonly DrawnPictures _pictures;
    private readonly uint[] _background;
    private readonly uint[] _row;

    /// <summary>A scene of the given size.</summary>
    /// <param name="width">Pixels in a row, at least 32.</param>
    /// <param name="height">Rows, at least 32.</param>
    /// <param name="frameRate">Pictures per second of the scene's time; with <see cref="FrameDelivery.Latest"/> it runs in real time.</param>
    /// <param name="pictures">Pictures until the end.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 32, or the rate or count not positive.</exception>
    public TestPatternSource(int width = 640, int height = 480, double frameRate = 30, long pictures = long.MaxValue)
        : base("pattern", isLive: false)
    {
        _pictures = new DrawnPictures(width, height, frameRate, pictures);
        _background = new uint[width * height];
        _row = new uint[width];
        DrawBackground();
    }

    /// <summary>Where things are in picture <paramref name="number"/> of a scene of this size.</summary>
    /// <param name="number">The picture, from 0.</param>
    /// <param name="width">Width of the scene, pixels.</param>
    /// <param name="height">Height of the scene, pixels.</param>
    public static TestScene SceneAt(long number, int width, int height)
    {
        int radius = Math.Min(width, height) / 8;
        int side = Math.Min(width, height) / 6;
        int top = CellSide(width) + 1;
        int bottom = height - (height / 8);
        return new TestScene(
            radius + Bounce(number * 3, width - (2 * radius)), top + radius + Bounce(number * 2, Math.Max(1, bottom - top - (2 * radius))), radius,
            Bounce((number * 2) + (width / 2), width - side), top + Bounce(number + (height / 3), Math.Max(1, bottom - top - side)), side);
    }

    /// <summary>Draws picture <paramref name="number"/>, row by row from the top and never reading back.</summary>
    /// <param name="number">The picture, from 0.</param>
    /// <param name="target">Rgba pixels, width × height × 4 bytes.</param>
    public void Draw(long number, Span<byte> target)
    {
        var (width, height) = (_pictures.Format.Width, _pictures.Format.Height);
        var scene = SceneAt(number, width, height);
        int cell = CellSide(width);
        for (int y = 0; y < height; y++)
        {
            _background.AsSpan(y * width, width).CopyTo(_row);
            if (y >= scene.SquareY && y < scene.SquareY + scene.SquareSide)
                _row.AsSpan(scene.SquareX, scene.SquareSide).Fill(White);
            int rise = y - scene.DiscY;
            if (Math.Abs(rise) <= scene.DiscRadius)
            {
                int half = (int)Math.Sqrt((scene.DiscRadius * scene.DiscRadius) - (rise * rise));
                _row.AsSpan(scene.DiscX - half, (2 * half) + 1).Fill(Red);
            }

            for (int bit = 0; y < cell && bit < NumberBits; bit++)
                _row.AsSpan(bit * cell, cell).Fill(((number >> bit) & 1) != 0 ? White : Black);
            MemoryMarshal.AsBytes(_row.AsSpan()).CopyTo(target[(y * width * 4)..]);
        }
    }

    /// <summary>Reads the number back from a picture (its low <see cref="NumberBits"/> bits).</summary>
    /// <param name="pixels">Rgba pixels of a picture drawn here.</param>
    /// <param name="width">Width of the picture, pixels.</param>
    public static int ReadNumber(ReadOnlySpan<byte> pixels, int width)
    {
        int cell = CellSide(width);
        int number = 0;
        for (int bit = 0; bit < NumberBits; bit++)
            number |= (pixels[(((cell / 2 * width) + (bit * cell) + (cell / 2)) * 4) + 1] >= 128 ? 1 : 0) << bit;
        return number;
    }

    /// <inheritdoc/>
    protected override void Run(FrameSink sink, CancellationToken cancellation) => _pictures.Play(sink, Draw);

    private static int CellSide(int width) => width / NumberBits / 2 is var half && half > 1 ? half : width / NumberBits;

    // Back and forth over [0, range): a triangle wave.
    private static int Bounce(long step, int range)
    {
        int phase = (int)(step % (2L * range));
        return phase < range ? phase : (2 * range) - 1 - phase;
    }

    private void DrawBackground()
    {
        var (width, height) = (_pictures.Format.Width, _pictures.Format.Height);
        int bars = height - (height / 8);
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                uint green = (uint)(y * 200 / height);
                uint blue = (uint)(x * 200 / width);
                uint check = ((x >> 4) ^ (y >> 4)) % 2 == 0 ? 0x20u : 0u;
                _background[(y * width) + x] = y >= bars
                    ? Bars[x * Bars.Length / width]
                    : 0xFF000000 | ((blue + check) << 16) | ((green + check) << 8) | (0x30 + check);
            }
        }
    }
}
