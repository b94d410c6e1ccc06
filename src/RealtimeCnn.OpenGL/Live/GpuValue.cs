using RealtimeCnn.Drawing;
using RealtimeCnn.Heads;
using RealtimeCnn.Images;
using RealtimeCnn.Live;
using RealtimeCnn.OpenGL.Drawing;
using RealtimeCnn.OpenGL.Kernels;

namespace RealtimeCnn.OpenGL.Live;

/// <summary>A value in GPU memory. What draws it reads it where it lies: nothing of it comes back.</summary>
public sealed class GpuValue : LiveValue
{
    private readonly GlDevice _device;
    private GpuShrunkenPicture? _shrunken;
    private GpuBackdropPicture? _behind;

    internal GpuValue(string name, GpuTensor tensor, GlDevice device)
        : base(name, tensor.Shape) => (Tensor, _device) = (tensor, device);

    /// <summary>Where it lies, for shaders of a host's own.</summary>
    public GpuTensor Tensor { get; }

    /// <inheritdoc/>
    public override void Draw(Canvas canvas, Area where, PictureHead? head = null) => OnGpu(canvas).Picture(Tensor, where, head);

    /// <inheritdoc/>
    public override void DrawMask(Canvas canvas, Area where, PictureMapping mapping, SegmentationHead head, float opacity = 0.5f) =>
        OnGpu(canvas).Mask(Tensor, where, mapping, head, opacity);

    /// <inheritdoc/>
    public override void DrawBackdrop(Canvas canvas, LivePicture picture, Area where, PictureMapping mapping, SegmentationHead head, Backdrop backdrop)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentNullException.ThrowIfNull(backdrop);
        var target = OnGpu(canvas);
        var texture = picture as FrameTexture ?? throw new ArgumentException($"'{Name}' lies in GPU memory, and the picture does not.", nameof(picture));
        var small = backdrop.Rows > 0 ? (_shrunken ??= new GpuShrunkenPicture(_device)).Of(texture, backdrop) : null;
        var behind = backdrop.Picture is { } other ? (_behind ??= new GpuBackdropPicture(_device)).Of(other, target.PixelsOf(where)) : null;
        target.Backdrop(Tensor, small, behind, where, mapping, head, backdrop.Color);
    }

    /// <inheritdoc/>
    public override void DrawMaps(Canvas canvas, Area where, int columns, int rows, float gap = 2, int firstChannel = 0, MapColors colors = MapColors.Stretched) =>
        OnGpu(canvas).FeatureMaps(Tensor, where, columns, rows, gap, firstChannel, colors);

    private protected override void Read(Span<float> destination)
    {
        var view = Tensor.View;
        float[] blocked = new float[BlockedLayout.Blocks(Shape.Channels, GpuKernels.Block) * GpuKernels.Block * Shape.Area];
        view.Buffer.Read(blocked.AsSpan(), view.Offset);
        BlockedLayout.Unpack(blocked, Shape, destination, GpuKernels.Block);
    }

    internal override void Free()
    {
        _shrunken?.Dispose();
        _behind?.Dispose();
    }

    private GpuCanvas OnGpu(Canvas canvas) => canvas as GpuCanvas
        ?? throw new ArgumentException($"'{Name}' lies in GPU memory; draw it on a {nameof(GpuCanvas)}.", nameof(canvas));
}
