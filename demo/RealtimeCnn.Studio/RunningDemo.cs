using System.Text;
using RealtimeCnn.Demo;
using RealtimeCnn.Demo.Modes;
using RealtimeCnn.Demo.Scenes;
using RealtimeCnn.Images;
using RealtimeCnn.OpenGL.Hosts;
using RealtimeCnn.Studio.Looking;
using RealtimeCnn.Studio.Watching;

namespace RealtimeCnn.Studio;

/// <summary>
/// The demo as its page sees it: what is done there goes in, and pictures and numbers go out. Made, shown and disposed on the demo's
/// thread; what visitors do comes from any, and waits for the demo's next turn.
/// </summary>
internal sealed class RunningDemo : IDisposable
{
    // Often enough to be live, and no matter for the loop.
    private static readonly TimeSpan ReportEvery = TimeSpan.FromMilliseconds(200);
    private readonly PageWindow _window;
    private readonly Session _session;
    private readonly Scene _scene;
    private readonly Viewers _viewers;
    private readonly StateReport _report;
    private readonly NetworkStudy _study;
    private TimeSpan? _reported;

    /// <param name="window">Where the page's mouse and keys arrive.</param>
    /// <param name="session">What is played.</param>
    /// <param name="scene">Computes and draws it.</param>
    /// <param name="stats">What is measured of it.</param>
    /// <param name="viewers">Who watches.</param>
    public RunningDemo(PageWindow window, Session session, Scene scene, RunStats stats, Viewers viewers)
    {
        (_window, _session, _scene, _viewers) = (window, session, scene, viewers);
        _report = new StateReport(session, scene, stats);
        _study = new NetworkStudy(scene, () => session.Controls.Mode.HasOwnPictures);
        window.Turned += Turn;
        scene.FrameSubmitted = frame => _study.Watch(frame, viewers.IsThere);
    }

    /// <summary>Height and width of the picture, in pixels.</summary>
    public Size2d Size => _window.FramebufferSize;

    /// <summary>Shows what was drawn, and what was measured, to who watches.</summary>
    public void Show()
    {
        _scene.Send(_viewers);
        _window.SwapBuffers();
        if (!_viewers.IsThere || (_reported is { } reported && FrameClock.Now - reported < ReportEvery))
            return;
        _reported = FrameClock.Now;
        _viewers.Tell(_report.Write());
    }

    /// <summary>A key went down or up.</summary>
    /// <exception cref="StudioException">Too much is waiting to be done.</exception>
    public void Press(KeyPress press, bool isDown) => _window.Post(() =>
    {
        if (!isDown)
            _window.Release(press.Key);
        else if (IsForVisitors(press.Key))
            _window.Press(press);
    });

    /// <summary>A letter was typed, whatever keys that took.</summary>
    /// <exception cref="StudioException">Too much is waiting to be done.</exception>
    public void Type(Rune letter) => _window.Post(() => _window.Type(letter));

    /// <summary>Something was done with the mouse, in pixels of the picture.</summary>
    /// <exception cref="StudioException">Too much is waiting to be done.</exception>
    public void Point(PointerEvent used) => _window.Post(() => _window.Point(used));

    /// <summary>A mode is wanted.</summary>
    /// <exception cref="StudioException">There is no such mode, or too much is waiting to be done.</exception>
    public void Choose(string mode)
    {
        if (!ModeList.Names.Contains(mode))
            throw new StudioException($"There is no mode '{mode}'; there are {string.Join(", ", ModeList.Names)}.");
        _window.Post(() =>
        {
            _session.Controls.Choose(mode);
            _window.Redraw();
        });
    }

    /// <summary>A file was dropped.</summary>
    /// <param name="path">Where it lies.</param>
    /// <returns>What the demo says about it.</returns>
    /// <exception cref="StudioException">Too much is waiting to be done.</exception>
    public Task<string> DropAsync(string path)
    {
        var said = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        _window.Post(() =>
        {
            _window.Drop(path);
            said.TrySetResult(_session.Controls.Message ?? "");
        });
        return said.Task;
    }

    /// <summary>Looks into the network that runs now: its graph, times and feature maps. Who asks while that is done gets the same answer.</summary>
    /// <exception cref="StudioException">There is nothing to look at yet.</exception>
    public Task<StudyResult> StudyAsync() => _study.RequestAsync();

    public void Dispose()
    {
        _scene.FrameSubmitted = null;
        _window.Turned -= Turn;
        _study.Dispose();
    }

    private void Turn() => _study.Turn();

    // Its window, its files and its end are for who sits at the machine; while a text is typed, no key has to do with them.
    private bool IsForVisitors(ConsoleKey key) =>
        _session.Controls.Mode.IsTyping || _session.Controls.Mode.Keys.Any(binding => binding.Keys.Contains(key)) || !_session.Controls.Keys.Any(binding => binding.IsOfWindow && binding.Keys.Contains(key));
}
