using RealtimeCnn.Studio.Serving;
using RealtimeCnn.Studio.Watching;

namespace RealtimeCnn.Studio;

/// <summary>What the page's server and the demo share: who watches, what they brought, and the demo that plays now.</summary>
/// <param name="viewers">Who watches.</param>
/// <param name="uploads">What they brought.</param>
internal sealed class SharedState(Viewers viewers, Uploads uploads)
{
    private volatile RunningDemo? _demo;

    /// <summary>Who watches.</summary>
    public Viewers Viewers => viewers;

    /// <summary>Models that were dropped on the page.</summary>
    public Uploads Uploads => uploads;

    /// <summary>The demo that plays; null for the moments between two.</summary>
    public RunningDemo? Demo
    {
        get => _demo;
        set => _demo = value;
    }
}
