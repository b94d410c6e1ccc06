using RealtimeCnn.Demo.Modes.Doctor;
using RealtimeCnn.Demo.Modes.Draw;
using RealtimeCnn.Demo.Modes.Explore;
using RealtimeCnn.Demo.Modes.Filter;
using RealtimeCnn.Demo.Modes.Teach;
using RealtimeCnn.Demo.Modes.Wall;
using RealtimeCnn.Demo.Modes.Why;
using RealtimeCnn.Demo.Recognition;
using RealtimeCnn.Models;

namespace RealtimeCnn.Demo.Modes;

/// <summary>All modes, in the order of their tabs.</summary>
internal sealed class ModeList : IDisposable
{
    private readonly DrawMode _draw;
    private readonly WallMode _wall;
    private readonly WhyMode _why;
    private readonly TeachMode _teach;

    /// <param name="models">The models that can be shown.</param>
    public ModeList(ModelShelf models)
    {
        var choice = new ModelChoice(models);
        _draw = new DrawMode((ShownClassifier)models[ShippedModels.Digits]);
        _teach = new TeachMode(models);
        All =
        [
            _draw, new FindMode((ShownDetector)models[ShippedModels.DigitFinder]), new SignsMode((ShownClassifier)models[ShippedModels.HandSigns]), new ModelMode(choice),
            new FiltersMode(models), _wall = new WallMode(choice), _why = new WhyMode(choice), new ExploreMode(), new DoctorMode(models), _teach,
        ];
    }

    /// <summary>The names of all modes.</summary>
    public static IReadOnlyList<string> Names { get; } = ["draw", "find", "signs", "model", "filters", "wall", "why", "explore", "doctor", "teach"];

    /// <summary>The modes.</summary>
    public IReadOnlyList<Mode> All { get; }

    public void Dispose()
    {
        _draw.Dispose();
        _wall.Dispose();
        _why.Dispose();
        _teach.Dispose();
    }
}
