namespace RealtimeCnn.Heads;

/// <summary>An output of a network as its head sees it.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Shape">For the size that pictures are brought to.</param>
public readonly record struct HeadOutput(string Name, Shape Shape)
{
    /// <inheritdoc/>
    public override string ToString() => $"'{Name}' {Shape}";

    /// <summary>Many outputs in few words: all of them up to three, else the first and the last.</summary>
    public static string Describe(IReadOnlyList<HeadOutput> outputs)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        return outputs.Count <= 3 ? string.Join(" and ", outputs) : $"{outputs[0]} to {outputs[^1]} ({outputs.Count})";
    }
}
