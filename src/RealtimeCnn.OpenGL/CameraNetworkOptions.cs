using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using RealtimeCnn.Drawing;
using RealtimeCnn.Heads;
using RealtimeCnn.Images;
using RealtimeCnn.Live;
using RealtimeCnn.OpenGL.Hosts;

namespace RealtimeCnn.OpenGL;

/// <summary>How a <see cref="CameraNetwork"/> runs.</summary>
public sealed record CameraNetworkOptions
{
    /// <summary>How a picture becomes the network's input.</summary>
    public required Preprocessing Preprocessing { get; init; }

    /// <summary>
    /// What the outputs of a detector mean: results carry what was found in place of the outputs. Null for outputs as they are: see
    /// <see cref="RealtimeCnn.Live.LiveOptions.Head"/>.
    /// </summary>
    public DetectionHead? Head { get; init; }

    /// <summary>
    /// A second network that looks at regions of the picture, which are made of what the detector found and followed while it sleeps
    /// (<see cref="LiveResult.Regions"/>). Null, the default, for none.
    /// </summary>
    public CameraRegions? Regions { get; init; }

    /// <summary>
    /// A source of the caller's, from which pictures come by themselves at each <see cref="CameraNetwork.Update"/>. It is started where it is
    /// idle, writes into memory of its own, and stays its maker's to dispose, before or after the network.
    /// </summary>
    public IFrameSource? Source { get; init; }

    /// <summary>
    /// Opens a source for the network, which calls this once, at <see cref="CameraNetwork.Initialize(GlDevice)"/>, starts the source, lets it
    /// write straight into upload memory, and disposes it. In place of <see cref="Source"/>; without either, the host submits pictures.
    /// </summary>
    public Func<IFrameSource>? OpenSource { get; init; }

    /// <summary>Which of the source's pictures are seen.</summary>
    public FrameDelivery Delivery { get; init; } = FrameDelivery.Latest;

    /// <summary>
    /// Which picture <see cref="CameraNetwork.Draw(uint, Size2d, Action{Canvas, Area, LiveResult}?, Area?, Color?)"/> draws: that of the newest
    /// result, or the newest one with the result of an earlier one on it. Textures of the host's (<see cref="CameraNetwork.Submit(uint, int, int, TimeSpan, bool)"/>)
    /// are always drawn with their own result.
    /// </summary>
    public ResultMatch Match { get; init; }

    /// <summary>
    /// Where the network runs: <c>auto</c>, <c>cpu</c> or <c>gpu</c>, as <see cref="Networks.Create(Graphs.Graph, string, GlDevice?, NetworkOptions?)"/> takes it. Pictures are drawn on the device in
    /// any case, and the host's thread never waits for the network.
    /// </summary>
    public string Backend { get; init; } = "auto";

    /// <summary>
    /// Most milliseconds of the GPU that the network may take in one call of <see cref="CameraNetwork.Update"/>; a slower one is spread over
    /// several, and its results say over how many (<see cref="LiveResult.Frames"/>). Null for all at once: see <see cref="LiveOptions.BudgetMs"/>.
    /// </summary>
    public double? BudgetMs { get; init; }

    /// <summary>
    /// Outputs, by name, that are only looked at: masks, pictures. They stay where they are computed and are drawn from there
    /// (<see cref="CameraNetwork.Value"/>), nothing of them comes back. With any, <c>auto</c> is the GPU where there is a device. None by default.
    /// </summary>
    public IReadOnlyList<string> Drawn { get; init; } = [];

    /// <summary>
    /// Whether what a <see cref="Head"/> finds is drawn from where it is found (<see cref="CameraNetwork.Found"/>): on the GPU in the frame in which the picture was
    /// submitted, before anything has come back.
    /// </summary>
    public bool DrawsFound { get; init; }

    /// <summary>
    /// Outputs that results carry as OpenGL textures (<see cref="OutputTextures.OutputTexture(LiveResult, string)"/>) and not as numbers, for a host's own shaders; what the CPU
    /// computes is uploaded. Needs a device. None by default.
    /// </summary>
    public IReadOnlyList<OutputTexture> Textures { get; init; } = [];

    /// <summary>How the network runs there; null for the defaults.</summary>
    public NetworkOptions? Network { get; init; }

    /// <summary>Pictures that can be under way at once, at least 1: more for throughput, fewer for latency. Where the CPU computes, it is one.</summary>
    public int InFlight { get; init; } = 2;

    /// <summary>
    /// What of its OpenGL state the host finds as it was after each call: all (the default), what it declares to rely on, or nothing
    /// where the network has a context of its own.
    /// </summary>
    public GlStateGroups HostState { get; init; } = GlStateGroups.All;

    /// <summary>Gets where the network runs, the states of the source, and pictures that were dropped.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;
}
