using System.Globalization;
using RealtimeCnn.Demo.Modes.Filter;
using RealtimeCnn.Demo.Scenes;
using RealtimeCnn.Demo.Views;
using RealtimeCnn.Drawing;

namespace RealtimeCnn.Demo.Modes.Explore;

/// <summary>A convolution at work: the window sweeps over the picture, pixel by pixel, and each sum of products becomes a pixel of the result.</summary>
internal sealed class LoupeScene : ExploreScene
{
    private const double PixelsPerSecond = 12;
    private const float UpperShare = 0.6f;
    private static readonly Images.Filter[] Kernels = [.. PresetSet.Classical.Filters.Where(filter => filter.Size == 3).OrderBy(filter => filter.Name == "sobel-left" ? 0 : 1)];
    private int _kernel;
    private LoupeNetwork _network = new(Kernels[0]);
    private Area _source, _result;
    private TimeSpan _begun = TimeSpan.MinValue, _now;

    public LoupeScene() => Keys = [new("K", "the next kernel", [ConsoleKey.K], _ => Next())];

    public override string Name => "loupe";

    public override string Purpose => "A convolution by numbers: the window sweeps, pixel times weight, summed. Rest the mouse on a pixel; K takes another kernel.";

    public override ISceneNetwork Network => _network;

    /// <summary>The kernel.</summary>
    public Images.Filter Kernel => Kernels[_kernel];

    /// <summary>Column and row of the pixel whose numbers are shown.</summary>
    public (int X, int Y) At { get; private set; }

    /// <summary>The sum of pixel times weight there, as it is written.</summary>
    public float Sum { get; private set; }

    public override bool CanDraw(ISceneNetwork? computed) => computed is LoupeNetwork { Seen.Width: > 0 };

    public override bool Advance(TimeSpan now)
    {
        _now = now;
        if (_begun == TimeSpan.MinValue)
            _begun = now;
        return true;
    }

    public override void Draw(Scene scene, Area where, Surroundings around)
    {
        if (scene.Network is not LoupeNetwork { Seen.Width: > 0 } shown)
            return;
        var canvas = scene.Canvas;
        float upper = MathF.Round(where.Height * UpperShare);
        var top = where.Top(upper);
        int pixels = shown.Seen.Height * shown.Seen.Width, swept = _begun == TimeSpan.MinValue ? 0 : (int)((_now - _begun).TotalSeconds * PixelsPerSecond) % pixels;
        _source = Fit(top.Cell(2, 1, 0, Theme.Gap), shown.Seen);
        _result = Fit(top.Cell(2, 1, 1, Theme.Gap), shown.Seen);
        bool isHeld = Under(around, _source, shown.Seen, out int at) || Under(around, _result, shown.Seen, out at);
        if (!isHeld)
            at = swept;
        At = (at % shown.Seen.Width, at / shown.Seen.Width);
        Sum = 0;
        for (int i = 0; i < 9; i++)
            Sum += PixelOf(shown, i) * shown.Filter.Weights[i];
        canvas.Fill(_result, Theme.Background, 2);
        for (int i = 0; i < pixels; i++)
        {
            Gray(canvas, shown.PixelAt(i % shown.Seen.Width, i / shown.Seen.Width), Cell(_source, shown.Seen, i));
            if (isHeld || i <= swept)
                Gray(canvas, shown.ResultAt(i % shown.Seen.Width, i / shown.Seen.Width), Cell(_result, shown.Seen, i));
        }

        FrameAround(canvas, _source, shown.Seen, 1);
        FrameAround(canvas, _result, shown.Seen, 0);
        Panels.Badge(canvas, "the picture, few pixels", _source);
        Panels.Badge(canvas, shown.Filter.Name, _result, Theme.Accent);
        around.Explain(_source, "Each pixel of the picture in grey. The frame is the window.");
        around.Explain(_result, "Each pixel is the sum of nine products: black at 0 or below, white at 1 or above.");
        Numbers(canvas, shown, where.Below(upper + Theme.Gap));
    }

    // pixels × weights = products, and their sum.
    private void Numbers(Canvas canvas, LoupeNetwork shown, Area where)
    {
        canvas.Fill(where, Theme.Panel, 6);
        var room = where.Inset(12);
        float side = MathF.Round(Math.Min(room.Height - Theme.SmallLine - 8, (room.Width - 250) / 3.6f)), sign = side * 0.2f, y = room.Y + Theme.SmallLine + 8, x = room.X;
        Grid("pixels", 0);
        Sign("×");
        Grid("weights", 1);
        Sign("=");
        Grid("products", 2);
        Span<char> text = stackalloc char[48];
        text.TryWrite(CultureInfo.InvariantCulture, $"sum {Sum:0.00}", out int length);
        x += 24;
        Panels.Line(canvas, text[..length], x, y + (side / 2) - 34, 36, room.Right - x, Theme.Accent);
        Panels.Line(canvas, Sum <= 0 ? "0 or less: black" : Sum >= 1 ? "1 or more: white" : "shown as this grey", x, y + (side / 2) + 6, Theme.SmallLine, room.Right - x, Theme.Muted);
        text.TryWrite(CultureInfo.InvariantCulture, $"column {At.X}, row {At.Y}", out length);
        Panels.Line(canvas, text[..length], x, y + (side / 2) + 32, Theme.SmallLine, room.Right - x, Theme.Muted);

        void Sign(string sign1)
        {
            canvas.Text(sign1, x + ((sign - Canvas.TextWidth(1, Theme.Line)) / 2), y + ((side - Theme.Line) / 2), Theme.Line, Theme.Text);
            x += sign;
        }

        void Grid(string title, int part)
        {
            Panels.Line(canvas, title, x, room.Y, Theme.SmallLine, side, Theme.Muted);
            Span<char> number = stackalloc char[16];
            for (int i = 0; i < 9; i++)
            {
                float pixel = PixelOf(shown, i), weight = shown.Filter.Weights[i], value = part switch { 0 => pixel, 1 => weight, _ => pixel * weight };
                var cell = new Area(x, y, side, side).Cell(3, 3, i, 3);
                var color = part == 0 ? new Color(pixel, pixel, pixel) : (value >= 0 ? Theme.Accent : Theme.Cool).WithOpacity(0.12f + (0.5f * Math.Min(Math.Abs(value) / 4, 1)));
                canvas.Fill(cell, color, 3);
                value.TryFormat(number, out int letters, part == 1 ? "0.##" : "0.00", CultureInfo.InvariantCulture);
                float line = Math.Min(cell.Height * 0.4f, cell.Width / 2.8f);
                canvas.Text(number[..letters], cell.X + ((cell.Width - Canvas.TextWidth(letters, line)) / 2), cell.Y + ((cell.Height - line) / 2), line, part == 0 && pixel > 0.5f ? Theme.Background : Theme.Text);
            }

            x += side;
        }
    }

    private float PixelOf(LoupeNetwork shown, int cell) => shown.PixelAt(At.X + (cell % 3) - 1, At.Y + (cell / 3) - 1);

    private static Area Fit(Area where, Size2d pixels)
    {
        // Whole units for each pixel, so that all are alike.
        float unit = Math.Max(MathF.Floor(Math.Min(where.Width / pixels.Width, where.Height / pixels.Height)), 1);
        return new Area(where.X + MathF.Round((where.Width - (unit * pixels.Width)) / 2), where.Y + MathF.Round((where.Height - (unit * pixels.Height)) / 2), unit * pixels.Width, unit * pixels.Height);
    }

    private static Area Cell(Area picture, Size2d pixels, int index)
    {
        float unit = picture.Width / pixels.Width;
        return new Area(picture.X + (index % pixels.Width * unit), picture.Y + (index / pixels.Width * unit), unit, unit);
    }

    private static bool Under(Surroundings around, Area picture, Size2d pixels, out int index)
    {
        index = 0;
        if (around.Pointer is not var (x, y) || !picture.Contains(x, y))
            return false;
        float unit = picture.Width / pixels.Width;
        index = (Math.Min((int)((y - picture.Y) / unit), pixels.Height - 1) * pixels.Width) + Math.Min((int)((x - picture.X) / unit), pixels.Width - 1);
        return true;
    }

    private static void Gray(Canvas canvas, float value, Area where)
    {
        value = Math.Clamp(value, 0, 1);
        canvas.Fill(where, new Color(value, value, value));
    }

    // Around the pixel and its neighbours, as far as they lie on the picture.
    private void FrameAround(Canvas canvas, Area picture, Size2d pixels, int neighbours)
    {
        float unit = picture.Width / pixels.Width;
        int left = Math.Max(At.X - neighbours, 0), top = Math.Max(At.Y - neighbours, 0), right = Math.Min(At.X + neighbours + 1, pixels.Width), bottom = Math.Min(At.Y + neighbours + 1, pixels.Height);
        canvas.Outline(new Area(picture.X + (left * unit), picture.Y + (top * unit), (right - left) * unit, (bottom - top) * unit).Inset(-2), Theme.Accent, 2);
    }

    private void Next()
    {
        _kernel = (_kernel + 1) % Kernels.Length;
        _network = new LoupeNetwork(Kernels[_kernel]);
    }
}
