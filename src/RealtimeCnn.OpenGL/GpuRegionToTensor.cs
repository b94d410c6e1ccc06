using System.Runtime.InteropServices;
using RealtimeCnn.Images;
using RealtimeCnn.OpenGL.Shaders;
using RealtimeCnn.Regions;
using static RealtimeCnn.OpenGL.GlEnum;

namespace RealtimeCnn.OpenGL;

/// <summary>
/// Makes network inputs of regions of pictures on the GPU in one dispatch, cropped, turned, resized and normalised. Equal to
/// <see cref="RegionToTensor"/> on the CPU within 2e-6 of the colour range. Where the region lies goes with the command, so that nothing
/// waits for one before. Allocates only when the format changes.
/// </summary>
internal sealed unsafe class GpuRegionToTensor : IDisposable
{
    /// <summary>The shader.</summary>
    internal const string Shader = "image/region_to_tensor.comp";

    /// <summary>What steps from pixel to pixel are multiples of, but for their fine part: with places below 65536, sums of them are exact.</summary>
    private const double Quantum = 1.0 / 256;

    private readonly GlDevice _device;
    private readonly Preprocessing _preprocessing;
    private readonly ProgramCache _programs;
    private readonly GpuBuffer _parameters;
    private readonly GpuSampler _sampler;
    private FrameFormat _format;
    private FrameGeometry _geometry;
    private IReadOnlyList<string>? _defines;
    private ShaderProgram? _program;
    private bool _disposed;

    /// <param name="device">Where.</param>
    /// <param name="preprocessing">What to do with the regions.</param>
    /// <param name="programs">Programs to use instead of the device's own.</param>
    /// <exception cref="ArgumentException">The preprocessing is impossible.</exception>
    public GpuRegionToTensor(GlDevice device, Preprocessing preprocessing, ProgramCache? programs = null)
    {
        ArgumentNullException.ThrowIfNull(preprocessing);
        preprocessing.Validate();
        (_device, _preprocessing, _programs) = (device, preprocessing, programs ?? device.Programs);
        _parameters = new GpuBuffer(device, sizeof(Params), "RegionToTensor parameters");
        _sampler = new GpuSampler(device, GL_NEAREST, "RegionToTensor");
    }

    /// <summary>Makes what pictures of a format and geometry need; nothing for those of the last one.</summary>
    /// <param name="frame">A picture.</param>
    public void Prepare(FrameTexture frame)
    {
        if (_program is not null && frame.Format == _format && frame.Geometry == _geometry && frame.Defines == _defines)
            return;
        var seen = frame.Geometry.RegionOf(new Size2d(frame.Format.Height, frame.Format.Width));
        var border = _preprocessing.UnitBorder;
        var parameters = new Params
        {
            BorderR = (float)border.R, BorderG = (float)border.G, BorderB = (float)border.B,
            SeenLeft = seen.Left, SeenTop = seen.Top, SeenWidth = seen.Width, SeenHeight = seen.Height,
            StoredWidth = frame.Format.Width, StoredHeight = frame.Format.Height, Width = _preprocessing.Size.Width, Height = _preprocessing.Size.Height,
        };
        _preprocessing.UnitColorRows().CopyTo(new Span<float>(parameters.Rows, 12));
        _parameters.Upload<Params>([parameters]);
        _program = _programs.Compute(Shader, frame.Defines);
        (_format, _geometry, _defines) = (frame.Format, frame.Geometry, frame.Defines);
    }

    /// <summary>Fills one batch item, <c>[1][H][W]</c> vec4s, of a channel-blocked tensor; what reads it next needs no barrier.</summary>
    /// <param name="frame">The picture.</param>
    /// <param name="region">What is seen of it, in pixels of the picture as a viewer sees it.</param>
    /// <param name="output">Where the tensor lies.</param>
    /// <param name="offset">Where in <paramref name="output"/> it begins, in bytes, aligned as <see cref="GlLimits.TensorAlignment"/> says.</param>
    /// <param name="batch">Items of the tensor.</param>
    /// <param name="item">The item to fill.</param>
    /// <exception cref="ArgumentException">The region is no rectangle, or far from the picture.</exception>
    public void Run(FrameTexture frame, RegionOfInterest region, GpuBuffer output, long offset = 0, int batch = 1, int item = 0)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _device.VerifyThread();
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)item, (uint)batch);
        var sampling = new RegionSampling(new Size2d(frame.Format.Height, frame.Format.Width), frame.Geometry, region, _preprocessing);
        Prepare(frame);
        var gl = _device.Gl;
        var size = _preprocessing.Size;
        gl.ActiveTexture(GL_TEXTURE0);
        gl.BindTexture(GL_TEXTURE_2D, frame.Id);
        _sampler.Bind(0);
        _parameters.BindUniform(0, 0, _parameters.Bytes);
        _program!.Use();
        double wholeX = Math.Floor(sampling.StartX), wholeY = Math.Floor(sampling.StartY);
        gl.Uniform4f(0, (float)wholeX, (float)wholeY, (float)(sampling.StartX - wholeX), (float)(sampling.StartY - wholeY));
        var (rightX, rightY, belowX, belowY) = (Coarse(sampling.RightX), Coarse(sampling.RightY), Coarse(sampling.BelowX), Coarse(sampling.BelowY));
        gl.Uniform4f(1, (float)rightX, (float)rightY, (float)belowX, (float)belowY);
        gl.Uniform4f(2, (float)(sampling.RightX - rightX), (float)(sampling.RightY - rightY), (float)(sampling.BelowX - belowX), (float)(sampling.BelowY - belowY));
        gl.Uniform4f(3, (float)sampling.AcrossX, (float)sampling.AcrossY, (float)sampling.DownX, (float)sampling.DownY);
        gl.Uniform2f(4, (float)sampling.HalfX, (float)sampling.HalfY);
        gl.Uniform1i(5, sampling.Lattice);
        gl.Uniform1i(6, item * size.Height * size.Width);
        output.BindStorage(0, offset, (long)batch * size.Height * size.Width * 16);
        _program.Dispatch(new Extent3d(size.Width, size.Height, 1));
        _device.TensorBarrier();

        static double Coarse(double step) => Math.Round(step / Quantum) * Quantum;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _disposed = true;
        _parameters.Dispose();
        _sampler.Dispose();
    }

    // The block Params of the shader, std140.
    [StructLayout(LayoutKind.Sequential)]
    private struct Params
    {
        public fixed float Rows[12];
        public float BorderR, BorderG, BorderB, Unused;
        public int SeenLeft, SeenTop, SeenWidth, SeenHeight;
        public int StoredWidth, StoredHeight, Width, Height;
    }
}
