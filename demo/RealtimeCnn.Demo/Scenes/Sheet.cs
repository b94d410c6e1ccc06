namespace RealtimeCnn.Demo.Scenes;

/// <summary>A small picture of a mode's own, which changes now and then: colours in [0, 1], drawn by a <see cref="Scene"/> at any size.</summary>
/// <param name="size">Height and width, in pixels.</param>
internal sealed class Sheet(Size2d size) : IDisposable
{
    /// <summary>Height and width, in pixels.</summary>
    public Size2d Size => size;

    /// <summary>The colours, <c>[1, 3, H, W]</c>; whoever changes some calls <see cref="Changed"/>.</summary>
    public Tensor Colors { get; } = new(new Shape(1, 3, size.Height, size.Width));

    /// <summary>Rises with every change.</summary>
    public long Version { get; private set; }

    /// <summary>Its colours are others.</summary>
    public void Changed() => Version++;

    public void Dispose() => Colors.Dispose();
}
