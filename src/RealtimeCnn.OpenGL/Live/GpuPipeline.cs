using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using RealtimeCnn.Images;
using RealtimeCnn.Live;

namespace RealtimeCnn.OpenGL.Live;

/// <summary>
/// The pipeline on an OpenGL device: pictures are textures, and what there is to see is drawn on a <see cref="Drawing.GpuCanvas"/>. A network
/// on the GPU gets its input there and sends its results back asynchronously; one on both backends goes from part to part, those of the
/// CPU on a thread of their own; one on the CPU runs on such a thread, from the picture's bytes. The device's thread waits for none of them.
/// </summary>
public sealed class GpuPipeline : LivePipeline
{
    private readonly FrameUploader _uploader;
    private readonly PixelPool _pixels = new();

    /// <summary>Makes a pipeline without a network.</summary>
    /// <param name="device">Where.</param>
    /// <param name="inFlight">Pictures that can be under way at once, at least 1: more for throughput, fewer for latency.</param>
    /// <param name="logger">Gets which networks run; null for none.</param>
    public GpuPipeline(GlDevice device, int inFlight = 2, ILogger? logger = null)
        : base(inFlight, logger ?? NullLogger.Instance)
    {
        ArgumentNullException.ThrowIfNull(device);
        Device = device;
        // Those of the results, and two that are only shown: one on the screen, and the next one. Each is made when it is needed first.
        _uploader = new FrameUploader(device, textures: inFlight + 4);
    }

    /// <summary>The device it runs on.</summary>
    public GlDevice Device { get; }

    /// <inheritdoc/>
    /// <remarks>Upload memory, unless the network also reads pictures on the CPU, for which that is slow.</remarks>
    public override IFrameAllocator? Allocator => NeedsPixels ? null : _uploader;

    /// <summary>Starts to compute what the network says about a texture of the host's, which leaves it alone until its result has been replaced by a newer one.</summary>
    /// <param name="picture">As <see cref="FrameTexture.FromHost"/> makes it.</param>
    /// <returns>False when there is no room now.</returns>
    /// <exception cref="InvalidOperationException">The pipeline has no network yet.</exception>
    /// <exception cref="NotSupportedException">The network reads its pictures on the CPU, and this one is only a texture.</exception>
    public bool TrySubmit(FrameTexture picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        if (Ready().NeedsPixels)
            throw new NotSupportedException($"This network runs on {(Options.Regions is { Network: { Backend: not "gpu" } second } && Network.Backend == "gpu" ? second : Network).Choice}, and reads its pictures on the CPU; a texture has no bytes there. Submit a frame, or choose the backend gpu.");
        Poll();
        if (!HasRoom)
            return false;
        picture.Hold();
        Begin(picture, uploadMs: 0);
        return true;
    }

    private protected override LivePicture? Load(Frame frame, bool needsPixels)
    {
        var picture = _uploader.TryUpload(frame);
        if (needsPixels)
            picture?.Keep(_pixels.Copy(frame));
        return picture;
    }

    private protected override LiveRunner MakeRunner(INetwork network, LiveOptions options)
    {
        VerifyThread();
        LiveRunner runner = network switch
        {
            GpuNetwork gpu => new GpuRunner(Device, gpu, options, Math.Max(options.MostRegions, InFlight)),
            MixedNetwork mixed => TexturedRunner.Over(new MixedRunner(Device, mixed, options), Device, options, InFlight),
            { Backend: "cpu" } => TexturedRunner.Over(new ThreadRunner(network, options), Device, options, InFlight),
            _ => throw new ArgumentException($"A live pipeline knows no way to run a network on {network.Choice}.", nameof(network)),
        };
        if (runner is not GpuRunner && runner.Outputs.Drawn.Count > 0)
        {
            runner.Dispose();
            throw new NotSupportedException($"Values are drawn from GPU memory here, and this network runs on {network.Choice}. Choose the backend gpu, or draw with a {nameof(CpuPipeline)}.");
        }

        return runner;
    }

    private protected override PlanBuild PrepareRunner(INetwork network, LiveOptions options) => network switch
    {
        GpuNetwork gpu => GpuRunner.Prepare(Device, gpu, options),
        MixedNetwork mixed => TexturedRunner.Prepare(Device, MixedRunner.Prepare(mixed, options), network, options),
        _ => TexturedRunner.Prepare(Device, base.PrepareRunner(network, options), network, options),
    };

    private protected override void VerifyThread() => Device.VerifyThread();

    private protected override void BeforePoll() => Device.CollectGarbage();

    private protected override void DisposeOwn()
    {
        _uploader.Dispose();
    }
}
