using RealtimeCnn.Drawing;
using RealtimeCnn.Graphs;
using RealtimeCnn.Images;

namespace RealtimeCnn.Demo.Pipelines;

/// <summary>
/// The way of a frame through the demo's network to the screen, on one backend. Frames go in one at a time; what is drawn
/// belongs to the frame that went in last.
/// </summary>
internal abstract class Pipeline : IDisposable
{
    private const int InputWidth = 256;
    private Graph? _graph;
    private NetworkSettings? _settings;

    /// <summary>Whether pictures go straight to a window, where there is one; else into memory, from where they can be read.</summary>
    public bool ToWindow { get; set; }

    /// <summary>Device that computes and draws.</summary>
    public abstract string Renderer { get; }

    /// <summary>Where sources write their frames; null for memory of their own.</summary>
    public abstract IFrameAllocator? Allocator { get; }

    /// <summary>What the views draw on, between <see cref="BeginPicture"/> and <see cref="EndPicture"/>.</summary>
    public abstract Canvas Canvas { get; }

    /// <summary>Height and width of the newest frame, upright; zero before the first one.</summary>
    public Size2d FrameSize { get; private set; }

    /// <summary>Height and width of the network's input: the frame's proportions at a width that every device can afford.</summary>
    public Size2d InputSize { get; private set; }

    /// <summary>Shapes of the network's values by name.</summary>
    public IReadOnlyDictionary<string, Shape> Shapes { get; private set; } = new Dictionary<string, Shape>();

    /// <summary>Channel of the last layer with the greatest value, in the newest result that has come back; −1 before the first.</summary>
    public int StrongestMap { get; private protected set; } = -1;

    /// <summary>Takes a frame and starts to compute; the frame stays the caller's. False when the pipeline is still busy with those before.</summary>
    public bool TrySubmit(Frame frame, NetworkSettings settings)
    {
        if (IsBusy || !Load(frame))
            return false;
        var stored = new Size2d(frame.Format.Height, frame.Format.Width);
        Prepare(new PictureMapping(stored, frame.Geometry, 1, FitMode.Stretch).Upright, settings);
        Compute();
        return true;
    }

    /// <summary>Computes the newest frame again where the settings have changed since. False when the pipeline is busy, or there is nothing to do.</summary>
    public bool TryRecompute(NetworkSettings settings)
    {
        if (_graph is null || ReferenceEquals(settings, _settings) || IsBusy)
            return false;
        Prepare(FrameSize, settings);
        Compute();
        return true;
    }

    /// <summary>Waits until everything submitted is done. For offline runs, which must drop no frame.</summary>
    public abstract void Finish();

    /// <summary>Starts a picture.</summary>
    /// <param name="size">In pixels.</param>
    /// <param name="background">Fills it.</param>
    /// <param name="scale">Pixels for each unit of <see cref="Canvas"/>.</param>
    public abstract void BeginPicture(Size2d size, Color background, float scale);

    /// <summary>Ends a picture.</summary>
    public abstract void EndPicture();

    /// <summary>Draws the newest frame, upright.</summary>
    public abstract void DrawFrame(Area where);

    /// <summary>Draws one of <see cref="DemoNetwork.Pictures"/>, clamped to [0, 1].</summary>
    public abstract void DrawPicture(string name, Area where);

    /// <summary>Draws channels of one of <see cref="DemoNetwork.Stack"/> as a grid, each stretched from its least to its greatest value.</summary>
    public abstract void DrawMaps(string name, Area where, int columns, int rows, float gap, int firstChannel = 0);

    /// <summary>The picture that was drawn last. Waits for it.</summary>
    public abstract (byte[] Pixels, FrameFormat Format) ReadPicture();

    public virtual void Dispose() => _graph?.Dispose();

    /// <summary>Whether as many frames are on their way as may be.</summary>
    private protected abstract bool IsBusy { get; }

    /// <summary>Takes another network; what was bound to the one before is freed.</summary>
    private protected abstract void Bind(Graph graph, Preprocessing preprocessing);

    /// <summary>Makes a frame the newest one. False when there is no room for it.</summary>
    private protected abstract bool Load(Frame frame);

    /// <summary>Runs preprocessing and network over the newest frame.</summary>
    private protected abstract void Compute();

    private void Prepare(Size2d upright, NetworkSettings settings)
    {
        if (upright == FrameSize && ReferenceEquals(settings, _settings))
            return;
        var input = new Size2d(Math.Max((int)Math.Round((double)InputWidth * upright.Height / upright.Width), 8), InputWidth);
        var graph = DemoNetwork.Build(input, settings);
        Bind(graph, new Preprocessing { Size = input });
        _graph?.Dispose();
        (_graph, _settings, FrameSize, InputSize) = (graph, settings, upright, input);
        Shapes = graph.InferShapes().ToDictionary(entry => entry.Key.Name, entry => entry.Value);
    }
}
