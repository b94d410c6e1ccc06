using RealtimeCnn.Images;

namespace RealtimeCnn.Heads;

/// <summary>What the outputs of a network mean, as data: a family and its numbers. A model's file says them, or is recognised by its outputs.</summary>
public abstract record ModelHead
{
    private static readonly ModelHead[] Families =
    [
        new ClassificationHead(), new CentreHead(), new SsdHead(), new BlazeHead(), new YoloxHead(), new NanoDetHead(), new FastestDetHead(), new TinyYoloV2Head(), new YuNetHead(),
        new LandmarkHead(), new SegmentationHead(), new PictureHead(),
    ];

    private protected ModelHead()
    {
    }

    /// <summary>The word for it in a file's metadata (<c>head</c>).</summary>
    public abstract string Family { get; }

    /// <summary>The words of all families.</summary>
    public static IReadOnlyList<string> FamilyNames { get; } = [.. Families.Select(head => head.Family)];

    /// <summary>A family with its published numbers; null where there is none of that name.</summary>
    /// <param name="family">One of <see cref="FamilyNames"/>.</param>
    public static ModelHead? Of(string family) => Array.Find(Families, head => head.Family == family);

    /// <summary>The keys that a file may say of this family, without <c>head.</c> in front.</summary>
    public IReadOnlyList<string> Keys
    {
        get
        {
            var entries = new HeadEntries();
            Write(entries);
            return [.. entries.Written.Keys];
        }
    }

    /// <summary>All its numbers as a file has them: text by key, <c>head.threshold</c> and so on.</summary>
    public IReadOnlyDictionary<string, string> Entries
    {
        get
        {
            var entries = new HeadEntries();
            Write(entries);
            return entries.Written.ToDictionary(entry => HeadEntries.Prefix + entry.Key, entry => entry.Value);
        }
    }

    /// <summary>The same with what a file says instead.</summary>
    /// <param name="entries">Text by key; keys that are not <c>head.…</c> are left alone.</param>
    /// <exception cref="FormatException">A key is none of this family's, or cannot be read; the message names it and what is possible.</exception>
    public ModelHead With(IReadOnlyDictionary<string, string> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        var given = new HeadEntries(entries);
        var head = Read(given);
        given.VerifyAllRead(this);
        return head;
    }

    /// <summary>How the family's authors bring pictures to the input, for what a file leaves open.</summary>
    /// <param name="size">Of the input.</param>
    public virtual Preprocessing Published(Size2d size) => new() { Size = size, Fit = FitMode.Crop };

    /// <summary>What the family's authors call its classes; empty where that depends on the model.</summary>
    /// <param name="classes">How many the model tells apart.</param>
    public virtual IReadOnlyList<string> PublishedLabels(int classes) => [];

    /// <summary>The same with the numbers that are given.</summary>
    internal abstract ModelHead Read(HeadEntries entries);

    /// <summary>Says all numbers.</summary>
    internal abstract void Write(HeadEntries entries);
}
