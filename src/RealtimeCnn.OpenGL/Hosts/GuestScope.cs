namespace RealtimeCnn.OpenGL.Hosts;

/// <summary>Saves the host's state when it begins and restores it when it ends; nothing where there is no host.</summary>
internal readonly ref struct GuestScope
{
    private readonly GuestState? _state;

    public GuestScope(GuestState? state)
    {
        state?.Save();
        _state = state;
    }

    public void Dispose() => _state?.Restore();
}
