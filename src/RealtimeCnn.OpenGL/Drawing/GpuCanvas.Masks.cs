using RealtimeCnn.Drawing;
using RealtimeCnn.Heads;
using RealtimeCnn.Images;
using RealtimeCnn.OpenGL.Shaders;
using static RealtimeCnn.OpenGL.GlEnum;

namespace RealtimeCnn.OpenGL.Drawing;

/// <content>What segmentation networks say, straight from their scores.</content>
public sealed unsafe partial class GpuCanvas
{
    private ShaderProgram? _maskProgram, _backdropProgram;

    /// <summary>Draws each class but the background in its colour (<see cref="ClassColors"/>), at the canvas's own pixels.</summary>
    /// <param name="scores">The network's output, <c>[1, K, H, W]</c>.</param>
    /// <param name="where">Where the whole upright picture lies.</param>
    /// <param name="mapping">Where the places of the network's input lie in the picture.</param>
    /// <param name="head">What the scores mean.</param>
    /// <param name="opacity">Of the colours, in [0, 1].</param>
    /// <exception cref="ArgumentException">The output is none of segmentation.</exception>
    public void Mask(GpuTensor scores, Area where, PictureMapping mapping, SegmentationHead head, float opacity = 0.5f)
    {
        _maskProgram ??= _device.Programs.Draw("overlay/quad.vert", "overlay/mask.frag");
        BeginScores(_maskProgram, scores, where, mapping, head);
        _device.Gl.Uniform1f(5, opacity);
        _device.Gl.DrawArrays(GL_TRIANGLE_STRIP, 0, 4);
    }

    /// <summary>Draws a backdrop over what is background in a picture.</summary>
    /// <param name="scores">The network's output, <c>[1, K, H, W]</c>.</param>
    /// <param name="small">The picture, shrunk, in [0, 1]; null for none.</param>
    /// <param name="behind">Another picture, which covers what the first one covers; null for none.</param>
    /// <param name="where">Where the whole upright picture lies.</param>
    /// <param name="mapping">Where the places of the network's input lie in the picture.</param>
    /// <param name="head">What the scores mean.</param>
    /// <param name="color">Where there is no picture.</param>
    internal void Backdrop(GpuTensor scores, GpuTensor? small, GpuTexture? behind, Area where, PictureMapping mapping, SegmentationHead head, Color color)
    {
        _backdropProgram ??= _device.Programs.Draw("overlay/quad.vert", "overlay/backdrop.frag");
        BeginScores(_backdropProgram, scores, where, mapping, head);
        (small ?? scores).View.Bind(2);
        var gl = _device.Gl;
        if (behind != null)
        {
            gl.ActiveTexture(GL_TEXTURE0);
            gl.BindTexture(GL_TEXTURE_2D, behind.Id);
            _smooth.Bind(0);
        }

        gl.Uniform1f(7, behind != null ? 1 : 0);
        gl.Uniform4f(5, color.R, color.G, color.B, color.A);
        gl.Uniform2f(6, small?.Shape.Width ?? 0, small?.Shape.Height ?? 0);
        gl.DrawArrays(GL_TRIANGLE_STRIP, 0, 4);
    }

    /// <summary>How many pixels a rectangle covers, 1×1 at least.</summary>
    internal Size2d PixelsOf(Area where) => new(Math.Max((int)MathF.Round(where.Height * _scale), 1), Math.Max((int)MathF.Round(where.Width * _scale), 1));

    private void BeginScores(ShaderProgram program, GpuTensor scores, Area where, PictureMapping mapping, SegmentationHead head)
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentNullException.ThrowIfNull(head);
        head.ClassesOf(scores.Shape);
        Flush();
        BeginQuad(program, where);
        scores.View.Bind(1);
        var (scaleX, scaleY, offsetX, offsetY) = SegmentationHead.WindowOf(mapping);
        var gl = _device.Gl;
        gl.Uniform4f(2, scores.Shape.Width, scores.Shape.Height, scores.Shape.Channels, head.Cut);
        gl.Uniform4f(3, scaleX, scaleY, offsetX, offsetY);
        gl.Uniform4f(4, head.AreLogits ? 1 : 0, head.Background ?? -1, head.Threshold, MaskPainter.Edge);
    }
}
