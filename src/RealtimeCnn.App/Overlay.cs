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
    private static readonly Color Accent = Color.FromRgb(0xFFB84D);

    private readonly BoxPainter _painter;
    private readonly IReadOnlyList<string>? _regionNames;
    private Canvas _canvas = null!;
    private PictureMapping _mapping;
    private LivePicture? _shown;
    private float _line;
    private int _labels;

    internal Overlay(IReadOnlyList<string>? names, IReadOnlyList<string>? regionNames) => (_painter, _regionNames) = (new BoxPainter(names), regionNames);

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
        BoxPainter.Tag(_canvas, text, Picture.X + (_line / 2), Picture.Y + (_line / 2) + (_labels++ * _line * 1.25f), _line, Ink);
    }

    /// <summary>Draws a box, with a text at its upper edge.</summary>
    /// <param name="box">In pixels of the network's input.</param>
    /// <param name="text">What it holds; null for the box alone.</param>
    public void Box(Detection box, string? text = null) => BoxPainter.Draw(_canvas, box, text, Accent, Picture, _mapping);

    /// <summary>Draws what was found: boxes in the colours of their classes, each with its label or the number of its class, and landmarks.</summary>
    /// <param name="found">In pixels of the network's input.</param>
    public void Boxes(Detections found) => _painter.Draw(_canvas, found, Picture, _mapping);

    /// <summary>The same, drawn from where it was found.</summary>
    /// <param name="found">Of <see cref="AppFrame.Found"/>.</param>
    public void Boxes(LiveDetections found)
    {
        ArgumentNullException.ThrowIfNull(found);
        found.Draw(_canvas, Picture, _mapping, _painter);
    }

    /// <summary>Draws things that are followed, each in a colour of its own with its label, its number and its landmarks; paler while it is lost.</summary>
    /// <param name="tracks">In pixels of the network's input.</param>
    public void Tracks(IReadOnlyList<Track> tracks)
    {
        ArgumentNullException.ThrowIfNull(tracks);
        Span<char> text = stackalloc char[LongestTag];
        for (int i = 0; i < tracks.Count; i++)
        {
            var track = tracks[i];
            var names = _painter.Labels;
            string name = names != null && track.Box.Class >= 0 && track.Box.Class < names.Count ? names[track.Box.Class] : string.Empty;
            int letters = Math.Min(name.Length, LongestTag - LongestNumber - 1);
            name.AsSpan(0, letters).CopyTo(text);
            text[letters] = ' ';
            track.Id.TryFormat(text[(letters + 1)..], out int digits, default, CultureInfo.InvariantCulture);
            var color = ClassColors.Of(track.Id - 1).WithOpacity(track.Missed == 0 ? 1 : LostOpacity);
            BoxPainter.Draw(_canvas, track.Box, text[..(letters + 1 + digits)].TrimStart(), color, Picture, _mapping, track.Landmarks.Span);
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

    /// <summary>Draws a backdrop over what is background by a segmentation: the picture blurred, another picture, or a colour.</summary>
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
        _line = BoxPainter.LineOf(picture);
    }

    /// <summary>Writes as much of a text as there is room for along the lower edge.</summary>
    internal void Note(ReadOnlySpan<char> text)
    {
        int lineEnd = text.IndexOfAny('\r', '\n'), room = Math.Max((int)((Picture.Width - (2 * _line)) / Canvas.TextWidth(1, _line)), 0);
        var shown = text[..Math.Min(lineEnd < 0 ? text.Length : lineEnd, room)];
        BoxPainter.Tag(_canvas, shown, Picture.X + (_line / 2), Picture.Bottom - (_line * 1.7f), _line, Accent);
    }
}
