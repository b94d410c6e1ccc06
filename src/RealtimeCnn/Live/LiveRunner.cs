using RealtimeCnn.Heads;

namespace RealtimeCnn.Live;

/// <summary>Runs one network for a pipeline, picture by picture, without holding up its caller.</summary>
/// <param name="outputs">Which outputs it brings back, and which it keeps to be drawn.</param>
internal abstract class LiveRunner(LiveOutputs outputs) : IDisposable
{
    /// <summary>Which outputs come back.</summary>
    public LiveOutputs Outputs { get; } = outputs;

    /// <summary>Whether it reads pictures in memory.</summary>
    public abstract bool NeedsPixels { get; }

    /// <summary>Whether values to be drawn are those of the picture that was begun last, rather than of the newest result.</summary>
    public abstract bool DrawsNewestBegun { get; }

    /// <summary>Whether another picture can be begun.</summary>
    public abstract bool HasRoom { get; }

    /// <summary>Says that a frame of the host's loop begins.</summary>
    public virtual void BeginFrame()
    {
    }

    /// <summary>Sees a picture of which it may get regions later, so that nothing has to be made for the first of them.</summary>
    public virtual void Meet(LivePicture picture)
    {
    }

    /// <summary>Starts to compute what the network says about the result's picture.</summary>
    public abstract void Begin(LiveResult result);

    /// <summary>Goes on with the result that was begun first. Never waits.</summary>
    /// <returns>Whether it is complete.</returns>
    public abstract bool TryComplete(LiveResult result);

    /// <summary>A value to be drawn.</summary>
    /// <param name="output">One of <see cref="LiveOutputs.Drawn"/>.</param>
    /// <param name="newest">Where the newest result has it, for values in memory.</param>
    public abstract LiveValue Value(LiveOutput output, Func<Tensor> newest);

    /// <summary>What a head finds, to be drawn.</summary>
    /// <param name="newest">Those of the newest result.</param>
    public virtual LiveDetections Found(Func<Detections> newest) => new ListedDetections(newest);

    /// <summary>Waits until everything that was begun can be completed.</summary>
    public abstract void Finish();

    /// <summary>Forgets what is under way, and frees what it made; the network stays.</summary>
    public abstract void Dispose();
}
