namespace RealtimeCnn.Demo.Recognition;

/// <summary>The models that lie beside the program.</summary>
internal static class ShippedModels
{
    /// <summary>Reads written digits, light on dark.</summary>
    public const string Digits = "digits";

    /// <summary>Reads digits that a hand shows.</summary>
    public const string HandSigns = "hand-signs";

    /// <summary>Finds written digits anywhere in a picture.</summary>
    public const string DigitFinder = "digit-finder";

    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "models");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> Names { get; } = [Digits, HandSigns, DigitFinder];

    /// <summary>The file of a model that is named, or the path itself.</summary>
    public static string PathOf(string name) => Names.Contains(name) ? Path.Combine(Folder, $"{name}.onnx") : name;
}
