using RealtimeCnn.Images;

namespace RealtimeCnn.Live;

/// <summary>Pictures in memory that are used again and again: as many as are held at once.</summary>
internal sealed class PixelPool
{
    private readonly List<PixelPicture> _pictures = [];

    /// <summary>A copy of a frame, held once.</summary>
    public PixelPicture Copy(Frame frame)
    {
        PixelPicture? free = null;
        foreach (var picture in _pictures)
        {
            if (!picture.IsHeld)
                free = picture;
        }

        if (free == null)
            _pictures.Add(free = new PixelPicture());
        free.CopyFrom(frame);
        free.Hold();
        return free;
    }
}
