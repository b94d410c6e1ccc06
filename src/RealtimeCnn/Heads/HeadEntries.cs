using System.Globalization;

namespace RealtimeCnn.Heads;

/// <summary>The numbers of a head as text by key, read or written.</summary>
internal sealed class HeadEntries
{
    /// <summary>What stands in front of each key in a file.</summary>
    public const string Prefix = "head.";

    private readonly Dictionary<string, string> _given = new(StringComparer.Ordinal);
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);

    /// <param name="entries">What a file says.</param>
    public HeadEntries(IReadOnlyDictionary<string, string> entries)
    {
        foreach (var (key, text) in entries)
        {
            if (key.StartsWith(Prefix, StringComparison.Ordinal))
                _given[key[Prefix.Length..]] = text;
        }
    }

    public HeadEntries()
    {
    }

    public SortedDictionary<string, string> Written { get; } = new(StringComparer.Ordinal);

    /// <exception cref="FormatException">A key was read by nobody.</exception>
    public void VerifyAllRead(ModelHead head)
    {
        if (_given.Keys.FirstOrDefault(key => !_read.Contains(key)) is { } unknown)
            throw new FormatException($"'{Prefix}{unknown}' means nothing to the head '{head.Family}'; its keys are {string.Join(", ", head.Keys.Select(key => Prefix + key))}.");
    }

    public float Number(string key, float otherwise, float least, float most) =>
        Text(key) is not { } text ? otherwise
        : NumberList.Parse(text) is [var number] && number >= least && number <= most ? number
        : throw Wrong(key, text, string.Create(CultureInfo.InvariantCulture, $"a number from {least} to {most}"));

    public int Whole(string key, int otherwise, int least, int most) =>
        Text(key) is not { } text ? otherwise
        : int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most ? number
        : throw Wrong(key, text, $"a whole number from {least} to {most}");

    public bool Flag(string key, bool otherwise) => Word(key, otherwise ? "yes" : "no", "yes", "no") == "yes";

    public string Word(string key, string otherwise, params string[] words) =>
        Text(key) is not { } text ? otherwise : words.Contains(text) ? text : throw Wrong(key, text, string.Join(" or ", words));

    public string Text(string key, string otherwise) => Text(key) ?? otherwise;

    /// <summary>Whole numbers with commas between.</summary>
    public IReadOnlyList<int> Wholes(string key, IReadOnlyList<int> otherwise, int least, int most) =>
        Text(key) is not { } text ? otherwise
        : NumberList.Parse(text) is { Length: > 0 } numbers && Array.TrueForAll(numbers, number => number == MathF.Truncate(number) && number >= least && number <= most) ? [.. numbers.Select(number => (int)number)]
        : throw Wrong(key, text, $"whole numbers from {least} to {most} with commas between");

    /// <summary>Numbers with commas between.</summary>
    public IReadOnlyList<float> Numbers(string key, IReadOnlyList<float> otherwise, int count, float least, float most) =>
        Text(key) is not { } text ? otherwise
        : NumberList.Parse(text) is { } numbers && numbers.Length == count && Array.TrueForAll(numbers, number => number >= least && number <= most) ? numbers
        : throw Wrong(key, text, string.Create(CultureInfo.InvariantCulture, $"{count} numbers from {least} to {most} with commas between"));

    /// <summary>Sizes: <c>10x12,20x24;40x40</c>, one list for each stride.</summary>
    public IReadOnlyList<IReadOnlyList<AnchorSize>> Anchors(string key, IReadOnlyList<IReadOnlyList<AnchorSize>> otherwise)
    {
        if (Text(key) is not { } text)
            return otherwise;
        var lists = new List<IReadOnlyList<AnchorSize>>();
        foreach (string part in text.Split(';'))
        {
            var list = new List<AnchorSize>();
            foreach (string size in part.Split(',', StringSplitOptions.TrimEntries))
            {
                list.Add(NumberList.Parse(size.Replace('x', ',')) is [> 0 and <= 65536, > 0 and <= 65536] sides
                    ? new AnchorSize(sides[0], sides[1])
                    : throw Wrong(key, text, "WIDTHxHEIGHT in pixels, with commas between those of a stride and semicolons between strides"));
            }

            lists.Add(list);
        }

        return lists;
    }

    public void Set(string key, float number) => Written[key] = number.ToString("R", CultureInfo.InvariantCulture);

    public void Set(string key, bool flag) => Written[key] = flag ? "yes" : "no";

    public void Set(string key, string word) => Written[key] = word;

    public void Set(string key, IEnumerable<float> numbers) => Written[key] = NumberList.Format(numbers);

    public void Set(string key, IEnumerable<int> numbers) => Written[key] = string.Join(',', numbers);

    public void Set(string key, IEnumerable<IReadOnlyList<AnchorSize>> anchors) => Written[key] = string.Join(';', anchors.Select(list => string.Join(',', list)));

    private static FormatException Wrong(string key, string text, string possible) => new($"'{Prefix}{key}' is '{(text.Length > 60 ? text[..60] + "…" : text)}'; {possible} is possible.");

    private string? Text(string key)
    {
        _read.Add(key);
        return _given.GetValueOrDefault(key);
    }
}
