using System.Runtime.InteropServices;
using RealtimeCnn.Images;
using RealtimeCnn.OpenGL.Kernels;
using RealtimeCnn.OpenGL.Shaders;
using static RealtimeCnn.OpenGL.GlEnum;

namespace RealtimeCnn.OpenGL;

/// <summary>
/// Makes network inputs of pictures on the GPU, resized and normalised as <see cref="Preprocessing"/> says. Equal to
/// <see cref="ImageToTensor"/> on the CPU within 1e-6 of the colour range. Allocates only when the format changes.
/// </summary>
/// <remarks>
/// Pictures that shrink go through two shaders: rows are blended as they are stored, four pixels at a time, to as many lines as the
/// input has, and these are narrowed. Both ways give the same numbers.
/// </remarks>
internal sealed unsafe class GpuImageToTensor : IDisposable
{
    private readonly GlDevice _device;
    private readonly Preprocessing _preprocessing;
    private readonly ProgramCache _programs;
    private readonly GpuBuffer _parameters;
    private readonly GpuSampler _sampler;
    private FrameFormat _format;
    private FrameGeometry _geometry;
    private IReadOnlyList<string>? _defines;
    private bool _disposed;
    private ShaderProgram? _program;
    private ShaderProgram? _blend;
    private GpuBuffer? _blended;
    private GpuBufferView? _blendedView;
    private Extent3d _blendedSize;
    private GpuBuffer? _weights;
    private GpuBufferView? _weightsView;

    /// <param name="device">Where.</param>
    /// <param name="preprocessing">What to do with the pictures.</param>
    /// <param name="programs">Programs to use instead of the device's own.</param>
    /// <exception cref="ArgumentException">The preprocessing is impossible.</exception>
    public GpuImageToTensor(GlDevice device, Preprocessing preprocessing, ProgramCache? programs = null)
    {
        ArgumentNullException.ThrowIfNull(preprocessing);
        preprocessing.Validate();
        (_device, _preprocessing, _programs) = (device, preprocessing, programs ?? device.Programs);
        _parameters = new GpuBuffer(device, sizeof(Params), "ImageToTensor parameters");
        _sampler = new GpuSampler(device, GL_NEAREST, "ImageToTensor");
    }

    /// <summary>Where the input's places lie in the picture that was converted last.</summary>
    public PictureMapping Mapping { get; private set; }

    /// <summary>Fills one batch item, <c>[1][H][W]</c> vec4s, of a channel-blocked tensor; what reads it next needs no barrier.</summary>
    /// <param name="frame">The picture.</param>
    /// <param name="output">Where the tensor lies.</param>
    /// <param name="offset">Where in <paramref name="output"/> it begins, in bytes, aligned as <see cref="GlLimits.TensorAlignment"/> says.</param>
    /// <param name="batch">Items of the tensor.</param>
    /// <param name="item">The item to fill.</param>
    public void Run(FrameTexture frame, GpuBuffer output, long offset = 0, int batch = 1, int item = 0)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _device.VerifyThread();
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)item, (uint)batch);
        if (_program is null || frame.Format != _format || frame.Geometry != _geometry || frame.Defines != _defines)
            Prepare(frame);

        var gl = _device.Gl;
        var size = _preprocessing.Size;
        gl.ActiveTexture(GL_TEXTURE0);
        gl.BindTexture(GL_TEXTURE_2D, frame.Id);
        _sampler.Bind(0);
        _weightsView!.Bind(1);
        _parameters.BindUniform(0, 0, _parameters.Bytes);
        if (_blend != null)
        {
            _blend.Use();
            _blended!.BindStorage(0, 0, _blended.Bytes);
            _blend.Dispatch(_blendedSize);
            _device.TensorBarrier();
            _blendedView!.Bind(2);
        }

        _program!.Use();
        gl.Uniform1i(0, item * size.Height * size.Width);
        output.BindStorage(0, offset, (long)batch * size.Height * size.Width * 16);
        _program.Dispatch(new Extent3d(size.Width, size.Height, 1));
        _device.TensorBarrier();
    }

    /// <summary>The shaders that bring one picture to a network's input, in order.</summary>
    /// <param name="map">Where the input's places lie in the picture.</param>
    /// <param name="device">On which the rows of a large picture may be more than a shader can read at once.</param>
    internal static IReadOnlyList<string> Shaders(in PictureMapping map, GlDevice device)
    {
        // Both axes of a picture are at most so long, fours of columns begun at either end included.
        long blendedBytes = (long)Math.Max(map.Content.Height, map.Content.Width) * (Math.Max(map.Upright.Width, map.Upright.Height) + 8) * 16;
        return map.ScaleX > 1 && blendedBytes <= device.Limits.ReadableBytes(device.Info.ReadPath)
            ? ["image/blend_rows.comp", "image/narrow_rows.comp"]
            : ["image/image_to_tensor.comp"];
    }

    public void Dispose()
    {
        _disposed = true;
        _weightsView?.Dispose();
        _weights?.Dispose();
        _blendedView?.Dispose();
        _blended?.Dispose();
        _parameters.Dispose();
        _sampler.Dispose();
    }

    private void Prepare(FrameTexture frame)
    {
        var map = _preprocessing.Map(frame.Format, frame.Geometry);
        var x = new ResampleAxis(map.Upright.Width, map.Content.Width, map.WindowLeft, map.ScaleX);
        var y = new ResampleAxis(map.Upright.Height, map.Content.Height, map.WindowTop, map.ScaleY);
        VerifyTurns(map, x.Taps, y.Taps);
        var weights = new List<float>();
        foreach (var axis in (ResampleAxis[])[x, y])
        {
            for (int i = 0; i < axis.First.Length; i++)
            {
                weights.AddRange([axis.First[i], 0, 0, 0]);
                weights.AddRange(axis.Weights(i));
                weights.AddRange(new float[(4 - (weights.Count % 4)) % 4]);
            }
        }

        _weightsView?.Dispose();
        _weights?.Dispose();
        _weights = GpuBuffer.Create<float>(_device, CollectionsMarshal.AsSpan(weights), "ImageToTensor weights");
        _weightsView = new GpuBufferView(_weights, 0, _weights.Bytes);

        var steps = map.PixelSteps;
        bool isTurned = steps.XPerX == 0;
        var (firstFour, fours) = isTurned ? FoursSeen(y, steps.OriginX, steps.XPerY) : FoursSeen(x, steps.OriginX, steps.XPerX);
        var border = _preprocessing.UnitBorder;
        var parameters = new Params
        {
            ContentLeft = map.ContentLeft, ContentTop = map.ContentTop, ContentWidth = map.Content.Width, ContentHeight = map.Content.Height,
            Width = map.Input.Width, Height = map.Input.Height, TapsX = x.Taps, TapsY = y.Taps,
            OriginX = steps.OriginX, OriginY = steps.OriginY, FirstFour = firstFour, Fours = fours,
            XPerX = steps.XPerX, YPerX = steps.YPerX, XPerY = steps.XPerY, YPerY = steps.YPerY,
            BorderR = (float)border.R, BorderG = (float)border.G, BorderB = (float)border.B,
            StoredWidth = frame.Format.Width, StoredHeight = frame.Format.Height, IsTurned = isTurned ? 1 : 0,
        };
        _preprocessing.UnitColorRows().CopyTo(new Span<float>(parameters.Rows, 12));
        _parameters.Upload<Params>([parameters]);

        PrepareShaders(map, frame.Defines, new Extent3d(fours, isTurned ? map.Content.Width : map.Content.Height, 1));
        (_format, _geometry, _defines, Mapping) = (frame.Format, frame.Geometry, frame.Defines, map);
    }

    // A driver may end longer loops early without a word.
    private void VerifyTurns(in PictureMapping map, int tapsX, int tapsY)
    {
        long turns = Shaders(map, _device).Count > 1 ? Math.Max(tapsX, tapsY) : tapsY * (2L + tapsX);
        if (turns > Lanes.MostTurns)
        {
            throw new GlException(
                $"A picture of {map.Upright.Width}×{map.Upright.Height} pixels that shows on {map.Content.Width}×{map.Content.Height} of the network's input makes a pixel of {turns} others; " +
                $"a shader walks at most {Lanes.MostTurns}. Shrink the picture first, or use the CPU path (ImageToTensor).");
        }
    }

    /// <summary>Fours of stored columns that the pixels along an upright axis lie in: the first, and how many.</summary>
    private static (int First, int Count) FoursSeen(ResampleAxis axis, int origin, int step)
    {
        int one = origin + (axis.First[0] * step), other = origin + ((axis.First[^1] + axis.Taps - 1) * step);
        return (Math.Min(one, other) / 4, (Math.Max(one, other) / 4) - (Math.Min(one, other) / 4) + 1);
    }

    private void PrepareShaders(in PictureMapping map, IReadOnlyList<string> defines, Extent3d blended)
    {
        _blendedView?.Dispose();
        _blended?.Dispose();
        (_blend, _blended, _blendedView) = (null, null, null);
        if (Shaders(map, _device) is [var blend, var narrow])
        {
            (_blend, _program, _blendedSize) = (_programs.Compute(blend, defines), _programs.Compute(narrow), blended);
            _blended = new GpuBuffer(_device, (long)blended.X * blended.Y * 4 * 16, "ImageToTensor lines");
            _blendedView = new GpuBufferView(_blended, 0, _blended.Bytes);
        }
        else
        {
            _program = _programs.Compute(Shaders(map, _device)[0], defines);
        }
    }

    // The block Params of include/resample.glsl, std140.
    [StructLayout(LayoutKind.Sequential)]
    private struct Params
    {
        public int ContentLeft, ContentTop, ContentWidth, ContentHeight;
        public int Width, Height, TapsX, TapsY;
        public int OriginX, OriginY, FirstFour, Fours;
        public int XPerX, YPerX, XPerY, YPerY;
        public fixed float Rows[12];
        public float BorderR, BorderG, BorderB, Unused;
        public int StoredWidth, StoredHeight, IsTurned, Unused1;
    }
}
