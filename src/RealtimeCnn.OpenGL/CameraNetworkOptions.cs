using RealtimeCnn.Images;
using RealtimeCnn.OpenGL.Hosts;

namespace RealtimeCnn.OpenGL;

/// <summary>How a <see cref="CameraNetwork"/> runs.</summary>
public sealed record CameraNetworkOptions
{
    /// <summary>How a picture becomes the network's input.</summary>
    public required Preprocessing Preprocessing { get; init; }

    /// <summary>
    /// Where pictures come from by themselves at each <see cref="CameraNetwork.Update"/>; null when the host submits them. Started by the
    /// network, which lets it write straight into upload memory; and so disposed by it, unless <see cref="LeaveSourceOpen"/>.
    /// </summary>
    public IFrameSource? Source { get; init; }

    /// <summary>
    /// Whether the source stays its owner's to dispose, before or after the network. It is started where it is idle, writes into
    /// memory of its own, and its pictures are copied once on the way.
    /// </summary>
    public bool LeaveSourceOpen { get; init; }

    /// <summary>Which of the source's pictures are seen.</summary>
    public FrameDelivery Delivery { get; init; } = FrameDelivery.Latest;

    /// <summary>Pictures that can be under way on the GPU at once, at least 1: more for throughput, fewer for latency.</summary>
    public int InFlight { get; init; } = 2;

    /// <summary>
    /// What of its OpenGL state the host finds as it was after each call: all (the default), what it declares to rely on, or nothing
    /// where the network has a context of its own.
    /// </summary>
    public GlStateGroups HostState { get; init; } = GlStateGroups.All;
}
