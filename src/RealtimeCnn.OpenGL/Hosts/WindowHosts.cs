namespace RealtimeCnn.OpenGL.Hosts;

/// <summary>Another way to open windows than GLFW, brought by an adapter's assembly.</summary>
public interface IWindowBackend
{
    /// <summary>The word that chooses it, such as <c>silk</c>.</summary>
    string Name { get; }

    /// <summary>What it is, for people, such as <c>Silk.NET</c>.</summary>
    string Title { get; }

    /// <summary>Whether this build has the library, rather than only the adapter to it.</summary>
    bool IsBuiltIn { get; }

    /// <summary>Null when it can be tried; else why not, to be read after the title: "is not built in".</summary>
    string? WhyUnavailable { get; }

    /// <summary>Opens a window.</summary>
    /// <param name="window">How the window is made.</param>
    /// <param name="options">Choices for the device.</param>
    /// <exception cref="GlException">No window can be opened with it here; the message says why.</exception>
    IWindowHost Open(WindowOptions window, GlDeviceOptions? options);
}

/// <summary>A window, and in one line why it is this one.</summary>
/// <param name="Host">The window; null where none was wanted.</param>
/// <param name="Reason">For people: <c>window through GLFW: Silk.NET opens no window (…)</c>.</param>
public readonly record struct OpenedWindow(IWindowHost? Host, string Reason);

/// <summary>Opens a window with the library that a word on a command line means.</summary>
public static class WindowHosts
{
    /// <summary>Opens a window.</summary>
    /// <param name="choice"><c>auto</c> (the first adapter that is built in and works, else GLFW), <c>glfw</c>, an adapter's name, or <c>none</c>.</param>
    /// <param name="window">How the window is made.</param>
    /// <param name="options">Choices for the device.</param>
    /// <param name="adapters">The adapters that are built in, best first.</param>
    /// <exception cref="ArgumentException">There is no such choice in this build.</exception>
    /// <exception cref="GlException">The chosen library opens no window here, or with <c>auto</c> none does; the message says why.</exception>
    public static OpenedWindow Open(string choice, WindowOptions window, GlDeviceOptions? options, params IReadOnlyList<IWindowBackend> adapters)
    {
        ArgumentNullException.ThrowIfNull(window);
        ArgumentNullException.ThrowIfNull(adapters);
        string[] known = ["auto", "glfw", "none", .. adapters.Select(adapter => adapter.Name)];
        if (!known.Contains(choice))
            throw new ArgumentException($"There is no window library '{choice}' in this build; there is {string.Join(", ", known)}.");
        if (choice == "none")
            return new OpenedWindow(null, "no window, as asked");
        if (choice == "glfw")
            return new OpenedWindow(GlfwHost.Create(window, options), "window through GLFW, as asked");
        List<string> reasons = [];
        foreach (var adapter in adapters.Where(adapter => choice == "auto" ? adapter.IsBuiltIn : adapter.Name == choice))
        {
            string? reason = adapter.WhyUnavailable;
            try
            {
                if (reason is null)
                    return new OpenedWindow(adapter.Open(window, options), $"window through {adapter.Title}");
            }
            catch (GlException error)
            {
                reason = $"opens no window ({error.Message.TrimEnd('.')})";
            }

            reasons.Add($"{adapter.Title} {reason}");
        }

        if (choice != "auto")
            throw new GlException($"{string.Join("; ", reasons)}.");
        string why = reasons.Count > 0 ? $": {string.Join("; ", reasons)}" : "";
        return new OpenedWindow(GlfwHost.Create(window, options), $"window through GLFW{why}");
    }
}
