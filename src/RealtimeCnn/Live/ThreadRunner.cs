using RealtimeCnn.Cpu;
using RealtimeCnn.Heads;
using RealtimeCnn.Images;
using RealtimeCnn.Regions;

namespace RealtimeCnn.Live;

/// <summary>
/// Runs a network on a thread of its own, from a picture's bytes: for networks on the CPU, and all that wait for their results. One
/// picture at a time.
/// </summary>
internal sealed class ThreadRunner : LiveRunner
{
    private readonly INetwork _network;
    private readonly ImageToTensor _toTensor;
    private readonly RegionToTensor? _regionToTensor;
    // None for a network that reads the picture's bytes itself.
    private readonly Tensor[] _input;
    private readonly LiveOutput[] _seen;
    private readonly DetectionReader? _head;
    private readonly Tensor[] _read;
    private readonly LiveWorker _worker;
    private readonly Action<CancellationToken> _compute;
    private LiveResult? _result;
    private StageTimes _stages;

    public ThreadRunner(INetwork network, LiveOptions options)
        : base(LiveOutputs.Of(network.Source, options))
    {
        _network = network;
        _toTensor = new ImageToTensor(options.Preprocessing);
        _regionToTensor = options.MostRegions > 0 ? new RegionToTensor(options.Preprocessing) : null;
        _input = network is CpuNetwork && _regionToTensor == null ? [] : [new Tensor(options.Preprocessing.Shape)];
        _seen = [.. Outputs.SeenInMemory];
        _head = Outputs.NewReader();
        _read = new Tensor[Outputs.Read.Count];
        _compute = Compute;
        // Last: what is refused before leaves no thread behind.
        _worker = new LiveWorker("RealtimeCnn live network");
    }

    public override bool NeedsPixels => true;

    public override bool DrawsNewestBegun => false;

    public override bool HasRoom => _result == null;

    public override void Begin(LiveResult result)
    {
        _result = result;
        _worker.Post(_compute);
    }

    public override bool TryComplete(LiveResult result)
    {
        if (_worker.IsBusy)
            return false;
        _result = null;
        _worker.Rethrow();
        if (_regionToTensor == null)
            result.Mapping = _toTensor.Mapping;
        result.Stages = result.Stages with { Preprocess = _stages.Preprocess, Network = _stages.Network, Readback = (FrameClock.Now - result.Enqueued).TotalMilliseconds };
        return true;
    }

    public override LiveValue Value(LiveOutput output, Func<Tensor> newest) => new TensorValue(output.Name, output.Shape, newest);

    public override void Finish() => _worker.Wait();

    public override void Dispose()
    {
        _worker.Dispose();
        foreach (var input in _input)
            input.Dispose();
    }

    private void Compute(CancellationToken cancellation)
    {
        var result = _result!;
        var pixels = result.Picture!.Pixels!;
        var begin = FrameClock.Now;
        var preprocessed = begin;
        IReadOnlyList<Tensor> outputs;
        if (_regionToTensor == null && _network is CpuNetwork cpu)
        {
            outputs = cpu.Run(pixels.Bytes, pixels.Format, pixels.Geometry, _toTensor, cancellation);
        }
        else
        {
            if (_regionToTensor != null)
                _regionToTensor.Run(pixels.Bytes, pixels.Format, pixels.Geometry, result.Region!.Value, _input[0]);
            else
                _toTensor.Run(pixels.Bytes, pixels.Format, pixels.Geometry, _input[0]);
            preprocessed = FrameClock.Now;
            outputs = _network.Run(_input, cancellation);
        }

        if (_head != null)
        {
            for (int i = 0; i < _read.Length; i++)
                _read[i] = outputs[i];
            _head.Read(_read);
            result.Detections.CopyFrom(_head.Found);
        }

        var computed = FrameClock.Now;
        for (int i = 0; i < Outputs.Returned.Count; i++)
            outputs[Outputs.Returned[i].Index].Span.CopyTo(result.Outputs[i].Span);
        for (int i = 0; i < _seen.Length; i++)
            outputs[_seen[i].Index].Span.CopyTo(result.Seen[i].Span);
        _stages = new StageTimes(0, 0, (preprocessed - begin).TotalMilliseconds, (computed - preprocessed).TotalMilliseconds, 0);
        result.Enqueued = computed;
    }
}
