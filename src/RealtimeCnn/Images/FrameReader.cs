using System.Runtime.Intrinsics;

namespace RealtimeCnn.Images;

/// <summary>Makes the <see cref="FrameRows"/> of frames, whose tables it holds. Allocates only when the format or the geometry of the frames changes.</summary>
/// <param name="preprocessing">What to do with the frames.</param>
internal sealed unsafe class FrameReader(Preprocessing preprocessing)
{
    private FrameFormat _format;
    private FrameGeometry _geometry;
    private FrameAxisTable? _across;
    private FrameAxisTable? _down;
    private FrameRows _rows;

    /// <summary>Where the input's places lie in the frame of the last <see cref="Prepare"/>.</summary>
    public PictureMapping Mapping { get; private set; }

    /// <summary>Whether the rows of that frame are columns of the input.</summary>
    public bool IsTurned => _rows.IsTurned;

    /// <summary>Gets ready for frames of a format and geometry.</summary>
    /// <exception cref="ArgumentException">The format is impossible, or the frame has fewer bytes.</exception>
    public void Prepare(int bytes, in FrameFormat format, in FrameGeometry geometry)
    {
        format.Validate();
        if (bytes < format.Bytes)
            throw new ArgumentException($"A frame of {format} needs {format.Bytes} bytes; {bytes} were given.");
        if (_across != null && format == _format && geometry == _geometry)
            return;
        var map = Mapping = preprocessing.Map(format, geometry);
        var steps = map.PixelSteps;
        bool turned = steps.XPerX == 0;
        var x = new ResampleAxis(map.Upright.Width, map.Content.Width, map.WindowLeft, map.ScaleX);
        var y = new ResampleAxis(map.Upright.Height, map.Content.Height, map.WindowTop, map.ScaleY);
        _across = turned
            ? new FrameAxisTable(y, steps.OriginX, steps.XPerY, map.ContentTop, map.Input.Height)
            : new FrameAxisTable(x, steps.OriginX, steps.XPerX, map.ContentLeft, map.Input.Width);
        _down = turned
            ? new FrameAxisTable(x, steps.OriginY, steps.YPerX, map.ContentLeft, map.Input.Width)
            : new FrameAxisTable(y, steps.OriginY, steps.YPerY, map.ContentTop, map.Input.Height);
        _rows = new FrameRows
        {
            Format = format, Pitch = format.RowBytes, Across = _across.Axis, Down = _down.Axis, IsTurned = turned, Channels = preprocessing.Shape.Channels,
            Yuv = YuvColors.Of(format.Matrix, format.Range),
            Stride = format.Pixels is PixelFormat.Yuyv or PixelFormat.Nv12 ? 4 : format.RowBytes / format.Width,
            Blend = format.Pixels switch
            {
                PixelFormat.Yuyv => &FrameBlend.Yuv<YuyvLayout>,
                PixelFormat.Nv12 => &FrameBlend.Yuv<Nv12Layout>,
                _ => &FrameBlend.Samples,
            },
        };
        Mix(format.Pixels);
        (_format, _geometry) = (format, geometry);
    }

    /// <summary>The rows of the frame at an address, of the format that was prepared.</summary>
    public FrameRows Rows(byte* pixels) => _rows with { Pixels = pixels };

    /// <summary>What each number of a pixel, as it is stored or converted, adds to the channels.</summary>
    private void Mix(PixelFormat pixels)
    {
        double[] rows = preprocessing.ColorRows();
        Vector256<double> red = Column(0), green = Column(1), blue = Column(2), bias = Column(3);
        (_rows.First, _rows.Second, _rows.Third) = pixels switch
        {
            PixelFormat.Gray => (Round(red + green + blue), default, default),
            PixelFormat.Bgr or PixelFormat.Bgra => (Round(blue), Round(green), Round(red)),
            _ => (Round(red), Round(green), Round(blue)),
        };
        var border = preprocessing.Border;
        _rows.Bias = Round(bias);
        _rows.Border = Round((red * border.R) + (green * border.G) + (blue * border.B) + bias);

        Vector256<double> Column(int number) => Vector256.Create(rows[number], rows[4 + number], rows[8 + number], 0);

        static Vector128<float> Round(Vector256<double> exact) => Vector128.Create((float)exact[0], (float)exact[1], (float)exact[2], 0);
    }
}
