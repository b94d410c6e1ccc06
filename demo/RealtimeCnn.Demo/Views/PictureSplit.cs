using RealtimeCnn.Drawing;

namespace RealtimeCnn.Demo.Views;

/// <summary>Room for a picture and for what is said about it: side by side, or one below the other where the room is higher than wide.</summary>
/// <param name="Picture">Where the picture lies.</param>
/// <param name="Rest">What is left.</param>
internal readonly record struct PictureSplit(Area Picture, Area Rest)
{
    private const float LeastShare = 0.4f, MostHeight = 0.6f;

    /// <summary>Whether a room is higher than wide, so that parts lie below each other in it.</summary>
    public static bool IsUpright(Area room) => room.Height > room.Width;

    /// <summary>Splits a room.</summary>
    /// <param name="room">The room.</param>
    /// <param name="picture">Size of the picture, of which only the proportions count.</param>
    /// <param name="share">Most of the room's width that the picture gets; one that is higher than wide needs less.</param>
    public static PictureSplit Of(Area room, Size2d picture, float share)
    {
        float aspect = (float)picture.Height / picture.Width;
        if (IsUpright(room))
        {
            float height = MathF.Round(Math.Min((room.Width * aspect) + 2, room.Height * MostHeight));
            return new PictureSplit(room.Top(height), room.Below(height + Theme.Gap));
        }

        float most = room.Width * share, width = MathF.Round(aspect > 1 ? Math.Clamp((room.Height / aspect) + 2, Math.Min(room.Width * LeastShare, most), most) : most);
        return new PictureSplit(room with { Width = width }, room with { X = room.X + width + Theme.Gap, Width = room.Width - width - Theme.Gap });
    }
}
