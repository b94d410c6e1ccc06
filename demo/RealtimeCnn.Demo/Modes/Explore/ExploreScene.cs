using RealtimeCnn.Demo.Recognition;
using RealtimeCnn.Demo.Scenes;
using RealtimeCnn.Drawing;
using RealtimeCnn.OpenGL.Hosts;

namespace RealtimeCnn.Demo.Modes.Explore;

/// <summary>One page of the textbook to play with: a network of a few layers, what can be changed about it, and what is drawn.</summary>
internal abstract class ExploreScene
{
    /// <summary>The word for it, on its button and behind <c>--scene</c>.</summary>
    public abstract string Name { get; }

    /// <summary>What it shows, in one sentence.</summary>
    public abstract string Purpose { get; }

    /// <summary>What is computed of the pictures.</summary>
    public abstract ISceneNetwork Network { get; }

    /// <summary>Its own keys.</summary>
    public IReadOnlyList<KeyBinding> Keys { get; private protected init; } = [];

    /// <summary>Whether the newest picture has to be computed again, because parameters of the network were written.</summary>
    public bool IsStale { get; set; }

    /// <inheritdoc cref="Mode.StandIn"/>
    public virtual PictureContent StandIn => PictureContent.Scene;

    /// <inheritdoc cref="Mode.CanDraw"/>
    public virtual bool CanDraw(ISceneNetwork? computed) => ReferenceEquals(computed, Network);

    /// <inheritdoc cref="Mode.Advance"/>
    public virtual bool Advance(TimeSpan now) => false;

    /// <inheritdoc cref="Mode.Point"/>
    public virtual bool Point(in PointerEvent used) => false;

    /// <inheritdoc cref="Mode.Draw"/>
    public abstract void Draw(Scene scene, Area where, Surroundings around);
}
