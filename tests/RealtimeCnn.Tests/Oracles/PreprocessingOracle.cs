using RealtimeCnn.Images;
using RealtimeCnn.Regions;
using RealtimeCnn.SelfTests.Oracles;

namespace RealtimeCnn.Tests.Oracles;

/// <summary>
/// Preprocessing straight from its definition, in double: bytes to a picture, cropped, turned and mirrored step by step, resized
/// by a sum over every pixel of the picture, then normalised. Colours count from 0 to 255 throughout.
/// </summary>
internal static class PreprocessingOracle
{
    public static DoubleTensor Compute(Preprocessing preprocessing, byte[] pixels, FrameFormat format, FrameGeometry geometry)
    {
        var picture = Upright(Decode(pixels, format), geometry);
        int height = picture.GetLength(0), width = picture.GetLength(1);
        var (inputHeight, inputWidth) = preprocessing.Size;
        double scaleX = (double)width / inputWidth, scaleY = (double)height / inputHeight, left = 0, top = 0;
        int contentX = 0, contentY = 0, contentWidth = inputWidth, contentHeight = inputHeight;
        if (preprocessing.Fit == FitMode.Letterbox)
        {
            double shrink = Math.Max(scaleX, scaleY);
            contentWidth = Math.Clamp((int)Math.Round(width / shrink), 1, inputWidth);
            contentHeight = Math.Clamp((int)Math.Round(height / shrink), 1, inputHeight);
            (contentX, contentY) = ((inputWidth - contentWidth) / 2, (inputHeight - contentHeight) / 2);
            (scaleX, scaleY) = ((double)width / contentWidth, (double)height / contentHeight);
        }
        else if (preprocessing.Fit == FitMode.Crop)
        {
            scaleX = scaleY = Math.Min(scaleX, scaleY);
            (left, top) = ((width - (inputWidth * scaleX)) / 2, (height - (inputHeight * scaleY)) / 2);
        }

        double[] mean = Three(preprocessing.Mean), scale = Three(preprocessing.Scale), border = Three(preprocessing.Border);
        return DoubleTensor.Fill(preprocessing.Shape, (_, channel, y, x) =>
        {
            bool shown = x >= contentX && x < contentX + contentWidth && y >= contentY && y < contentY + contentHeight;
            double[] rgb = shown
                ? Blend(picture, left + ((x - contentX + 0.5) * scaleX), top + ((y - contentY + 0.5) * scaleY), Math.Max(scaleX, 1), Math.Max(scaleY, 1))
                : border;
            if (preprocessing.Order == ColorOrder.Gray)
                return ((0.299 * rgb[0]) + (0.587 * rgb[1]) + (0.114 * rgb[2]) - mean[0]) * scale[0];
            int color = preprocessing.Order == ColorOrder.Bgr ? 2 - channel : channel;
            return (rgb[color] - mean[color]) * scale[color];
        });
    }

    /// <summary>
    /// A region: for each pixel of the input a sum over every pixel of the plane around the picture, those that there are and border, by the
    /// product of two triangles along the region's axes; of squares of pixels, their middle one, where a triangle is wider than 6.
    /// </summary>
    public static DoubleTensor Compute(Preprocessing preprocessing, byte[] pixels, FrameFormat format, FrameGeometry geometry, RegionOfInterest region)
    {
        var seen = Upright(Decode(pixels, format), geometry);
        var mapping = new PictureMapping(new Size2d(format.Height, format.Width), geometry, preprocessing.Size, FitMode.Stretch);
        var (inputHeight, inputWidth) = preprocessing.Size;
        double width = region.Width, height = region.Height;
        if (preprocessing.Fit != FitMode.Stretch)
        {
            double across = width / inputWidth, down = height / inputHeight, scale = preprocessing.Fit == FitMode.Letterbox ? Math.Max(across, down) : Math.Min(across, down);
            (width, height) = (scale * inputWidth, scale * inputHeight);
        }

        double scaleX = width / inputWidth, scaleY = height / inputHeight;
        int square = (int)Math.Ceiling(Math.Max(1, Math.Max(scaleX, scaleY)) / 6);
        double radiusX = Math.Max(scaleX, square), radiusY = Math.Max(scaleY, square), cos = Math.Cos(region.Angle), sin = Math.Sin(region.Angle);
        double[] mean = Three(preprocessing.Mean), factors = Three(preprocessing.Scale), border = Three(preprocessing.Border);
        return DoubleTensor.Fill(preprocessing.Shape, (_, channel, y, x) =>
        {
            double u = ((x + 0.5) * scaleX) - (width / 2), v = ((y + 0.5) * scaleY) - (height / 2);
            double centreX = region.CentreX + (u * cos) - (v * sin), centreY = region.CentreY + (u * sin) + (v * cos);
            int reach = (int)Math.Ceiling(radiusX + radiusY) + 2;
            double[] sum = [0, 0, 0];
            double total = 0;
            for (int row = (int)centreY - reach; row <= centreY + reach; row++)
            for (int column = (int)centreX - reach; column <= centreX + reach; column++)
            {
                var stored = mapping.ToStored(mapping.FromUpright(new PicturePoint(column + 0.5, row + 0.5)));
                if (!IsMiddle(stored.X) || !IsMiddle(stored.Y))
                    continue;
                double awayX = column + 0.5 - centreX, awayY = row + 0.5 - centreY;
                double weight = Math.Max(0, 1 - (Math.Abs((awayX * cos) + (awayY * sin)) / radiusX)) * Math.Max(0, 1 - (Math.Abs((awayY * cos) - (awayX * sin)) / radiusY));
                bool isThere = row >= 0 && row < seen.GetLength(0) && column >= 0 && column < seen.GetLength(1);
                total += weight;
                for (int c = 0; c < 3; c++)
                    sum[c] += weight * (isThere ? seen[row, column][c] : border[c]);
            }

            double[] rgb = [.. sum.Select(value => value / total)];
            if (preprocessing.Order == ColorOrder.Gray)
                return ((0.299 * rgb[0]) + (0.587 * rgb[1]) + (0.114 * rgb[2]) - mean[0]) * factors[0];
            int color = preprocessing.Order == ColorOrder.Bgr ? 2 - channel : channel;
            return (rgb[color] - mean[color]) * factors[color];
        });

        bool IsMiddle(double stored)
        {
            int pixel = (int)Math.Floor(stored);
            return (((pixel % square) + square) % square) == square / 2;
        }
    }

    private static double[] Blend(double[,][] picture, double centreX, double centreY, double radiusX, double radiusY)
    {
        double[] sum = [0, 0, 0];
        double total = 0;
        for (int y = 0; y < picture.GetLength(0); y++)
        for (int x = 0; x < picture.GetLength(1); x++)
        {
            double weight = Math.Max(0, 1 - (Math.Abs(x + 0.5 - centreX) / radiusX)) * Math.Max(0, 1 - (Math.Abs(y + 0.5 - centreY) / radiusY));
            total += weight;
            for (int c = 0; c < 3; c++)
                sum[c] += weight * picture[y, x][c];
        }

        return [.. sum.Select(value => value / total)];
    }

    private static double[,][] Decode(byte[] pixels, FrameFormat format)
    {
        var picture = new double[format.Height, format.Width][];
        for (int y = 0; y < format.Height; y++)
        for (int x = 0; x < format.Width; x++)
        {
            int at = (y * format.Width) + x;
            picture[y, x] = format.Pixels switch
            {
                PixelFormat.Gray => [pixels[at], pixels[at], pixels[at]],
                PixelFormat.Rgb => [pixels[at * 3], pixels[(at * 3) + 1], pixels[(at * 3) + 2]],
                PixelFormat.Bgr => [pixels[(at * 3) + 2], pixels[(at * 3) + 1], pixels[at * 3]],
                PixelFormat.Rgba => [pixels[at * 4], pixels[(at * 4) + 1], pixels[(at * 4) + 2]],
                PixelFormat.Bgra => [pixels[(at * 4) + 2], pixels[(at * 4) + 1], pixels[at * 4]],
                PixelFormat.Yuyv => Yuv(format, pixels[at * 2], pixels[(at / 2 * 4) + 1], pixels[(at / 2 * 4) + 3]),
                _ => Yuv(format, pixels[at], pixels[Chroma(format, x, y)], pixels[Chroma(format, x, y) + 1]),
            };
        }

        return picture;
    }

    private static int Chroma(FrameFormat format, int x, int y) => (format.Width * format.Height) + (y / 2 * format.Width) + (x / 2 * 2);

    // From the luma weights Kr and Kb, as the recommendations define the signals: Pb = (B − Y) / (2 (1 − Kb)), Pr likewise.
    private static double[] Yuv(FrameFormat format, byte y, byte u, byte v)
    {
        var (kr, kb) = format.Matrix == YuvMatrix.Bt709 ? (0.2126, 0.0722) : (0.299, 0.114);
        bool limited = format.Range == YuvRange.Limited;
        double luma = limited ? (y - 16) / 219.0 : y / 255.0;
        double pb = (u - 128) / (limited ? 224.0 : 255.0), pr = (v - 128) / (limited ? 224.0 : 255.0);
        double red = luma + (pr * 2 * (1 - kr)), blue = luma + (pb * 2 * (1 - kb));
        double green = (luma - (kr * red) - (kb * blue)) / (1 - kr - kb);
        return [Math.Clamp(red, 0, 1) * 255, Math.Clamp(green, 0, 1) * 255, Math.Clamp(blue, 0, 1) * 255];
    }

    private static double[,][] Upright(double[,][] picture, FrameGeometry geometry)
    {
        if (geometry.Crop is { } crop)
            picture = Rebuild(crop.Height, crop.Width, picture, (y, x, from) => from[crop.Top + y, crop.Left + x]);
        for (int turn = 0; turn < (int)geometry.Rotation; turn += 90)
            picture = Rebuild(picture.GetLength(1), picture.GetLength(0), picture, (y, x, from) => from[from.GetLength(0) - 1 - x, y]);
        return geometry.Mirrored
            ? Rebuild(picture.GetLength(0), picture.GetLength(1), picture, (y, x, from) => from[y, from.GetLength(1) - 1 - x])
            : picture;
    }

    private static double[,][] Rebuild(int height, int width, double[,][] from, Func<int, int, double[,][], double[]> pixel)
    {
        var result = new double[height, width][];
        for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++)
            result[y, x] = pixel(y, x, from);
        return result;
    }

    private static double[] Three(Rgb rgb) => [rgb.R, rgb.G, rgb.B];
}
