using System.Globalization;

namespace RealtimeCnn.Cli.Inference;

/// <summary>What a video shows from when to when, for people: each thing that was followed, each label that held, or what its classes covered.</summary>
internal sealed class VideoSummary
{
    private readonly List<Part> _parts = [];
    private readonly Dictionary<long, Part> _things = [];
    private readonly Dictionary<string, double> _areas = [];
    private int _pictures, _width, _height;
    private bool _makesPictures;
    private TimeSpan _last;
    private Part? _label;

    /// <summary>Takes the next picture's answer.</summary>
    public void Add(PictureAnswer answer, TimeSpan time)
    {
        (_width, _height, _last) = (answer.Width, answer.Height, time);
        _pictures++;
        _makesPictures |= answer.Output != null;
        if (_label?.Name != answer.Label)
            _label = answer.Label is { } label ? Begin(label, time) : null;
        if (_label != null)
            Extend(_label, _label.Name, time);
        foreach (var area in answer.Areas ?? [])
            _areas[area.Label] = _areas.GetValueOrDefault(area.Label) + area.Percent;
        foreach (var thing in answer.Detections)
        {
            if (thing.Track is not { } track)
                continue;
            if (!_things.TryGetValue(track, out var part))
                _things.Add(track, part = Begin(string.Empty, time));
            Extend(part, string.Create(CultureInfo.InvariantCulture, $"{thing.Label} {track}"), time);
        }
    }

    /// <summary>Writes it, in the order in which things came.</summary>
    public void Print(TextWriter output, string file)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{file} {_width}x{_height}, {_pictures} pictures, {_last.TotalSeconds:0.00} s{(_parts.Count + _areas.Count == 0 && !_makesPictures ? ": nothing found" : string.Empty)}"));
        foreach (var (label, sum) in _areas.OrderByDescending(area => area.Value))
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {label}  {sum / _pictures:0.0} % on average"));
        int letters = _parts.Select(part => part.Name.Length).DefaultIfEmpty().Max();
        foreach (var part in _parts)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {part.Name.PadRight(letters)}  {part.From.TotalSeconds:0.00} to {part.To.TotalSeconds:0.00} s, in {part.Pictures} pictures"));
    }

    private Part Begin(string name, TimeSpan time)
    {
        var part = new Part { Name = name, From = time };
        _parts.Add(part);
        return part;
    }

    private static void Extend(Part part, string name, TimeSpan time)
    {
        (part.Name, part.To) = (name, time);
        part.Pictures++;
    }

    private sealed class Part
    {
        public required string Name { get; set; }

        public required TimeSpan From { get; init; }

        public TimeSpan To { get; set; }

        public int Pictures { get; set; }
    }
}
