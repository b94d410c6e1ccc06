using RealtimeCnn.Models;

namespace RealtimeCnn.Demo.Recognition;

/// <summary>Which model the modes show that show any. Until the user chooses, a source gets the one that suits it.</summary>
internal sealed class ModelChoice
{
    private readonly ModelShelf _models;
    private bool _isChosen;

    /// <param name="models">The models that can be shown.</param>
    public ModelChoice(ModelShelf models)
    {
        _models = models;
        _isChosen = models.Own != null;
        Shown = models.Own ?? models[ShippedModels.HandSigns];
    }

    /// <summary>The model that is shown.</summary>
    public ShownModel Shown { get; private set; }

    /// <summary>Which scene stands in for a camera.</summary>
    public PictureContent StandIn => Shown is ShownDetector ? PictureContent.Numbers : PictureContent.Digit;

    /// <summary>Learns what the source shows.</summary>
    public void Suit(PictureContent content)
    {
        if (!_isChosen)
            Shown = _models.For(content);
    }

    /// <summary>Takes a file that was dropped.</summary>
    /// <returns>What there is to say about it.</returns>
    public string Drop(IReadOnlyList<string> paths)
    {
        if (paths.FirstOrDefault(path => Path.GetExtension(path).Equals(".onnx", StringComparison.OrdinalIgnoreCase)) is not { } file)
            return $"A model is a file that ends in .onnx; '{Path.GetFileName(paths[0])}' is none.";
        try
        {
            (Shown, _isChosen) = (_models.Take(file), true);
            return $"{Path.GetFileName(file)} is shown.";
        }
        catch (ModelFileException problem)
        {
            return problem.Message;
        }
    }

    /// <summary>Takes the next one of the shelf: the user's own, then the shipped ones.</summary>
    public void Next() => (Shown, _isChosen) = (_models.Next(Shown), true);
}
