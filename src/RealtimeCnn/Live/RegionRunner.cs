using RealtimeCnn.Heads;
using RealtimeCnn.Images;
using RealtimeCnn.Regions;

namespace RealtimeCnn.Live;

/// <summary>
/// Runs a detector and, on regions of the same picture, a second network, each with a runner of its own, wherever these compute. One
/// picture at a time, because its regions are made of the landmarks of the one before; its result is complete when all of them are.
/// </summary>
internal sealed class RegionRunner : LiveRunner
{
    private readonly LiveRunner _detector;
    private readonly LiveRunner _network;
    private readonly Preprocessing _preprocessing;
    private readonly RegionAnswers _answers;
    private readonly RegionFollower _follower;
    private readonly LiveResult[] _regions;
    private bool _isBusy, _isDetecting, _isNew;
    private int _count, _begun, _done;

    /// <param name="detector">Runs the detector; this one's to dispose.</param>
    /// <param name="network">Runs the second network; this one's to dispose.</param>
    /// <param name="options">How both are used.</param>
    /// <param name="answers">Reads what the second network says.</param>
    /// <param name="reader">What the detector's outputs mean.</param>
    public RegionRunner(LiveRunner detector, LiveRunner network, LiveOptions options, RegionAnswers answers, DetectionReader reader)
        : base(detector.Outputs with { Regions = (options.Regions!.Options.MaximumRegions, answers.Landmarks) })
    {
        (_detector, _network, _preprocessing, _answers) = (detector, network, options.Preprocessing, answers);
        var regions = options.Regions;
        _follower = new RegionFollower(
            regions.Options, regions.Preprocessing, regions.Options.DetectedBy(reader.Head, reader.Landmarks), regions.Options.FollowedBy(answers.Landmarks), answers.Landmarks);
        _regions = [.. Enumerable.Range(0, regions.Options.MaximumRegions).Select(_ => new LiveResult(network.Outputs, regions.Network))];
    }

    /// <summary>Pictures that the detector looked at.</summary>
    public long DetectorRuns { get; private set; }

    public override bool NeedsPixels => _detector.NeedsPixels || _network.NeedsPixels;

    public override bool DrawsNewestBegun => false;

    public override bool HasRoom => !_isBusy && _detector.HasRoom && _network.HasRoom;

    public override void BeginFrame()
    {
        _detector.BeginFrame();
        _network.BeginFrame();
    }

    public override void Begin(LiveResult result)
    {
        var picture = result.Picture!;
        result.Mapping = _preprocessing.Map(picture.Format, picture.Geometry);
        (_count, _begun, _done) = (0, 0, 0);
        _isNew = _follower.TryBegin(result.Timestamp, result.Mapping);
        _isDetecting = _isNew && _follower.WantsDetector;
        result.DetectorRan = _isDetecting;
        result.Detections.Clear();
        try
        {
            _network.Meet(picture);
            if (_isDetecting)
            {
                _detector.Begin(result);
                DetectorRuns++;
            }
            else if (_isNew)
            {
                _count = _follower.Count;
                BeginRegions(result);
            }
        }
        catch
        {
            Abandon();
            throw;
        }

        _isBusy = true;
    }

    public override bool TryComplete(LiveResult result)
    {
        try
        {
            if (_isDetecting)
            {
                if (!_detector.TryComplete(result))
                    return false;
                _isDetecting = false;
                _follower.Detect(result.Detections, result.Mapping);
                _count = _follower.Count;
            }

            while (_done < _count)
            {
                BeginRegions(result);
                var region = _regions[_done];
                if (!_network.TryComplete(region))
                    return false;
                _answers.Read(region.Outputs, _follower, _done);
                result.Stages = result.Stages with { Preprocess = result.Stages.Preprocess + region.Stages.Preprocess, Network = result.Stages.Network + region.Stages.Network, Readback = region.Stages.Readback };
                region.End();
                _done++;
            }
        }
        catch
        {
            Abandon();
            throw;
        }

        if (_isNew)
            _follower.End();
        result.Regions.CopyFrom(_follower.Found);
        _isBusy = false;
        return true;
    }

    public override LiveValue Value(LiveOutput output, Func<Tensor> newest) => throw new InvalidOperationException("A detector that sleeps has no values to be drawn.");

    public override void Finish()
    {
        if (_isDetecting)
            _detector.Finish();
        else if (_done < _begun)
            _network.Finish();
        else
            // One that runs in slices takes the next region in another frame; who waits for it begins that.
            _network.BeginFrame();
    }

    public override void Dispose()
    {
        _detector.Dispose();
        _network.Dispose();
        foreach (var region in _regions)
        {
            region.End();
            region.Free();
        }
    }

    /// <summary>Starts as many regions as there is room for.</summary>
    private void BeginRegions(LiveResult result)
    {
        for (; _begun < _count && _network.HasRoom; _begun++)
        {
            var region = _regions[_begun];
            region.Begin(result.Picture!, uploadMs: 0, frame: 0);
            region.Region = _follower.RegionOf(_begun);
            try
            {
                _network.Begin(region);
            }
            catch
            {
                region.End();
                throw;
            }
        }
    }

    /// <summary>Drops the picture; what was begun of it must not be taken for the next one's.</summary>
    private void Abandon()
    {
        (_isBusy, _isDetecting) = (false, false);
        while (_done < _begun)
        {
            _network.Finish();
            if (_network.TryComplete(_regions[_done]))
                _regions[_done++].End();
        }
    }
}
