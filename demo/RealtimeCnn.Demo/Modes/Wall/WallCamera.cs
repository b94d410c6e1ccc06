using RealtimeCnn.Drawing;

namespace RealtimeCnn.Demo.Modes.Wall;

/// <summary>What part of the wall is seen: all of it, or less and larger. Never beyond its edges.</summary>
internal sealed class WallCamera
{
    private float _left, _top;

    /// <summary>Where on the canvas the wall is seen.</summary>
    public Area Window { get; private set; }

    /// <summary>How many times larger than the whole wall.</summary>
    public float Zoom { get; private set; } = 1;

    /// <summary>Largest zoom, at least 1: also where a window has no room for the wall.</summary>
    public float MostZoom
    {
        get;
        set => field = value > 1 ? value : 1;
    } = 1;

    /// <summary>Takes the place where it is drawn.</summary>
    public void DrawnIn(Area window)
    {
        Window = window with { Width = Math.Max(window.Width, 1), Height = Math.Max(window.Height, 1) };
        Keep();
    }

    /// <summary>From the wall to the canvas.</summary>
    public Area ToCanvas(Area onWall) => new(Window.X + ((onWall.X - _left) * Zoom), Window.Y + ((onWall.Y - _top) * Zoom), onWall.Width * Zoom, onWall.Height * Zoom);

    /// <summary>From the canvas to the wall.</summary>
    public (float X, float Y) ToWall(float x, float y) => (_left + ((x - Window.X) / Zoom), _top + ((y - Window.Y) / Zoom));

    /// <summary>Zooms about a point of the canvas, which stays where it is.</summary>
    public void ZoomBy(float factor, float x, float y)
    {
        var (wallX, wallY) = ToWall(x, y);
        Zoom = Math.Clamp(Zoom * factor, 1, MostZoom);
        (_left, _top) = (wallX - ((x - Window.X) / Zoom), wallY - ((y - Window.Y) / Zoom));
        Keep();
    }

    /// <summary>Moves by so many units of the canvas.</summary>
    public void Pan(float x, float y)
    {
        (_left, _top) = (_left - (x / Zoom), _top - (y / Zoom));
        Keep();
    }

    /// <summary>Shows a part of the wall as large as there is room.</summary>
    public void Show(Area onWall)
    {
        Zoom = Math.Clamp(Math.Min(Window.Width / onWall.Width, Window.Height / onWall.Height), 1, MostZoom);
        (_left, _top) = (onWall.X + (onWall.Width / 2) - (Window.Width / Zoom / 2), onWall.Y + (onWall.Height / 2) - (Window.Height / Zoom / 2));
        Keep();
    }

    /// <summary>Moves just so far that a part of the wall is seen.</summary>
    public void Reveal(Area onWall)
    {
        float width = Window.Width / Zoom, height = Window.Height / Zoom;
        _left = Math.Clamp(_left, Math.Min(onWall.Right - width, onWall.X), onWall.X);
        _top = Math.Clamp(_top, Math.Min(onWall.Bottom - height, onWall.Y), onWall.Y);
        Keep();
    }

    private void Keep()
    {
        Zoom = Math.Clamp(Zoom, 1, MostZoom);
        _left = Math.Clamp(_left, 0, Window.Width * (1 - (1 / Zoom)));
        _top = Math.Clamp(_top, 0, Window.Height * (1 - (1 / Zoom)));
    }
}
