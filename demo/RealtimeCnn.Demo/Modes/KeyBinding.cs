namespace RealtimeCnn.Demo.Modes;

/// <summary>What some keys do.</summary>
/// <param name="Name">The keys, as people call them.</param>
/// <param name="Meaning">What they do.</param>
/// <param name="Keys">Which they are.</param>
/// <param name="Do">Does it, for one of them.</param>
/// <param name="IsOfWindow">Whether it is for who sits at the machine: its window, its files, its end.</param>
internal sealed record KeyBinding(string Name, string Meaning, ConsoleKey[] Keys, Action<ConsoleKey> Do, bool IsOfWindow = false)
{
    /// <summary>Handles a key.</summary>
    /// <returns>Whether one of the bindings has it.</returns>
    public static bool Press(IReadOnlyList<KeyBinding> bindings, ConsoleKey key)
    {
        for (int i = 0; i < bindings.Count; i++)
        {
            if (!bindings[i].Keys.Contains(key))
                continue;
            bindings[i].Do(key);
            return true;
        }

        return false;
    }
}
