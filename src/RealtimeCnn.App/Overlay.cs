using System.Globalization;
using RealtimeCnn.Drawing;
using RealtimeCnn.Heads;
using RealtimeCnn.Images;
using RealtimeCnn.Live;
using RealtimeCnn.Tracking;

namespace RealtimeCnn.App;

/// <summary>Draws results on a picture: labels in its corner, boxes where the network saw something.</summary>
public sealed partial class Overlay
{
    private const int LongestTag = 96, LongestNumber = 20;
    private const float LostOpacity = 0.45f;
    private static readonly Color Ink = Color.White;
    private static readonly Color Paper = Color.Black.WithOpacity(0.6f);
    private static readonly Color Accent = Color.FromRgb(0xFFB84D);

    private readonly IReadOnlyList<string>? _names;
    private readonly IReadOnlyList<string>? _regionNames;
    private Canvas _canvas = null!;
    private PictureMapping _mapping;
    private LivePicture? _shown;
    private float _line;
    private int _labels;

    internal Overlay(IReadOnlyList<string>? names, IReadOnlyList<string>? regionNames) => (_names, _regionNames) = (names, regionNames);

    /// <summary>Where the picture lies on the canvas.</summary>
    public Area Picture { get; private set; }

    /// <summary>The canvas, for whatever else there is to draw.</summary>
    public Canvas Canvas => _canvas;

    /// <summary>Writes a class and its probability, one line under the other.</summary>
    public void Label(ClassScore score) => Label(score.ToString());

    /// <summary>Writes a line of text, one under the other.</summary>
    public void Label(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Tag(text, Picture.X + (_line / 2), Picture.Y + (_line / 2) + (_labels++ * _line * 1.25f), Ink);
    }

    /// <summary>Draws a box, with a text at its upper edge.</summary>
    /// <param name="box">In pixels of the network's input.</param>
    /// <param name="text">What it holds; null for the box alone.</param>
    public void Box(Detection box, string? text = null) => Box(box, text, Accent);

    /// <summary>Draws what was found: boxes, each with its label or the number of its class, and landmarks.</summary>
    /// <param name="found">In pixels of the network's input.</param>
    public void Boxes(Detections found)
    {
        ArgumentNullException.ThrowIfNull(found);
        float dot = Math.Max(_line / 8, 2);
        for (int i = 0; i < found.Count; i++)
        {
            foreach (var point in found.LandmarksOf(i))
            {
                var place = OnCanvas(point.X, point.Y);
                _canvas.Fill(new Area((float)place.X - dot, (float)place.Y - dot, 2 * dot, 2 * dot), Ink, dot);
            }

            Box(found[i], _names?[found[i].Class] ?? found[i].Class.ToString(CultureInfo.InvariantCulture));
        }
    }

    /// <summary>Draws things that are followed, each in a colour of its own with its label and number; paler while it is lost.</summary>
    /// <param name="tracks">In pixels of the network's input.</param>
    public void Tracks(IReadOnlyList<Track> tracks)
    {
        ArgumentNullException.ThrowIfNull(tracks);
        Span<char> text = stackalloc char[LongestTag];
        for (int i = 0; i < tracks.Count; i++)
        {
            var track = tracks[i];
            string name = _names != null && track.Box.Class >= 0 && track.Box.Class < _names.Count ? _names[track.Box.Class] : string.Empty;
            int letters = Math.Min(name.Length, LongestTag - LongestNumber - 1);
            name.AsSpan(0, letters).CopyTo(text);
            text[letters] = ' ';
            track.Id.TryFormat(text[(letters + 1)..], out int digits, default, CultureInfo.InvariantCulture);
            Box(track.Box, text[..(letters + 1 + digits)].TrimStart(), ClassColors.Of(track.Id - 1).WithOpacity(track.Missed == 0 ? 1 : LostOpacity));
        }
    }

    /// <summary>Draws the classes of a segmentation, each but the background in its colour.</summary>
    /// <param name="value">Of <see cref="AppFrame.Value"/>.</param>
    /// <param name="head">What the scores mean; null for the defaults.</param>
    /// <param name="opacity">Of the colours, in [0, 1].</param>
    public void Mask(LiveValue value, SegmentationHead? head = null, float opacity = 0.5f)
    {
        ArgumentNullException.ThrowIfNull(value);
        value.DrawMask(_canvas, Picture, _mapping, head ?? new SegmentationHead(), opacity);
    }

    /// <summary>Draws a backdrop over what is background by a segmentation: the picture blurred, or a colour.</summary>
    /// <param name="value">Of <see cref="AppFrame.Value"/>.</param>
    /// <param name="backdrop">What is drawn.</param>
    /// <param name="head">What the scores mean; null for the defaults.</param>
    public void Background(LiveValue value, Backdrop backdrop, SegmentationHead? head = null)
    {
        ArgumentNullException.ThrowIfNull(value);
        value.DrawBackdrop(_canvas, _shown!, Picture, _mapping, head ?? new SegmentationHead(), backdrop);
    }

    internal void Begin(Canvas canvas, Area picture, PictureMapping mapping, LivePicture? shown)
    {
        (_canvas, Picture, _mapping, _labels, _shown) = (canvas, picture, mapping, 0, shown);
        _line = Math.Clamp(picture.Height / 24, 14, 48);
    }

    /// <summary>Writes as much of a text as there is room for along the lower edge.</summary>
    internal void Note(ReadOnlySpan<char> text)
    {
        int lineEnd = text.IndexOfAny('\r', '\n'), room = Math.Max((int)((Picture.Width - (2 * _line)) / Canvas.TextWidth(1, _line)), 0);
        var shown = text[..Math.Min(lineEnd < 0 ? text.Length : lineEnd, room)];
        Tag(shown, Picture.X + (_line / 2), Picture.Bottom - (_line * 1.7f), Accent);
    }

    private void Box(Detection box, ReadOnlySpan<char> text, Color color)
    {
        PicturePoint first = OnCanvas(box.Left, box.Top), second = OnCanvas(box.Right, box.Bottom);
        var area = new Area((float)first.X, (float)first.Y, (float)(second.X - first.X), (float)(second.Y - first.Y));
        _canvas.Outline(area, color, Math.Max(_line / 8, 2), _line / 4);
        if (text.Length > 0)
            Tag(text, area.X, Math.Max(area.Y - (_line * 1.2f), Picture.Y), color);
    }

    private void Tag(ReadOnlySpan<char> text, float x, float y, Color color)
    {
        float margin = _line / 4;
        _canvas.Fill(new Area(x, y, Canvas.TextWidth(text.Length, _line) + (2 * margin), _line * 1.2f), Paper, margin);
        _canvas.Text(text, x + margin, y + (_line * 0.1f), _line, color);
    }

    private PicturePoint OnCanvas(double inputX, double inputY)
    {
        var upright = _mapping.ToUpright(new PicturePoint(inputX, inputY));
        return new PicturePoint(
            Picture.X + (upright.X * Picture.Width / _mapping.Upright.Width), Picture.Y + (upright.Y * Picture.Height / _mapping.Upright.Height));
    }
}
