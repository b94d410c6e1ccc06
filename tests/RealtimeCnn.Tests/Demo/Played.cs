using RealtimeCnn.Demo;
using RealtimeCnn.Demo.Recognition;
using RealtimeCnn.Demo.Scenes;
using RealtimeCnn.Demo.Scripts;
using RealtimeCnn.Images;

namespace RealtimeCnn.Tests.Demo;

/// <summary>A run of the demo from a script, without a window, on the CPU path.</summary>
internal sealed class Played : IDisposable
{
    private readonly ModelShelf _models;
    private readonly RunStats _stats = new();
    private readonly DemoOptions _options;

    public Played(string mode, string source, params string[] script)
        : this(new ModelShelf(), mode, source, script)
    {
    }

    /// <param name="models">Those that can be shown; disposed with this.</param>
    /// <param name="mode">To begin with.</param>
    /// <param name="source">Of the pictures.</param>
    /// <param name="script">What the user does.</param>
    public Played(ModelShelf models, string mode, string source, params string[] script)
    {
        _models = models;
        Scene = new CpuScene(_stats);
        _options = new DemoOptions { Source = source, Mode = mode, Script = Script.Parse(script), Delivery = FrameDelivery.Every };
        Session = new Session(_options, _models, remembered: null, _ => { });
    }

    public Session Session { get; }

    public CpuScene Scene { get; }

    public ShownClassifier Classifier(string name) => (ShownClassifier)_models[name];

    /// <param name="shown">Told after each picture.</param>
    public void Play(Action<Session>? shown = null) => new HeadlessRun(_options, Session, _stats, _ => { }) { Shown = shown }.Run(Scene, CancellationToken.None);

    public void Dispose()
    {
        // What modes compute of the scene's network ends before it does.
        Session.Dispose();
        Scene.Dispose();
        _models.Dispose();
    }
}
