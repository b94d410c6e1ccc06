using RealtimeCnn.Images;

namespace RealtimeCnn.OpenGL;

/// <summary>
/// Several networks on one device and thread, each with pictures and a rate of its own: cameras, models, or both. In each turn of the host's
/// loop all of them pick up what has come back, and at most <see cref="PicturesPerTurn"/> new pictures are sent on their way. Where more
/// are waiting, turns are shared in the proportions of <see cref="Add"/>, and none waits for ever; what nobody asks for is left to the others.
/// For one camera before several networks, see <see cref="SharedSource"/>.
/// </summary>
/// <remarks>Source: Waldspurger and Weihl 1995, "Stride Scheduling: Deterministic Proportional-Share Resource Management", MIT/LCS/TM-528, section 2.</remarks>
public sealed class CameraGroup : IDisposable
{
    private readonly List<Member> _members = [];
    private readonly GlDevice? _device;
    private double _now;
    private bool _disposed;

    /// <summary>Makes a group without networks.</summary>
    /// <param name="device">Where they run and draw; null for the CPU, as <see cref="CameraNetwork.Initialize()"/>.</param>
    public CameraGroup(GlDevice? device) => _device = device;

    /// <summary>Most pictures that are sent on their way in one turn, at least 1: what a turn costs at most, in networks. 1 by default.</summary>
    public int PicturesPerTurn
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    }
    = 1;

    /// <summary>The networks, in the order in which they were added.</summary>
    public IReadOnlyList<CameraNetwork> Networks { get; private set; } = [];

    /// <summary>Makes a network ready and takes it in, while the others run. It is the group's to dispose from now on.</summary>
    /// <param name="network">One that was not initialised.</param>
    /// <param name="share">Its part of the turns, in proportion to those of the others, where not all get what they want; above 0.</param>
    /// <param name="mostPerSecond">Most pictures a second, by the host's clock; null for as many as come.</param>
    /// <exception cref="InvalidOperationException">It was initialised before. Whatever else making it ready throws comes out too; it stays the caller's then.</exception>
    public void Add(CameraNetwork network, double share = 1, double? mostPerSecond = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(share);
        if (!double.IsFinite(share))
            throw new ArgumentOutOfRangeException(nameof(share), share, "A share is a finite number above 0.");
        if (mostPerSecond is { } most && !(most > 0))
            throw new ArgumentOutOfRangeException(nameof(mostPerSecond), most, "A rate is above 0; null is for no limit.");
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_device == null)
            network.Initialize();
        else
            network.Initialize(_device);
        _members.Add(new Member(network, 1 / share, mostPerSecond) { Pass = _now });
        Networks = [.. _members.Select(member => member.Network)];
    }

    /// <summary>Hands a network back, with what it has under way; the others go on. It is the caller's to dispose.</summary>
    /// <exception cref="ArgumentException">It is not in the group.</exception>
    public void Remove(CameraNetwork network)
    {
        if (_members.RemoveAll(member => member.Network == network) == 0)
            throw new ArgumentException("This network is not in the group.", nameof(network));
        Networks = [.. _members.Select(member => member.Network)];
    }

    /// <summary>One turn of the host's loop, in place of each network's own <see cref="CameraNetwork.Update"/>. Draw and read results from the networks as ever.</summary>
    /// <param name="deltaTime">Seconds since the last call, by the host's clock.</param>
    public void Update(double deltaTime)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        foreach (var member in _members)
            member.Collect(deltaTime, _now);
        for (int sent = 0; sent < PicturesPerTurn && Next() is { } next; sent++)
        {
            _now = next.Pass;
            next.Send();
        }
    }

    /// <summary>Disposes the networks.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        foreach (var member in _members)
            member.Network.Dispose();
        _members.Clear();
        Networks = [];
    }

    /// <summary>Who had the least for its share; of equals, who waits longest.</summary>
    private Member? Next()
    {
        Member? next = null;
        foreach (var member in _members)
        {
            if (member.Turns > 0 && (next == null || (member.Pass, -member.Turns).CompareTo((next.Pass, -next.Turns)) < 0))
                next = member;
        }

        return next;
    }

    /// <param name="network">The network.</param>
    /// <param name="stride">How far <see cref="Pass"/> goes on with each picture: the inverse of the share.</param>
    /// <param name="mostPerSecond">Most pictures a second; null for no limit.</param>
    private sealed class Member(CameraNetwork network, double stride, double? mostPerSecond)
    {
        // A whole picture, but for what sums of times are rounded by.
        private const double Whole = 1 - 1e-9;
        private double _due = 1;

        public CameraNetwork Network => network;

        /// <summary>What it has had, in the time of the group: pictures for each unit of share.</summary>
        public double Pass { get; set; }

        /// <summary>Turns for which a picture of its has been waiting; 0 where none is.</summary>
        public long Turns { get; private set; }

        public void Collect(double deltaTime, double now)
        {
            // One picture is saved up at most, and what is left of a turn.
            if (mostPerSecond is { } most)
                _due = Math.Min(_due, 1) + (deltaTime * most);
            if (!network.Collect(deltaTime) || _due < Whole)
            {
                Turns = 0;
                return;
            }

            // Who had nothing to send saves nothing up.
            if (Turns++ == 0)
                Pass = Math.Max(Pass, now);
        }

        public void Send()
        {
            network.Send();
            (Pass, Turns) = (Pass + stride, 0);
            if (mostPerSecond != null)
                _due -= 1;
        }
    }
}
