using System.Text.Json;
using RealtimeCnn.Camera;
using RealtimeCnn.Drawing;
using RealtimeCnn.Heads;
using RealtimeCnn.Images;
using RealtimeCnn.Live;
using RealtimeCnn.Onnx;
using RealtimeCnn.OpenGL;

namespace RealtimeCnn.Samples.CameraService;

/// <summary>One camera: a line for each result, and a picture for each event.</summary>
internal sealed class CameraWatch
{
    private readonly CpuCanvas _canvas = new();
    private readonly Detections _found = new();
    private readonly string _camera, _folder;
    private readonly IReadOnlyList<string> _labels;
    private readonly TextWriter _output;
    private IFrameSource? _source;
    private int _seen;

    /// <param name="camera">As <see cref="FrameSources.Open(string, CameraOptions?)"/> takes it.</param>
    /// <param name="model">A detector; shared by all cameras.</param>
    /// <param name="folder">For pictures.</param>
    /// <param name="output">For lines.</param>
    public CameraWatch(string camera, OnnxModel model, string folder, TextWriter output)
    {
        var card = ModelCard.Of(model);
        (_camera, _folder, _output, _labels) = (camera, folder, output, card.Labels);
        Network = new CameraNetwork(model.Graph, new CameraNetworkOptions
        {
            Preprocessing = card.Preprocessing,
            Head = card.Head as DetectionHead ?? throw new OnnxException($"The service counts what a detector finds, and this model is none. {card.Said}"),
            OpenSource = () => _source = FrameSources.Open(camera),
        });
    }

    /// <summary>The camera's pictures on their way through the model.</summary>
    public CameraNetwork Network { get; }

    /// <summary>Whether no picture comes any more, and all that came were answered.</summary>
    public bool HasEnded => _source?.Status.State == SourceState.Ended && Network.IsIdle;

    /// <summary>Says what is new.</summary>
    public void Report()
    {
        if (!Network.TryGetLatest(out var result))
            return;
        _found.CopyFrom(result.Detections);
        _found.ToUpright(result.Mapping);
        string? picture = _found.Count == _seen ? null : Draw(result);
        _seen = _found.Count;
        _output.WriteLine(JsonSerializer.Serialize(new
        {
            camera = _camera,
            picture = result.Sequence,
            milliseconds = result.Age.TotalMilliseconds,
            detections = _found.Select(box => new { label = _labels[box.Class], score = box.Score, box = Corners(box) }),
            file = picture,
        }));
    }

    // Left, top, right and bottom, in pixels of the camera's picture.
    private static float[] Corners(Detection box) => [box.Left, box.Top, box.Right, box.Bottom];

    private string Draw(LiveResult result)
    {
        var size = result.Mapping.Upright;
        _canvas.Begin(size.Width, size.Height, Color.Black);
        Network.Draw(_canvas, (canvas, _, _) =>
        {
            foreach (var box in _found)
            {
                canvas.Outline(new Area(box.Left, box.Top, box.Right - box.Left, box.Bottom - box.Top), Color.FromRgb(0xFFB84D), 3, 4);
                canvas.Fill(new Area(box.Left, box.Top - 24, Canvas.TextWidth(_labels[box.Class].Length, 24) + 12, 24), Color.Black, 4);
                canvas.Text(_labels[box.Class], box.Left + 6, box.Top - 24, 24, Color.White);
            }
        });
        string file = Path.Combine(_folder, $"{string.Concat(_camera.Split(Path.GetInvalidFileNameChars()))}-{result.Sequence}.png".Replace(':', '-'));
        Png.Write(file, _canvas.Pixels, _canvas.Format);
        return file;
    }
}
