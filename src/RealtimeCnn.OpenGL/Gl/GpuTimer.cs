using System.Diagnostics;
using static RealtimeCnn.OpenGL.GlEnum;

namespace RealtimeCnn.OpenGL;

/// <summary>
/// How long a stretch of GPU commands takes, without waiting for it: timestamps around it, read when they are there. On
/// devices whose timestamps do not measure compute (<see cref="GlDeviceInfo.TimersWork"/>), the CPU's clock around the
/// calls; those are software renderers, which compute inside the calls.
/// </summary>
internal sealed unsafe class GpuTimer : GlObject
{
    private readonly uint[] _queries;
    private readonly long[] _cpuTicks;
    private int _first;
    private int _waiting;
    private bool _running;
    private bool _skipped;

    /// <param name="device">Where.</param>
    /// <param name="label">What is measured.</param>
    /// <param name="inFlight">Measurements that can wait to be read; further ones are left out. At least 1.</param>
    public GpuTimer(GlDevice device, string label, int inFlight = 8)
        : base(device, label)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inFlight, 1);
        _queries = new uint[inFlight * 2];
        _cpuTicks = new long[inFlight];
        if (!device.Info.TimersWork)
            return;
        fixed (uint* pointer = _queries)
            device.Gl.GenQueries(_queries.Length, pointer);
        foreach (uint query in _queries)
            device.Objects.Add(new GlName(GlKind.Query, query), label);
    }

    /// <summary>The stretch begins.</summary>
    /// <exception cref="InvalidOperationException">It has begun already.</exception>
    public void Begin()
    {
        VerifyUsable();
        if (_running)
            throw new InvalidOperationException($"Timer '{Label}' is running already.");
        _running = true;
        _skipped = _waiting == _cpuTicks.Length;
        if (_skipped)
            return;
        int slot = (_first + _waiting) % _cpuTicks.Length;
        _cpuTicks[slot] = Stopwatch.GetTimestamp();
        if (Device.Info.TimersWork)
            Device.Gl.QueryCounter(_queries[slot * 2], GL_TIMESTAMP);
    }

    /// <summary>The stretch ends.</summary>
    /// <exception cref="InvalidOperationException">It has not begun.</exception>
    public void End()
    {
        VerifyUsable();
        if (!_running)
            throw new InvalidOperationException($"Timer '{Label}' was not started.");
        _running = false;
        if (_skipped)
            return;
        int slot = (_first + _waiting) % _cpuTicks.Length;
        if (Device.Info.TimersWork)
            Device.Gl.QueryCounter(_queries[(slot * 2) + 1], GL_TIMESTAMP);
        else
            _cpuTicks[slot] = Stopwatch.GetTimestamp() - _cpuTicks[slot];
        _waiting++;
    }

    /// <summary>The oldest measurement that is there. Never waits. One that cannot be true, longer than the wall's clock since it began, is passed over.</summary>
    public bool TryRead(out TimeSpan elapsed)
    {
        VerifyUsable();
        elapsed = default;
        bool isPossible = true;
        if (_waiting == 0)
            return false;
        if (!Device.Info.TimersWork)
        {
            elapsed = Stopwatch.GetElapsedTime(0, _cpuTicks[_first]);
        }
        else
        {
            int available;
            Device.Gl.GetQueryObjectiv(_queries[(_first * 2) + 1], GL_QUERY_RESULT_AVAILABLE, &available);
            if (available == 0)
                return false;
            ulong begin, end;
            Device.Gl.GetQueryObjectui64v(_queries[_first * 2], GL_QUERY_RESULT, &begin);
            Device.Gl.GetQueryObjectui64v(_queries[(_first * 2) + 1], GL_QUERY_RESULT, &end);
            elapsed = TimeSpan.FromMicroseconds(end > begin ? (end - begin) / 1000.0 : 0);
            isPossible = end >= begin && elapsed <= Stopwatch.GetElapsedTime(_cpuTicks[_first]);
        }

        _first = (_first + 1) % _cpuTicks.Length;
        _waiting--;
        return isPossible;
    }

    private protected override void ReleaseNames(List<GlName> names)
    {
        foreach (uint query in _queries ?? [])
        {
            if (query != 0)
                names.Add(new GlName(GlKind.Query, query));
        }
    }
}
