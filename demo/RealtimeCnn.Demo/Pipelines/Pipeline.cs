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
        if (IsBusy)
            return false;
        var stored = new Size2d(frame.Format.Height, frame.Format.Width);
        var upright = new PictureMapping(stored, frame.Geometry, 1, FitMode.Stretch).Upright;
        if (upright != FrameSize || !ReferenceEquals(settings, _settings))
        {
            var input = new Size2d(Math.Max((int)Math.Round((double)InputWidth * upright.Height / upright.Width), 8), InputWidth);
            var graph = DemoNetwork.Build(input, settings);
            Bind(graph, new Preprocessing { Size = input });
            _graph?.Dispose();
            (_graph, _settings, FrameSize, InputSize) = (graph, settings, upright, input);
            Shapes = graph.InferShapes().ToDictionary(entry => entry.Key.Name, entry => entry.Value);
        }

        return Submit(frame);
    }

    /// <summary>Waits until everything submitted is done. For offline runs, which must drop no frame.</summary>
    public abstract void Finish();

    /// <summary>Starts a picture.</summary>
    public abstract void BeginPicture(Size2d size, Color background);

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

    private protected abstract bool Submit(Frame frame);
}
