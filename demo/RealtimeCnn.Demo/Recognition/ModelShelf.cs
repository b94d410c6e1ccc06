namespace RealtimeCnn.Demo.Recognition;

/// <summary>
/// The models that can be shown: one that the user named, and those that lie beside the program. Each is loaded when it is shown first.
/// Until the user chooses, a source gets the one that suits it.
/// </summary>
internal sealed class ModelShelf : IDisposable
{
    private readonly string[] _paths;
    private readonly Dictionary<string, ShownModel> _loaded = new(StringComparer.Ordinal);
    private bool _isChosen;
    private int _shown;

    /// <param name="model">An ONNX file, or one of <see cref="ShippedModels.Names"/>; null for none.</param>
    /// <param name="labels">A file with its labels; null for its own.</param>
    /// <exception cref="ModelFileException">The user's model or labels cannot be shown.</exception>
    public ModelShelf(string? model = null, string? labels = null)
    {
        _isChosen = model != null;
        string[] shipped = [.. ShippedModels.Names.Select(ShippedModels.PathOf)];
        _paths = model == null ? [.. shipped] : [.. shipped.Prepend(ShippedModels.PathOf(model)).Distinct()];
        if (model != null)
            _loaded.Add(_paths[0], ShownModel.Open(_paths[0], labels));
    }

    /// <summary>What is shown.</summary>
    /// <exception cref="ModelFileException">It cannot be.</exception>
    public ShownModel Shown
    {
        get
        {
            string path = _paths[_shown];
            if (!_loaded.TryGetValue(path, out var model))
                _loaded.Add(path, model = ShownModel.Open(path));
            return model;
        }
    }

    /// <summary>Takes the model that suits a source, unless the user has chosen.</summary>
    /// <param name="content">What it shows.</param>
    public void Suit(PictureContent content)
    {
        if (!_isChosen)
            _shown = Array.IndexOf(_paths, ShippedModels.PathOf(content switch { PictureContent.Digit => ShippedModels.Digits, PictureContent.Numbers => ShippedModels.DigitFinder, _ => ShippedModels.HandSigns }));
    }

    /// <summary>The user chooses the next one.</summary>
    public void Next() => (_shown, _isChosen) = ((_shown + 1) % _paths.Length, true);

    public void Dispose()
    {
        foreach (var model in _loaded.Values)
            model.Dispose();
    }
}
