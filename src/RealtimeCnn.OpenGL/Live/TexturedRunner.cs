using RealtimeCnn.Heads;
using RealtimeCnn.Live;

namespace RealtimeCnn.OpenGL.Live;

/// <summary>Uploads outputs that lie in memory and makes textures of them; all else is another runner's.</summary>
internal sealed class TexturedRunner : LiveRunner
{
    private readonly LiveRunner _runner;
    private readonly List<GpuBuffer> _buffers = [];
    private readonly List<GpuBufferView> _views = [];
    private readonly TextureWriter _textures;

    private TexturedRunner(LiveRunner runner, GlDevice device, LiveOptions options, int inFlight)
        : base(runner.Outputs)
    {
        _runner = runner;
        try
        {
            foreach (var output in Outputs.Textured)
            {
                var buffer = new GpuBuffer(device, ((output.Shape.Count * (long)sizeof(float)) + 15) / 16 * 16, $"output '{output.Name}'");
                _buffers.Add(buffer);
                _views.Add(new GpuBufferView(buffer, 0, buffer.Bytes));
            }

            var names = Outputs.Textured.Select(output => output.Name).ToList();
            _textures = new TextureWriter(device, options.Textures, [.. options.Textures.Select(texture => Source(names.IndexOf(texture.Output)))], inFlight);
        }
        catch
        {
            Dispose();
            throw;
        }

        TextureSource Source(int output) => new(_views[output], Outputs.Textured[output].Shape, Layout.Plain);
    }

    public override bool NeedsPixels => _runner.NeedsPixels;

    public override bool DrawsNewestBegun => _runner.DrawsNewestBegun;

    public override bool HasRoom => _runner.HasRoom;

    /// <summary>A runner with textures where the options ask for any, else the runner itself.</summary>
    /// <param name="runner">What computes; disposed with this, or at once where this fails.</param>
    /// <param name="device">Where.</param>
    /// <param name="options">How the network is used.</param>
    /// <param name="inFlight">Pictures of the pipeline that can be under way at once.</param>
    public static LiveRunner Over(LiveRunner runner, GlDevice device, LiveOptions options, int inFlight) =>
        options.Textures.Count == 0 ? runner : new TexturedRunner(runner, device, options, inFlight);

    /// <summary>The build of a runner with its textures.</summary>
    /// <param name="device">Where.</param>
    /// <param name="build">That of the runner that computes; disposed with this.</param>
    /// <param name="network">Which network.</param>
    /// <param name="options">How it is used.</param>
    public static PlanBuild Prepare(GlDevice device, PlanBuild build, INetwork network, LiveOptions options)
    {
        return options.Textures.Count == 0 ? build : new PlanBuild(Units().GetEnumerator());

        IEnumerable<double> Units()
        {
            const double RunnerShare = 0.9;
            using (build)
            {
                while (!build.Advance(TimeSpan.Zero))
                    yield return build.Progress * RunnerShare;
            }

            yield return RunnerShare;
            foreach (double share in TextureWriter.Units(device, options, LiveOutputs.Of(network.Source, options), areBlocked: false).Within(RunnerShare, 1))
                yield return share;
        }
    }

    public override void BeginFrame() => _runner.BeginFrame();

    public override void Begin(LiveResult result) => _runner.Begin(result);

    public override bool TryComplete(LiveResult result)
    {
        if (!_runner.TryComplete(result))
            return false;
        for (int i = 0; i < _buffers.Count; i++)
            _buffers[i].Upload(result.Seen[Outputs.Drawn.Count + i].Span);
        _textures.Write(result);
        return true;
    }

    public override LiveValue Value(LiveOutput output, Func<Tensor> newest) => _runner.Value(output, newest);

    public override LiveDetections Found(Func<Detections> newest) => _runner.Found(newest);

    public override void Finish() => _runner.Finish();

    public override void Dispose()
    {
        _runner.Dispose();
        _textures?.Dispose();
        foreach (var view in _views)
            view.Dispose();
        foreach (var buffer in _buffers)
            buffer.Dispose();
    }
}
