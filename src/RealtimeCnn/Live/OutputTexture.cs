using RealtimeCnn.Heads;

namespace RealtimeCnn.Live;

/// <summary>
/// An output that results carry as an OpenGL texture, for a host's own shaders (<see cref="LiveOptions.Textures"/>). Row 0 is the top one;
/// filtering is to the nearest until the host says otherwise. What it shows follows from <see cref="Head"/>:
/// <list type="table">
/// <item><term>none</term><description>The numbers themselves. <c>[1, 1, H, W]</c>: W×H texels of <c>GL_R32F</c>. <c>[1, C, H, W]</c>: <c>GL_RGBA32F</c>, four channels a
/// texel, W×(H·⌈C/4⌉) texels: those of channels 4b to 4b + 3 from row b·H on; behind the last channel is 0. Any other shape: <c>GL_R32F</c>, a row of texels for each
/// row of the last axis.</description></item>
/// <item><term><see cref="SegmentationHead"/></term><description>A mask as large as the picture, <c>GL_RGBA8</c>: red is the number of the class in 255ths
/// (<see cref="SegmentationHead.None"/> where there is none), green the probability that it is no background; blue 0, alpha 1.</description></item>
/// <item><term><see cref="PictureHead"/></term><description>The picture, as large as the output, <c>GL_RGBA8</c>, opaque.</description></item>
/// </list>
/// </summary>
/// <param name="Output">Name of the output.</param>
public sealed record OutputTexture(string Output)
{
    /// <summary>What the output means: a <see cref="SegmentationHead"/>, a <see cref="PictureHead"/>, or null for its numbers.</summary>
    public ModelHead? Head { get; init; }

    /// <summary>Height and width of a mask, in texels; null for those of the upright picture, whose memory is taken anew where they change.</summary>
    public Size2d? Size { get; init; }

    /// <summary>Throws unless an output can be shown so.</summary>
    /// <param name="output">Its shape.</param>
    /// <exception cref="ArgumentException">The head does not go with it, or nothing but a mask has a size of its own.</exception>
    internal void Verify(Shape output)
    {
        if (Size is { } size && (Head is not SegmentationHead || size.Height < 1 || size.Width < 1))
            throw new ArgumentException($"A texture of '{Output}' cannot have {size} texels: a mask alone has a size of its own, of 1×1 at least.");
        switch (Head)
        {
            case null:
                break;
            case SegmentationHead mask:
                mask.ClassesOf(output);
                break;
            case PictureHead picture:
                PictureHead.Verify(output);
                _ = picture.Factor;
                break;
            default:
                throw new ArgumentException($"A texture shows a mask, a picture or numbers; '{Output}' cannot be shown by a head of the family '{Head.Family}'. Leave {nameof(Head)} out for the numbers.");
        }
    }
}
