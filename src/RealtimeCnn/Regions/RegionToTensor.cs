using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RealtimeCnn.Cpu;
using RealtimeCnn.Images;

namespace RealtimeCnn.Regions;

/// <summary>
/// Makes network inputs of regions of frames on the CPU, cropped, turned, resized and normalised: the twin of
/// <c>shaders/image/region_to_tensor.comp</c>. What lies outside of the picture has the colour of <see cref="Preprocessing.Border"/>. Allocates
/// nothing. Thread-safe.
/// </summary>
/// <remarks>The region fills the input; <see cref="Preprocessing.Fit"/> says how, where their proportions differ (<see cref="RegionOfInterest.FittedTo"/>).</remarks>
public sealed class RegionToTensor
{
    private readonly Preprocessing _preprocessing;
    private readonly Vector128<float>[] _channels;
    private readonly Vector128<float> _border;

    /// <param name="preprocessing">What to do with the regions.</param>
    /// <exception cref="ArgumentException">The preprocessing is impossible.</exception>
    public RegionToTensor(Preprocessing preprocessing)
    {
        ArgumentNullException.ThrowIfNull(preprocessing);
        preprocessing.Validate();
        _preprocessing = preprocessing;
        double[] rows = preprocessing.ColorRows();
        _channels = [.. Enumerable.Range(0, preprocessing.Shape.Channels).Select(c => Vector128.Create((float)rows[4 * c], (float)rows[(4 * c) + 1], (float)rows[(4 * c) + 2], (float)rows[(4 * c) + 3]))];
        _border = Vector128.Create((float)preprocessing.Border.R, (float)preprocessing.Border.G, (float)preprocessing.Border.B, 1);
    }

    /// <summary>Fills one batch item of an NCHW tensor.</summary>
    /// <param name="frame">The picture.</param>
    /// <param name="region">What is seen of it, in pixels of the picture as a viewer sees it.</param>
    /// <param name="destination">Shape <c>[N, C, H, W]</c>, with C, H and W of <see cref="Preprocessing.Shape"/>.</param>
    /// <param name="item">Batch item, from 0 to N − 1.</param>
    /// <exception cref="ArgumentException">The tensor has another shape, or the region is no rectangle or far from the picture.</exception>
    public void Run(Frame frame, RegionOfInterest region, Tensor destination, int item = 0)
    {
        ArgumentNullException.ThrowIfNull(frame);
        Run(frame.Pixels, frame.Format, frame.Geometry, region, destination, item);
    }

    /// <inheritdoc cref="Run(Frame, RegionOfInterest, Tensor, int)"/>
    /// <param name="pixels">The picture's bytes, as <see cref="Frame.Pixels"/> has them.</param>
    /// <param name="format">Their layout.</param>
    /// <param name="geometry">How they are turned and mirrored.</param>
    /// <param name="region">What is seen of it, in pixels of the picture as a viewer sees it.</param>
    /// <param name="destination">Shape <c>[N, C, H, W]</c>, with C, H and W of <see cref="Preprocessing.Shape"/>.</param>
    /// <param name="item">Batch item, from 0 to N − 1.</param>
    public unsafe void Run(ReadOnlySpan<byte> pixels, FrameFormat format, FrameGeometry geometry, RegionOfInterest region, Tensor destination, int item = 0)
    {
        ArgumentNullException.ThrowIfNull(destination);
        Shape shape = destination.Shape, one = _preprocessing.Shape;
        if (shape.Rank != 4 || (shape.Channels, shape.Height, shape.Width) != (one.Channels, one.Height, one.Width) || (uint)item >= (uint)shape.Batch)
            throw new ArgumentException($"Item {item} of a tensor {shape} cannot take an input of shape {one}.");
        format.Validate();
        if (pixels.Length < format.Bytes)
            throw new ArgumentException($"A frame of {format} needs {format.Bytes} bytes; {pixels.Length} were given.");
        var sampling = new RegionSampling(new Size2d(format.Height, format.Width), geometry, region, _preprocessing);
        fixed (byte* bytes = pixels)
        fixed (float* all = destination.Span)
        {
            var frame = new StoredFrame { Pixels = bytes, Format = format, Yuv = YuvColors.Of(format.Matrix, format.Range) };
            float* tensor = all + ((nint)item * one.Count);
            switch (format.Pixels)
            {
                case PixelFormat.Gray:
                    Write<GrayPixel>(frame, sampling, tensor);
                    break;
                case PixelFormat.Rgb:
                    Write<RgbPixel>(frame, sampling, tensor);
                    break;
                case PixelFormat.Bgr:
                    Write<BgrPixel>(frame, sampling, tensor);
                    break;
                case PixelFormat.Rgba:
                    Write<RgbaPixel>(frame, sampling, tensor);
                    break;
                case PixelFormat.Bgra:
                    Write<BgraPixel>(frame, sampling, tensor);
                    break;
                case PixelFormat.Yuyv:
                    Write<YuyvPixel>(frame, sampling, tensor);
                    break;
                default:
                    Write<Nv12Pixel>(frame, sampling, tensor);
                    break;
            }
        }
    }

    [MethodImpl(KernelCode.Optimized)]
    private unsafe void Write<TPixel>(in StoredFrame frame, in RegionSampling sampling, float* tensor)
        where TPixel : struct, IStoredPixel
    {
        var (height, width) = _preprocessing.Size;
        for (int row = 0; row < height; row++)
        {
            double lineX = sampling.StartX + (row * sampling.BelowX), lineY = sampling.StartY + (row * sampling.BelowY);
            for (int column = 0; column < width; column++)
            {
                var color = Blend<TPixel>(frame, sampling, lineX + (column * sampling.RightX), lineY + (column * sampling.RightY));
                nint at = ((nint)row * width) + column;
                for (int c = 0; c < _channels.Length; c++)
                    tensor[((nint)c * height * width) + at] = Vector128.Sum(color * _channels[c]);
            }
        }
    }

    /// <summary>The colours around a place, and a 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector128<float> Blend<TPixel>(in StoredFrame frame, in RegionSampling sampling, double x, double y)
        where TPixel : struct, IStoredPixel
    {
        int step = sampling.Lattice;
        double offset = (step / 2) + 0.5;
        int left = (int)Math.Ceiling((x - sampling.HalfX - offset) / step), right = (int)Math.Floor((x + sampling.HalfX - offset) / step);
        int top = (int)Math.Ceiling((y - sampling.HalfY - offset) / step), bottom = (int)Math.Floor((y + sampling.HalfY - offset) / step);
        float acrossX = (float)sampling.AcrossX, acrossY = (float)sampling.AcrossY, downX = (float)sampling.DownX, downY = (float)sampling.DownY;
        var seen = sampling.Seen;
        var sum = Vector128<float>.Zero;
        float total = 0;
        for (int row = top; row <= bottom; row++)
        {
            int storedY = (row * step) + (step / 2);
            float awayY = (float)(storedY + 0.5 - y);
            bool isRow = (uint)(storedY - seen.Top) < (uint)seen.Height;
            for (int column = left; column <= right; column++)
            {
                int storedX = (column * step) + (step / 2);
                float awayX = (float)(storedX + 0.5 - x);
                float across = 1 - Math.Abs((awayX * acrossX) + (awayY * acrossY)), down = 1 - Math.Abs((awayX * downX) + (awayY * downY));
                if (across <= 0 || down <= 0)
                    continue;
                float weight = across * down;
                total += weight;
                if (isRow && (uint)(storedX - seen.Left) < (uint)seen.Width)
                    sum += TPixel.Read(frame, storedX, storedY) * weight;
            }
        }

        // The last number counts the pixels that there are.
        return (sum + (_border * (total - sum[3]))) / total;
    }
}
