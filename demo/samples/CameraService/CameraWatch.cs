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
    private readonly List<Detection> _found = [];
    private readonly DetectionHead _head;
    private readonly string _camera, _folder;
    private readonly IReadOnlyList<string> _labels;
    private readonly TextWriter _output;
    private IFrameSource? _source;
    private int _seen;

    /// <param name="camera">As <see cref="FrameSources.Open(string, CameraOptions?)"/> takes it.</param>
    /// <param name="model">A detector whose file says so; shared by all cameras.</param>
    /// <param name="folder">For pictures.</param>
    /// <param name="output">For lines.</param>
    public CameraWatch(string camera, OnnxModel model, string folder, TextWriter output)
    {
        (_camera, _folder, _output, _labels) = (camera, folder, output, model.Metadata.Labels);
        _head = model.Metadata.Detector ?? throw new OnnxException("The service counts what a detector finds; this model's file does not say that it is one.");
        var input = model.Inputs[0].Shape;
        Network = new CameraNetwork(model.Graph, new CameraNetworkOptions
        {
            Preprocessing = model.Metadata.PreprocessingFor(new Size2d(input.Height, input.Width), input.Channels),
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
        _head.Decode(result.Outputs, 0, result.Mapping.Input, _head.Threshold, _found);
        string? picture = _found.Count == _seen ? null : Draw(result);
        _seen = _found.Count;
        _output.WriteLine(JsonSerializer.Serialize(new
        {
            camera = _camera,
            picture = result.Sequence,
            milliseconds = result.Age.TotalMilliseconds,
            detections = _found.Select(box => new { label = _labels[box.Class], score = box.Score, box = Corners(box, result) }),
            file = picture,
        }));
    }

    // Left, top, right and bottom, in pixels of the camera's picture.
    private static double[] Corners(Detection box, LiveResult result)
    {
        PicturePoint first = result.Mapping.ToUpright(new PicturePoint(box.Left, box.Top)), second = result.Mapping.ToUpright(new PicturePoint(box.Right, box.Bottom));
        return [first.X, first.Y, second.X, second.Y];
    }

    private string Draw(LiveResult result)
    {
        var size = result.Mapping.Upright;
        _canvas.Begin(size.Width, size.Height, Color.Black);
        Network.Draw(_canvas, (canvas, where, shown) =>
        {
            foreach (var box in _found)
            {
                double[] corners = Corners(box, shown);
                canvas.Outline(new Area((float)corners[0], (float)corners[1], (float)(corners[2] - corners[0]), (float)(corners[3] - corners[1])), Color.FromRgb(0xFFB84D), 3, 4);
                canvas.Fill(new Area((float)corners[0], (float)corners[1] - 24, Canvas.TextWidth(_labels[box.Class].Length, 24) + 12, 24), Color.Black, 4);
                canvas.Text(_labels[box.Class], (float)corners[0] + 6, (float)corners[1] - 24, 24, Color.White);
            }
        });
        string file = Path.Combine(_folder, $"{string.Concat(_camera.Split(Path.GetInvalidFileNameChars()))}-{result.Sequence}.png".Replace(':', '-'));
        Png.Write(file, _canvas.Pixels, _canvas.Format);
        return file;
    }
}
