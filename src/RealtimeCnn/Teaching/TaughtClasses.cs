using System.Diagnostics.CodeAnalysis;
using RealtimeCnn.Graphs;

namespace RealtimeCnn.Teaching;

/// <summary>
/// Classes that are taught by examples: a fixed number of places for them, each with a name, and the examples (<see cref="Shot"/>) that
/// were shown so far. It keeps at most <see cref="MostShots"/> of each class. One thread at a time.
/// </summary>
public sealed partial class TaughtClasses
{
    /// <summary>Most examples of one class.</summary>
    public const int MostShots = 100;

    /// <summary>Most places for classes.</summary>
    public const int MostClasses = 64;

    /// <summary>Most features of an embedding.</summary>
    public const int MostFeatures = 1 << 16;

    private readonly List<Shot> _shots = [];
    private readonly string[] _names;
    private readonly int[] _counts;
    private readonly Shot?[] _newest;
    private readonly Stack<(int Class, string Before, int Shots)> _renamed = new();
    private int _take;

    /// <summary>Places for classes, with no examples yet.</summary>
    /// <param name="features">Numbers in an embedding, from 1 to <see cref="MostFeatures"/>.</param>
    /// <param name="thumbnail">Height and width of the small pictures, in pixels, each from 1 to 256.</param>
    /// <param name="names">A name for each place, none empty and each another, at most <see cref="MostClasses"/>.</param>
    /// <param name="nothing">The place whose examples show none of the others; −1 for none.</param>
    /// <exception cref="ArgumentException">A number or a name is not possible; the message says which.</exception>
    public TaughtClasses(int features, Size2d thumbnail, IReadOnlyList<string> names, int nothing = -1)
    {
        ArgumentNullException.ThrowIfNull(names);
        if (features is < 1 or > MostFeatures)
            throw new ArgumentException($"An embedding of {features} features is not possible; it has from 1 to {MostFeatures}.", nameof(features));
        if (thumbnail.Height is < 1 or > 256 || thumbnail.Width is < 1 or > 256)
            throw new ArgumentException($"A thumbnail of {thumbnail.Width}×{thumbnail.Height} pixels is not possible; each side has from 1 to 256.", nameof(thumbnail));
        if (names.Count is < 1 or > MostClasses)
            throw new ArgumentException($"{names.Count} classes are not possible; there are from 1 to {MostClasses}.", nameof(names));
        if (names.Any(name => VerifyName(name) != null) || names.Distinct(StringComparer.Ordinal).Count() != names.Count)
            throw new ArgumentException($"Each class has a name of its own, in one line; they are '{string.Join("', '", names)}'.", nameof(names));
        if (nothing < -1 || nothing >= names.Count)
            throw new ArgumentException($"There is no class {nothing} that could stand for nothing; there are {names.Count}, from 0 on.", nameof(nothing));
        (Features, ThumbnailSize, Nothing) = (features, thumbnail, nothing);
        (_names, _counts, _newest) = ([.. names], new int[names.Count], new Shot?[names.Count]);
    }

    /// <summary>Places for classes on the embeddings of a network, with no examples yet.</summary>
    /// <param name="embedding">From <see cref="EmbeddingGraph.Of"/>.</param>
    /// <param name="names">A name for each place.</param>
    /// <param name="nothing">The place whose examples show none of the others; −1 for none.</param>
    /// <exception cref="ArgumentException">A name is not possible, or the network gives no embedding.</exception>
    public static TaughtClasses For(Graph embedding, IReadOnlyList<string> names, int nothing = -1)
    {
        ArgumentNullException.ThrowIfNull(embedding);
        if (embedding.Outputs is not [{ Name: EmbeddingGraph.Embedding } features, { Name: EmbeddingGraph.Thumbnail } small])
            throw new ArgumentException($"The network gives {string.Join(", ", embedding.Outputs)}, not an embedding and a thumbnail.", nameof(embedding));
        var shapes = embedding.InferShapes();
        return new TaughtClasses(shapes[features].Count, new Size2d(shapes[small].Height, shapes[small].Width), names, nothing);
    }

    /// <summary>Numbers in an embedding.</summary>
    public int Features { get; }

    /// <summary>Height and width of the small pictures, in pixels.</summary>
    public Size2d ThumbnailSize { get; }

    /// <summary>A name for each place.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>The place whose examples show none of the others; −1 for none.</summary>
    public int Nothing { get; }

    /// <summary>All examples, in the order in which they were taken.</summary>
    public IReadOnlyList<Shot> Shots => _shots;

    /// <summary>Grows with every change of the examples: an answer that was found at another version is of other ones.</summary>
    public long Version { get; private set; }

    /// <summary>Grows with every change of examples or names: what was written at another one is not what there is now.</summary>
    public long Revision { get; private set; }

    /// <summary>How many classes have examples.</summary>
    public int TaughtCount { get; private set; }

    /// <summary>How many examples a class has.</summary>
    public int CountOf(int label) => _counts[label];

    /// <summary>The newest example of a class; null where there is none.</summary>
    public Shot? NewestOf(int label) => _newest[label];

    /// <summary>What is added from now on belongs together, and is undone together.</summary>
    public void BeginTake() => _take++;

    /// <summary>Adds an example.</summary>
    /// <param name="label">Its class.</param>
    /// <param name="embedding">What the backbone made of the picture; copied.</param>
    /// <param name="thumbnail">The picture: red, green and blue of each pixel, rows from the top; copied.</param>
    /// <param name="refusal">Why it was not taken, in a sentence: the class is full, a number is not finite, or the picture is the one before.</param>
    /// <returns>Whether it was taken.</returns>
    /// <exception cref="ArgumentException">There is no such class, or embedding or thumbnail have another length.</exception>
    public bool TryAdd(int label, ReadOnlySpan<float> embedding, ReadOnlySpan<byte> thumbnail, [NotNullWhen(false)] out string? refusal)
    {
        VerifyClass(label);
        if (embedding.Length != Features)
            throw new ArgumentException($"An embedding has {Features} numbers; {embedding.Length} were given.", nameof(embedding));
        int bytes = ThumbnailSize.Height * ThumbnailSize.Width * 3;
        if (thumbnail.Length != bytes)
            throw new ArgumentException($"A thumbnail of {ThumbnailSize.Width}×{ThumbnailSize.Height} pixels has {bytes} bytes; {thumbnail.Length} were given.", nameof(thumbnail));
        refusal = _counts[label] >= MostShots ? $"'{_names[label]}' has {MostShots} examples, which is all that is kept of a class: undo some, or go on with another."
            : FirstNotFinite(embedding) is var wrong and >= 0 ? $"This picture was not taken: number {wrong} of what the network made of it is {embedding[wrong]}."
            : _newest[label] is { } newest && newest.Embedding.SequenceEqual(embedding) ? "The picture has not changed since the last example: show something else of it."
            : null;
        if (refusal != null)
            return false;
        Append(new Shot(label, _take, embedding.ToArray(), thumbnail.ToArray()));
        return true;
    }

    /// <summary>Takes the last take or the last new name back, whichever came later: all is then as it was before, to the bit.</summary>
    /// <param name="undone">How many examples went; 0 where it was a name.</param>
    /// <returns>The class that they were of, or that has its name again; −1 where there was nothing to take back.</returns>
    public int Undo(out int undone)
    {
        undone = 0;
        if (_renamed.TryPeek(out var renamed) && renamed.Shots == _shots.Count)
        {
            _names[renamed.Class] = renamed.Before;
            _renamed.Pop();
            Revision++;
            return renamed.Class;
        }

        if (_shots.Count == 0)
            return -1;
        var last = _shots[^1];
        int first = _shots.Count - 1;
        while (first > 0 && _shots[first - 1].Take == last.Take)
            first--;
        undone = _shots.Count - first;
        _shots.RemoveRange(first, undone);
        Recount();
        return last.Class;
    }

    /// <summary>Forgets all examples; names stay.</summary>
    public void Clear()
    {
        _shots.Clear();
        _renamed.Clear();
        Recount();
    }

    /// <summary>Gives a class another name. Its examples stay, and so does a head that knows them.</summary>
    /// <param name="label">The class.</param>
    /// <param name="name">One line, at most 60 letters, and none of the others'. Its own changes nothing.</param>
    /// <exception cref="ArgumentException">The name is not possible, or another class has it.</exception>
    public void Rename(int label, string name)
    {
        VerifyClass(label);
        if (VerifyName(name) is { } problem)
            throw new ArgumentException(problem, nameof(name));
        if (Array.IndexOf(_names, name) is var other and >= 0 && other != label)
            throw new ArgumentException($"Class {other} is called '{name}' already.", nameof(name));
        if (_names[label] == name)
            return;
        // What is shown from now on is undone without the name.
        BeginTake();
        _renamed.Push((label, _names[label], _shots.Count));
        _names[label] = name;
        Revision++;
    }

    /// <summary>Adds an example with its own take.</summary>
    private void Append(Shot shot)
    {
        _shots.Add(shot);
        _take = Math.Max(_take, shot.Take);
        Count(shot);
        (Version, Revision) = (Version + 1, Revision + 1);
    }

    private static int FirstNotFinite(ReadOnlySpan<float> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]))
                return i;
        }

        return -1;
    }

    private static string? VerifyName(string name) => string.IsNullOrWhiteSpace(name) || name.Length > 60 || name.Any(char.IsControl)
        ? $"A name is one line of 1 to 60 letters; '{name}' is none."
        : null;

    private void Recount()
    {
        Array.Clear(_counts);
        Array.Clear(_newest);
        TaughtCount = 0;
        foreach (var shot in _shots)
            Count(shot);
        (Version, Revision) = (Version + 1, Revision + 1);
    }

    private void Count(Shot shot)
    {
        if (_counts[shot.Class]++ == 0)
            TaughtCount++;
        _newest[shot.Class] = shot;
    }

    private void VerifyClass(int label)
    {
        if ((uint)label >= (uint)_names.Length)
            throw new ArgumentException($"There is no class {label}; there are {_names.Length}, from 0 on.", nameof(label));
    }
}
