using RealtimeCnn.Models;

namespace RealtimeCnn.Demo.Recognition;

/// <summary>The models that can be shown: one of the user's own, and the shipped ones. Each is loaded when it is asked for first.</summary>
internal sealed class ModelShelf : IDisposable
{
    private readonly Dictionary<string, ShownModel> _loaded = new(StringComparer.Ordinal);

    /// <param name="model">An ONNX file, or one of <see cref="ShippedModels.Names"/>; null for none.</param>
    /// <param name="labels">A file with its labels; null for its own.</param>
    /// <exception cref="ModelFileException">The user's model or labels cannot be shown.</exception>
    public ModelShelf(string? model = null, string? labels = null)
    {
        if (model != null)
            (Own, OwnPath) = (Load(model, labels), model);
    }

    /// <summary>The user's own; null for none.</summary>
    public ShownModel? Own { get; private set; }

    /// <summary>The file of <see cref="Own"/>, or its name among the shipped ones; null for none.</summary>
    public string? OwnPath { get; private set; }

    /// <summary>A shipped one.</summary>
    /// <param name="name">One of <see cref="ShippedModels.Names"/>.</param>
    /// <exception cref="ModelFileException">It cannot be shown.</exception>
    public ShownModel this[string name] => Load(name, null);

    /// <summary>The one that suits what a source shows.</summary>
    public ShownModel For(PictureContent content) =>
        this[content switch { PictureContent.Digit => ShippedModels.Digits, PictureContent.Numbers => ShippedModels.DigitFinder, _ => ShippedModels.HandSigns }];

    /// <summary>The one behind another, the user's own first; behind the last comes the first.</summary>
    public ShownModel Next(ShownModel model)
    {
        ShownModel[] all = [.. (ShownModel[])(Own is { } own ? [own] : []), .. ShippedModels.Names.Select(name => this[name])];
        all = [.. all.Distinct()];
        return all[(Array.IndexOf(all, model) + 1) % all.Length];
    }

    /// <summary>Takes a file as the user's own model. Where that fails the one before stays.</summary>
    /// <exception cref="ModelFileException">It cannot be shown; the message says why.</exception>
    public ShownModel Take(string path)
    {
        (Own, OwnPath) = (Load(path, null), path);
        return Own;
    }

    public void Dispose()
    {
        foreach (var model in _loaded.Values)
            model.Dispose();
    }

    private ShownModel Load(string path, string? labels)
    {
        if (!_loaded.TryGetValue(path, out var model))
            _loaded.Add(path, model = ShownModel.Open(path, labels));
        return model;
    }
}
