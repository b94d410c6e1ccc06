using Microsoft.Extensions.Logging;
using RealtimeCnn.Heads;
using RealtimeCnn.Images;
using RealtimeCnn.Onnx;
using RealtimeCnn.OpenGL;

namespace RealtimeCnn.App;

/// <summary>Takes what is newer in a model's file into a running network, and leaves it as it is where that cannot be.</summary>
internal sealed class ModelReload : IDisposable
{
    // A part of a frame, so that pictures keep moving.
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(2);
    private readonly CameraNetwork _network;
    private readonly string _path;
    private readonly ILogger _logger;
    private readonly Func<OnnxModel, (Preprocessing Preprocessing, DetectionHead? Head, Action Begin)> _takeOver;
    private OnnxModel? _newer;
    private Action? _begin;
    private string? _unreadable;

    /// <param name="network">What runs.</param>
    /// <param name="path">The model's file.</param>
    /// <param name="logger">Gets what became of a change.</param>
    /// <param name="takeOver">Says how a model is used, and what begins, and whose it is, when it has taken its place.</param>
    public ModelReload(CameraNetwork network, string path, ILogger logger, Func<OnnxModel, (Preprocessing Preprocessing, DetectionHead? Head, Action Begin)> takeOver)
    {
        (_network, _path, _logger, _takeOver) = (network, path, logger, takeOver);
        Watch = new ModelFileWatch(path, new OnnxLoadOptions { TakesPictures = true });
    }

    /// <summary>Why the file as it is now is not used; null where nothing is wrong with it.</summary>
    public string? Error { get; private set; }

    /// <summary>Who looks.</summary>
    internal ModelFileWatch Watch { get; }

    /// <summary>One turn of the network (<see cref="CameraNetwork.Update"/>), and of a newer one on its way.</summary>
    public void Update(double deltaTime)
    {
        if (Watch.TryTake(out var newer))
            Begin(newer);
        string? unreadable = Watch.Error;
        if (unreadable != null && unreadable != _unreadable)
            Refuse(unreadable);
        _unreadable = unreadable;
        try
        {
            _network.Update(deltaTime);
        }
        catch (Exception problem) when (_newer != null && _network.SwapProgress == null && IsOfTheModel(problem))
        {
            GiveUp();
            Refuse(problem.Message);
            return;
        }

        if (_newer == null || _network.SwapProgress != null)
            return;
        _begin!();
        (_newer, _begin) = (null, null);
        ReloadLog.Reloaded(_logger, _path);
    }

    /// <summary>After the network: frees a model that was on its way.</summary>
    public void Dispose()
    {
        Watch.Dispose();
        _newer?.Dispose();
    }

    private static bool IsOfTheModel(Exception problem) => problem is OnnxException or ShapeException or ArgumentException or NotSupportedException or GlException;

    private void Begin(OnnxModel newer)
    {
        try
        {
            var (preprocessing, head, begin) = _takeOver(newer);
            _network.Swap(newer.Graph, preprocessing, Slice, head);
            _newer?.Dispose();
            (_newer, _begin, Error) = (newer, begin, null);
        }
        catch (Exception problem) when (IsOfTheModel(problem))
        {
            newer.Dispose();
            // One that was on its way before goes on, unless the network has given it up.
            if (_network.SwapProgress == null)
                GiveUp();
            Refuse(problem.Message);
        }
    }

    private void GiveUp()
    {
        _newer?.Dispose();
        (_newer, _begin) = (null, null);
    }

    private void Refuse(string problem)
    {
        Error = problem;
        ReloadLog.NotReloaded(_logger, _path, problem);
    }
}
