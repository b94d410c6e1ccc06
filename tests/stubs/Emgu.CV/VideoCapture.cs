using Emgu.CV.CvEnum;

namespace Emgu.CV;

/// <summary>A capture whose device is a <see cref="StubCamera"/>; using it after Dispose throws here where the real one is a segmentation fault.</summary>
public class VideoCapture : IDisposable
{
    private readonly StubCamera? _camera;
    private bool _disposed;

    public VideoCapture(int camIndex = 0, API captureApi = API.Any, params Tuple<CapProp, int>[] captureProperties)
        : this(StubCamera.Find($"{camIndex}"))
    {
    }

    public VideoCapture(string fileName, API captureApi = API.Any, params Tuple<CapProp, int>[] captureProperties)
        : this(StubCamera.Find(fileName))
    {
    }

    private VideoCapture(StubCamera? camera)
    {
        _camera = camera;
        camera?.OnOpen();
        IsOpenedCore = camera is { Present: true };
        if (IsOpenedCore)
            camera!.Opened();
    }

    public enum API
    {
        Any = 0,
    }

    public bool IsOpened
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return IsOpenedCore;
        }
    }

    public string BackendName => "STUB";

    public int Width => (int)Get(CapProp.FrameWidth);

    public int Height => (int)Get(CapProp.FrameHeight);

    public bool ExceptionMode { get; set; }

    private bool IsOpenedCore { get; }

    public bool Grab() => Camera().Grab();

    public bool Retrieve(IOutputArray image, int flag = 0) => Camera().Retrieve((Mat)image);

    public bool Read(IOutputArray image) => Grab() && Retrieve(image);

    public Mat? QueryFrame()
    {
        var image = new Mat();
        return Read(image) ? image : null;
    }

    public double Get(CapProp property) => Camera().Properties.GetValueOrDefault(property);

    public bool Set(CapProp property, double value)
    {
        var camera = Camera();
        if (!camera.Supports.Contains(property))
            return false;
        camera.Set(property, value);
        return true;
    }

    public void Dispose()
    {
        if (!_disposed && IsOpenedCore)
            _camera!.Closed();
        _disposed = true;
        GC.SuppressFinalize(this);
    }

    private StubCamera Camera()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _camera ?? throw new InvalidOperationException("not opened");
    }
}
