namespace RealtimeCnn.Images;

/// <summary>A place in a picture or tensor, in pixels: (0, 0) is the outer corner of the top left pixel, whose centre is (0.5, 0.5).</summary>
/// <param name="X">To the right.</param>
/// <param name="Y">Downwards.</param>
public readonly record struct PicturePoint(double X, double Y);

/// <summary>How a picture is brought to the size of a network's input.</summary>
public enum FitMode
{
    /// <summary>The whole picture fills the input; its proportions change.</summary>
    Stretch,

    /// <summary>The whole picture, in its proportions, centred; the rest of the input is filled with one colour.</summary>
    Letterbox,

    /// <summary>The largest centred part of the picture that has the input's proportions.</summary>
    Crop,
}

/// <summary>
/// Where each place of a network's input comes from in the frame as it is stored, and back: fit, crop, rotation and mirror
/// in one type, used by both preprocessing paths and by whatever draws a result on the picture.
/// </summary>
public readonly record struct PictureMapping
{
    private readonly FrameGeometry _geometry;
    private readonly PictureRegion _region;

    /// <summary>The mapping of a frame onto an input.</summary>
    /// <param name="stored">Size of the frame as stored, in pixels.</param>
    /// <param name="geometry">How the stored pixels are cropped, turned and mirrored.</param>
    /// <param name="input">Size of the network's input.</param>
    /// <param name="fit">How the one is brought to the other.</param>
    /// <exception cref="ArgumentException">A side is below 1, or the crop does not lie inside the frame.</exception>
    public PictureMapping(Size2d stored, FrameGeometry geometry, Size2d input, FitMode fit)
    {
        if (stored.Height < 1 || stored.Width < 1 || input.Height < 1 || input.Width < 1)
            throw new ArgumentException($"A frame of {stored} cannot be brought to an input of {input}: each side must be at least 1.");
        _geometry = geometry;
        Stored = stored;
        Input = input;
        _region = geometry.RegionOf(stored);
        Upright = geometry.Rotation is Rotation.Clockwise90 or Rotation.Clockwise270 ? new(_region.Width, _region.Height) : new(_region.Height, _region.Width);
        double scaleX = (double)Upright.Width / input.Width, scaleY = (double)Upright.Height / input.Height;
        (ContentLeft, ContentTop, Content) = (0, 0, input);
        (WindowLeft, WindowTop, ScaleX, ScaleY) = (0, 0, scaleX, scaleY);
        if (fit == FitMode.Letterbox)
        {
            // Whole input pixels, so that no pixel is half picture and half border.
            double scale = Math.Max(scaleX, scaleY);
            Content = new(Side(Upright.Height / scale, input.Height), Side(Upright.Width / scale, input.Width));
            (ContentLeft, ContentTop) = ((input.Width - Content.Width) / 2, (input.Height - Content.Height) / 2);
            (ScaleX, ScaleY) = ((double)Upright.Width / Content.Width, (double)Upright.Height / Content.Height);
        }
        else if (fit == FitMode.Crop)
        {
            ScaleX = ScaleY = Math.Min(scaleX, scaleY);
            (WindowLeft, WindowTop) = ((Upright.Width - (input.Width * ScaleX)) / 2, (Upright.Height - (input.Height * ScaleY)) / 2);
        }

        static int Side(double exact, int most) => Math.Clamp((int)Math.Round(exact), 1, most);
    }

    /// <summary>Size of the frame as stored.</summary>
    public Size2d Stored { get; }

    /// <summary>How the stored pixels are cropped, turned and mirrored.</summary>
    public FrameGeometry Geometry => _geometry;

    /// <summary>Size of the frame as a viewer sees it: cropped and turned.</summary>
    public Size2d Upright { get; }

    /// <summary>Size of the network's input.</summary>
    public Size2d Input { get; }

    /// <summary>Size of the part of the input that shows the picture.</summary>
    public Size2d Content { get; }

    /// <summary>Left edge of that part, in input pixels.</summary>
    public int ContentLeft { get; }

    /// <summary>Top edge of that part, in input pixels.</summary>
    public int ContentTop { get; }

    /// <summary>Left edge of what is seen of the upright picture, in its pixels.</summary>
    public double WindowLeft { get; }

    /// <summary>Top edge of what is seen of the upright picture, in its pixels.</summary>
    public double WindowTop { get; }

    /// <summary>Upright pixels per input pixel, horizontally.</summary>
    public double ScaleX { get; }

    /// <summary>Upright pixels per input pixel, vertically.</summary>
    public double ScaleY { get; }

    /// <summary>From the input to the picture as a viewer sees it.</summary>
    public PicturePoint ToUpright(PicturePoint input) =>
        new(WindowLeft + ((input.X - ContentLeft) * ScaleX), WindowTop + ((input.Y - ContentTop) * ScaleY));

    /// <summary>From the picture as a viewer sees it to the input.</summary>
    public PicturePoint FromUpright(PicturePoint upright) =>
        new(((upright.X - WindowLeft) / ScaleX) + ContentLeft, ((upright.Y - WindowTop) / ScaleY) + ContentTop);

    /// <summary>From the input to a picture of any size that shows the same as the upright one: a preview, a recording, a window.</summary>
    /// <param name="input">In the input.</param>
    /// <param name="picture">Size of that picture.</param>
    public PicturePoint ToPicture(PicturePoint input, Size2d picture)
    {
        var (x, y) = ToUpright(input);
        return new(x * picture.Width / Upright.Width, y * picture.Height / Upright.Height);
    }

    /// <summary>From the input to the frame as stored.</summary>
    public PicturePoint ToStored(PicturePoint input)
    {
        var (x, y) = ToUpright(input);
        var step = StoredSteps;
        return new(step.OriginX + (x * step.XPerX) + (y * step.XPerY), step.OriginY + (x * step.YPerX) + (y * step.YPerY));
    }

    /// <summary>From the frame as stored to the input.</summary>
    public PicturePoint FromStored(PicturePoint stored)
    {
        // The steps are a rotation or reflection, whose inverse is its transpose.
        var step = StoredSteps;
        double x = stored.X - step.OriginX, y = stored.Y - step.OriginY;
        return FromUpright(new((x * step.XPerX) + (y * step.YPerX), (x * step.XPerY) + (y * step.YPerY)));
    }

    /// <summary>
    /// Stored coordinates as a linear function of upright ones. For pixel indices instead of points, the origin is one
    /// less along each axis that runs backwards: <see cref="PixelSteps"/>.
    /// </summary>
    internal UprightSteps StoredSteps
    {
        get
        {
            var steps = _geometry.Rotation switch
            {
                Rotation.Clockwise90 => new UprightSteps(0, _region.Height, 0, -1, 1, 0),
                Rotation.Clockwise180 => new UprightSteps(_region.Width, _region.Height, -1, 0, 0, -1),
                Rotation.Clockwise270 => new UprightSteps(_region.Width, 0, 0, 1, -1, 0),
                _ => new UprightSteps(0, 0, 1, 0, 0, 1),
            };
            steps = steps with { OriginX = steps.OriginX + _region.Left, OriginY = steps.OriginY + _region.Top };
            return !_geometry.Mirrored ? steps : steps with
            {
                OriginX = steps.OriginX + (Upright.Width * steps.XPerX),
                OriginY = steps.OriginY + (Upright.Width * steps.YPerX),
                XPerX = -steps.XPerX,
                YPerX = -steps.YPerX,
            };
        }
    }

    /// <summary>Index of a stored pixel as a linear function of the indices of an upright one.</summary>
    internal UprightSteps PixelSteps
    {
        get
        {
            var steps = StoredSteps;
            return steps with
            {
                OriginX = steps.OriginX - (steps.XPerX + steps.XPerY < 0 ? 1 : 0),
                OriginY = steps.OriginY - (steps.YPerX + steps.YPerY < 0 ? 1 : 0),
            };
        }
    }

    /// <summary><c>storedX = OriginX + x·XPerX + y·XPerY</c>, <c>storedY = OriginY + x·YPerX + y·YPerY</c>; the steps are −1, 0 or 1.</summary>
    internal readonly record struct UprightSteps(int OriginX, int OriginY, int XPerX, int YPerX, int XPerY, int YPerY);
}
