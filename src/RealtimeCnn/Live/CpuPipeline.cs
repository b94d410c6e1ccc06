using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using RealtimeCnn.Images;

namespace RealtimeCnn.Live;

/// <summary>
/// The pipeline without a GPU: pictures lie in memory, the network runs on a thread of its own, and what there is to see is drawn on a
/// <see cref="Drawing.CpuCanvas"/>. Takes any network that may be run from a thread of the pipeline's.
/// </summary>
/// <param name="logger">Gets which networks run; null for none.</param>
public sealed class CpuPipeline(ILogger? logger = null) : LivePipeline(inFlight: 1, logger ?? NullLogger.Instance)
{
    private readonly PixelPool _pictures = new();

    /// <inheritdoc/>
    public override IFrameAllocator? Allocator => null;

    private protected override LivePicture? Load(Frame frame, bool needsPixels) => _pictures.Copy(frame);

    private protected override LiveRunner MakeRunner(INetwork network, LiveOptions options) => options.Textures.Count > 0
        ? throw new NotSupportedException($"Textures are made on a device, and this pipeline has none: give it one, or take what is to be seen by {nameof(LiveOptions)}.{nameof(LiveOptions.Drawn)} or {nameof(LiveResult)}.{nameof(LiveResult.Outputs)}.")
        : network.Backend == "cpu" ? new ThreadRunner(network, options)
        : throw new ArgumentException($"This network runs on {network.Choice}: it needs the thread of its device; a pipeline on that device takes it.", nameof(network));

    private protected override void DisposeOwn()
    {
        // Memory of pictures is the runtime's.
    }
}
