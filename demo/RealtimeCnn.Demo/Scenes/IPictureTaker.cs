namespace RealtimeCnn.Demo.Scenes;

/// <summary>Takes copies of what a scene draws, on the scene's thread, and never holds it up.</summary>
internal interface IPictureTaker
{
    /// <summary>Whether a picture of now is wanted; nothing is copied where not.</summary>
    bool IsWanting { get; }

    /// <summary>Memory for a picture, the taker's; empty where there is none now, and the picture is then left out.</summary>
    /// <param name="bytes">Its size.</param>
    Span<byte> Rent(int bytes);

    /// <summary>The memory that was rented last holds a picture: red, green, blue and opacity, a byte each.</summary>
    /// <param name="size">Height and width, in pixels.</param>
    /// <param name="isBottomUp">Whether its first row is the lowest.</param>
    void Deliver(Size2d size, bool isBottomUp);
}
