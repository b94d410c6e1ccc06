using RealtimeCnn.Heads;
using RealtimeCnn.Images;
using RealtimeCnn.Live;
using RealtimeCnn.OpenGL.Shaders;
using static RealtimeCnn.OpenGL.GlEnum;

namespace RealtimeCnn.OpenGL.Live;

/// <summary>How an output becomes a texture, as data.</summary>
/// <param name="Texture">What is asked for.</param>
/// <param name="Shape">Of the output, as <c>[1, C, H, W]</c>.</param>
/// <param name="Shader">What computes it.</param>
/// <param name="Defines">With which.</param>
/// <param name="InternalFormat">Of the texture.</param>
internal sealed record TextureKernel(OutputTexture Texture, Shape Shape, string Shader, string[] Defines, uint InternalFormat)
{
    /// <summary>The kernel of an output.</summary>
    /// <param name="texture">What is asked for; verified.</param>
    /// <param name="output">Shape of the output.</param>
    /// <param name="layout">How it lies.</param>
    public static TextureKernel Of(OutputTexture texture, Shape output, Layout layout)
    {
        string lies = layout == Layout.Plain ? "PLAIN" : "BLOCKED";
        if (texture.Head != null)
            return new TextureKernel(texture, output, texture.Head is PictureHead ? "textures/picture.comp" : "textures/mask.comp", [lies], GL_RGBA8);
        // The rows of whatever has no four axes are those of one channel.
        var shape = output.Rank == 4 ? output : new Shape(1, 1, output.Rank == 0 ? 1 : output.Count / output[output.Rank - 1], output.Rank == 0 ? 1 : output[output.Rank - 1]);
        return shape.Channels == 1
            ? new TextureKernel(texture, shape, "textures/numbers.comp", [lies, "SINGLE"], GL_R32F)
            : new TextureKernel(texture, shape, "textures/numbers.comp", [lies], GL_RGBA32F);
    }

    /// <summary>The program, compiled on first use.</summary>
    public ShaderProgram Program(GlDevice device) => device.Programs.Compute(Shader, Defines);

    /// <summary>Size of the texture; null where it is the picture's.</summary>
    public Size2d? FixedSize => Texture.Head is SegmentationHead ? Texture.Size
        : new Size2d(Shape.Height * (Texture.Head == null ? BlockedLayout.Blocks(Shape.Channels, Kernels.GpuKernels.Block) : 1), Shape.Width);

    /// <summary>Sets the uniforms of the program, which is in use.</summary>
    /// <param name="gl">Where.</param>
    /// <param name="mapping">Where the places of the network's input lie in the picture.</param>
    public unsafe void SetUniforms(GlApi gl, PictureMapping mapping)
    {
        gl.Uniform4f(2, Shape.Width, Shape.Height, Shape.Channels, (Texture.Head as SegmentationHead)?.Cut ?? 0);
        switch (Texture.Head)
        {
            case SegmentationHead mask:
                var (scaleX, scaleY, offsetX, offsetY) = SegmentationHead.WindowOf(mapping);
                gl.Uniform4f(3, scaleX, scaleY, offsetX, offsetY);
                gl.Uniform4f(4, mask.AreLogits ? 1 : 0, mask.Background ?? -1, mask.Threshold, 0);
                break;
            case PictureHead picture:
                gl.Uniform2f(3, picture.Black, picture.Factor);
                break;
        }
    }
}
