using System.Text;
using RealtimeCnn.Demo.Recognition;
using RealtimeCnn.Demo.Scenes;
using RealtimeCnn.Drawing;
using RealtimeCnn.Images;
using RealtimeCnn.OpenGL.Hosts;

namespace RealtimeCnn.Demo.Modes;

/// <summary>One way to play: what is computed of the pictures, what keys and mouse do, and what is drawn. Knows no window and no source.</summary>
internal abstract class Mode
{
    /// <summary>The word for it, on its tab and behind <c>--mode</c>.</summary>
    public abstract string Name { get; }

    /// <summary>What it is for, in one sentence.</summary>
    public abstract string Purpose { get; }

    /// <summary>What to do first, in one line; goes away by itself.</summary>
    public abstract string Hint { get; }

    /// <summary>What is computed of the pictures.</summary>
    public abstract ISceneNetwork Network { get; }

    /// <summary>Its own keys, which go before those of all modes.</summary>
    public virtual IReadOnlyList<KeyBinding> Keys { get; private protected init; } = [];

    /// <summary>Which scene stands in for a camera.</summary>
    public virtual PictureContent StandIn => PictureContent.Digit;

    /// <summary>Whether it makes its pictures itself, so that no source is needed.</summary>
    public virtual bool HasOwnPictures => false;

    /// <summary>Whether it keeps the picture that is shown, so that no other is to come.</summary>
    public virtual bool IsFrozen => false;

    /// <summary>Whether what was computed can be drawn: while another network is made ready, the one before goes on.</summary>
    public virtual bool CanDraw(ISceneNetwork? computed) => ReferenceEquals(computed, Network);

    /// <summary>Whether the newest picture has to be computed again, because parameters of the network were written.</summary>
    public virtual bool IsStale { get; set; }

    /// <summary>Learns what the source shows.</summary>
    public virtual void Suit(PictureContent content)
    {
    }

    /// <summary>Its next picture, where it makes them itself and there is a new one; the caller disposes it.</summary>
    public virtual Frame? TakePicture() => null;

    /// <summary>The mode is shown from now on.</summary>
    public virtual void Enter()
    {
    }

    /// <summary>Begins anew, as after a start: whatever the user has chosen is forgotten.</summary>
    public virtual void Reset()
    {
    }

    /// <summary>Whether time goes on for it while the picture stands still.</summary>
    public virtual bool GoesOnInPause => false;

    /// <summary>Another mode is shown from now on.</summary>
    public virtual void Leave()
    {
    }

    /// <summary>Whether a text is typed: keys are its letters then, and mean nothing else.</summary>
    public virtual bool IsTyping => false;

    /// <summary>A letter of that text was typed.</summary>
    public virtual void Type(Rune letter)
    {
    }

    /// <summary>A key was pressed while a text is typed: Enter, Escape, Backspace and so on; those of letters mean nothing here.</summary>
    public virtual void Edit(ConsoleKey key)
    {
    }

    /// <summary>A key went up.</summary>
    public virtual void Release(ConsoleKey key)
    {
    }

    /// <summary>Waits for what it computes beside the pictures: for runs that are to be the same every time.</summary>
    public virtual void Finish()
    {
    }

    /// <summary>The time has come to this.</summary>
    /// <returns>Whether there is something new to draw.</returns>
    public virtual bool Advance(TimeSpan now) => false;

    /// <summary>Something was done with the mouse.</summary>
    /// <param name="used">What and where, in units of the canvas.</param>
    /// <returns>Whether it means something here.</returns>
    public virtual bool Point(in PointerEvent used) => false;

    /// <summary>Files were dropped.</summary>
    /// <returns>What there is to say about it; null where it means nothing here.</returns>
    public virtual string? Drop(IReadOnlyList<string> paths) => null;

    /// <summary>Work of its own where the scene computes, a slice of it; before each picture is drawn.</summary>
    /// <param name="scene">Where; what is under way belongs to it (<see cref="Scene.SideWork"/>).</param>
    public virtual void Work(Scene scene)
    {
    }

    /// <summary>Draws the newest picture and what the network made of it.</summary>
    /// <param name="scene">The network, with a picture.</param>
    /// <param name="where">The room there is.</param>
    /// <param name="around">Time and mouse; gets explanations.</param>
    public abstract void Draw(Scene scene, Area where, Surroundings around);
}
