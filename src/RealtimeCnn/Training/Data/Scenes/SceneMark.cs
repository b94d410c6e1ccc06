using RealtimeCnn.Drawing;

namespace RealtimeCnn.Training.Data.Scenes;

/// <summary>Something flat that is drawn: how much ink there is at a place of it, from 0 to 1. Places are pixels from its middle, before it is turned.</summary>
internal abstract class SceneMark
{
    /// <summary>How far it reaches to either side, in pixels.</summary>
    public required float HalfWidth { get; init; }

    /// <summary>How far it reaches up and down, in pixels.</summary>
    public required float HalfHeight { get; init; }

    public abstract float Ink(float x, float y);

    /// <summary>Something that was written by hand: a picture of one channel, light on black, read bilinearly.</summary>
    internal sealed class Written : SceneMark
    {
        public required float[] Pixels { get; init; }

        public required int Width { get; init; }

        public required int Height { get; init; }

        /// <summary>Pixels of the picture to one of the mark.</summary>
        public required float Step { get; init; }

        /// <summary>Middle of what is written, in pixels of the picture.</summary>
        public required (float X, float Y) Middle { get; init; }

        /// <summary>By how much x grows with y.</summary>
        public required float Shear { get; init; }

        /// <summary>How much harder the edges are than the picture's, and how light a pixel has to be to be ink.</summary>
        public required (float Gain, float Level) Edge { get; init; }

        public override float Ink(float x, float y)
        {
            float column = ((x + (Shear * y)) * Step) + Middle.X - 0.5f, row = (y * Step) + Middle.Y - 0.5f;
            if (!(column > -1 && row > -1 && column < Width && row < Height))
                return 0;
            int left = (int)MathF.Floor(column), top = (int)MathF.Floor(row);
            float partX = column - left, partY = row - top;
            float above = At(top, left) + ((At(top, left + 1) - At(top, left)) * partX), below = At(top + 1, left) + ((At(top + 1, left + 1) - At(top + 1, left)) * partX);
            return Math.Clamp(((above + ((below - above) * partY) - Edge.Level) * Edge.Gain) + 0.5f, 0, 1);
        }

        private float At(int row, int column) => (uint)row < (uint)Height && (uint)column < (uint)Width ? Pixels[(row * Width) + column] : 0;
    }

    /// <summary>A printed letter.</summary>
    internal sealed class Printed(char letter) : SceneMark
    {
        private const float CapHeight = 0.6f;
        private readonly int _left = OverlayFont.CellOf(letter) % OverlayFont.Columns * OverlayFont.CellWidth, _top = OverlayFont.CellOf(letter) / OverlayFont.Columns * OverlayFont.CellHeight;

        public override float Ink(float x, float y)
        {
            float step = OverlayFont.CellHeight * CapHeight / (2 * HalfHeight), column = (x * step) + (OverlayFont.CellWidth / 2f), row = (y * step) + (OverlayFont.CellHeight / 2f);
            if (!(column > 0 && row > 0 && column < OverlayFont.CellWidth && row < OverlayFont.CellHeight))
                return 0;
            return Math.Clamp((OverlayFont.Instance.DistanceAt(_left, _top, column, row) / OverlayFont.DistancePerTexel / step) + 0.5f, 0, 1);
        }
    }

    /// <summary>Strokes of a pen along lines, or what they enclose; points from −1 to 1 of the half sides.</summary>
    internal sealed class Drawn : SceneMark
    {
        /// <summary>Ends of the strokes: x0, y0, x1, y1 each.</summary>
        public required float[] Strokes { get; init; }

        /// <summary>Half the width of a stroke, in pixels.</summary>
        public required float Pen { get; init; }

        /// <summary>Whether what the strokes enclose is ink too.</summary>
        public required bool IsFilled { get; init; }

        public override float Ink(float x, float y)
        {
            float nearest = float.MaxValue;
            bool isInside = false;
            for (int i = 0; i < Strokes.Length; i += 4)
            {
                float x0 = Strokes[i] * HalfWidth, y0 = Strokes[i + 1] * HalfHeight, dx = (Strokes[i + 2] * HalfWidth) - x0, dy = (Strokes[i + 3] * HalfHeight) - y0;
                float along = Math.Clamp((((x - x0) * dx) + ((y - y0) * dy)) / ((dx * dx) + (dy * dy) + 1e-9f), 0, 1), gapX = x - x0 - (along * dx), gapY = y - y0 - (along * dy);
                nearest = Math.Min(nearest, (gapX * gapX) + (gapY * gapY));
                isInside ^= (y0 > y) != (y0 + dy > y) && x < x0 + (dx * (y - y0) / dy);
            }

            float distance = MathF.Sqrt(nearest);
            return Math.Clamp((IsFilled && isInside ? 1 : Pen - distance) + 0.5f, 0, 1);
        }
    }
}
