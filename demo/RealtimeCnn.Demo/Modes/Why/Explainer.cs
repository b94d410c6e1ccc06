using RealtimeCnn.Cpu;
using RealtimeCnn.Demo.Modes.Wall;
using RealtimeCnn.Demo.Recognition;
using RealtimeCnn.Interpretation;

namespace RealtimeCnn.Demo.Modes.Why;

/// <summary>The ways in which one model can be asked why; used by one thread.</summary>
internal sealed class Explainer : IDisposable
{
    // So many positions along the shorter side, each covered by a patch of three of them.
    private const int Positions = 14, PatchSteps = 3;
    private const long WorkOfSlice = 20_000_000;
    private readonly ShownModel _model;
    private readonly int _slice;
    private readonly ClassActivation? _activation;
    private CpuNetwork? _network;
    private Occlusion? _occlusion;
    private int _covered = -1;

    public Explainer(ShownModel model)
    {
        _model = model;
        _slice = (int)Math.Clamp(WorkOfSlice / Math.Max(model.Graph.Summary().MultiplyAccumulates, 1), 1, 32);
        Methods = [WhyMethod.Occlusion];
        if (model is not ShownClassifier)
            return;
        try
        {
            _activation = new ClassActivation(model.Graph, threads: 1);
            Methods = _activation.HasCam ? [WhyMethod.Cam, WhyMethod.GradCam, WhyMethod.Occlusion] : [WhyMethod.GradCam, WhyMethod.Occlusion];
        }
        catch (ArgumentException reason)
        {
            NoActivation = reason.Message;
        }
    }

    /// <summary>Why no feature maps can be asked; null where they can, or nobody would.</summary>
    public string? NoActivation { get; }

    /// <summary>What can be asked of a model.</summary>
    public IReadOnlyList<WhyMethod> Methods { get; }

    /// <summary>Begins with a picture, or goes on with it.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="isNew">Whether it is another one, or something else is asked.</param>
    /// <param name="method">One of <see cref="Methods"/>.</param>
    /// <param name="label">Number of the class.</param>
    /// <param name="map">Takes what is known.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>Whether all is known.</returns>
    public bool Advance(SeenPicture picture, bool isNew, WhyMethod method, int label, WhyMap map, CancellationToken cancellation)
    {
        if (method != WhyMethod.Occlusion)
        {
            using var heat = _activation!.Run(picture.Input, label, method == WhyMethod.Cam ? ClassActivationMethod.Cam : ClassActivationMethod.GradCam, cancellation);
            map.Take(picture, new Size2d(heat.Shape.Height, heat.Shape.Width), heat.Span, method, label, float.NaN);
            return true;
        }

        if (_occlusion == null || _covered != label)
            Cover(label);
        if (isNew)
            _occlusion!.Begin(picture.Input, cancellation);
        bool isComplete = _occlusion!.Advance(_slice, cancellation);
        map.Take(picture, _occlusion.Grid, _occlusion.Drops[.._occlusion.Done], method, label, _occlusion.Score);
        return isComplete;
    }

    public void Dispose()
    {
        _activation?.Dispose();
        _occlusion?.Dispose();
        _network?.Dispose();
    }

    private void Cover(int label)
    {
        var preprocessing = _model.Preprocessing;
        _network ??= new CpuNetwork(_model.Graph, new NetworkOptions { Threads = 1, PlansKept = 1 });
        int stride = Math.Max(Math.Min(preprocessing.Size.Height, preprocessing.Size.Width) / Positions, 1);
        var (least, greatest) = InputPicture.RangeOf(preprocessing);
        _occlusion?.Dispose();
        _occlusion = new Occlusion(_network, preprocessing.Shape, _model.NewScore(label), new OcclusionOptions
        {
            Stride = stride, Patch = PatchSteps * stride, Fill = [.. least.Zip(greatest, (black, white) => (black + white) / 2)],
        });
        _covered = label;
    }
}
