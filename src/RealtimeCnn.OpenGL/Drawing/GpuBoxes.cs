using RealtimeCnn.Drawing;
using RealtimeCnn.Images;
using RealtimeCnn.OpenGL.Shaders;
using static RealtimeCnn.OpenGL.GlEnum;

namespace RealtimeCnn.OpenGL.Drawing;

/// <summary>
/// Things in a buffer as shapes of a <see cref="GpuCanvas"/>, and the command that draws as many as there are. In steady state nothing is allocated.
/// </summary>
/// <param name="device">Where.</param>
/// <param name="found">As <c>heads/suppress.comp</c> writes it; its owner's.</param>
/// <param name="landmarks">Of each thing.</param>
/// <param name="classes">That there are.</param>
/// <param name="most">Things that there may be.</param>
internal sealed unsafe class GpuBoxes(GlDevice device, GpuBuffer found, int landmarks, int classes, int most) : IDisposable
{
    /// <summary>Where the shapes begin, behind the command.</summary>
    public const int FirstShape = 16;

    private readonly ShaderProgram _program = Program(device);
    private IReadOnlyList<string>? _labels;
    private GpuBuffer? _letters;
    private int _longest;

    /// <summary>The command, then the shapes. There once they were made.</summary>
    public GpuBuffer? Shapes { get; private set; }

    /// <summary>What makes the shapes, compiled on first use.</summary>
    public static ShaderProgram Program(GlDevice device) => device.Programs.Compute("overlay/boxes.comp");

    /// <summary>Makes the shapes of what is there now.</summary>
    /// <param name="picture">Where the whole upright picture lies on the canvas.</param>
    /// <param name="mapping">Where the places of the network's input lie in it.</param>
    /// <param name="painter">Has the labels.</param>
    /// <param name="scale">Pixels for each unit of the canvas.</param>
    public void Make(Area picture, PictureMapping mapping, BoxPainter painter, float scale)
    {
        if (_letters == null || !ReferenceEquals(_labels, painter.Labels))
            Write(painter);
        var gl = device.Gl;
        // The device may still be drawing the shapes before.
        gl.MemoryBarrier(GL_SHADER_STORAGE_BARRIER_BIT | GL_VERTEX_ATTRIB_ARRAY_BARRIER_BIT | GL_COMMAND_BARRIER_BIT);
        _program.Use();
        Shapes!.BindStorage(0, 0, Shapes.Bytes);
        found.BindStorage(1, 0, found.Bytes);
        _letters!.BindStorage(2, 0, _letters.Bytes);
        double scaleX = picture.Width / (double)mapping.Upright.Width, scaleY = picture.Height / (double)mapping.Upright.Height;
        var origin = mapping.ToUpright(new PicturePoint(0, 0));
        gl.Uniform4f(0, landmarks, classes, most, _longest);
        gl.Uniform4f(1, (float)(mapping.ScaleX * scaleX), (float)(mapping.ScaleY * scaleY), (float)(picture.X + (origin.X * scaleX)), (float)(picture.Y + (origin.Y * scaleY)));
        gl.Uniform4f(2, BoxPainter.LineOf(picture), picture.Y, scale, 0);
        _program.Dispatch(new Extent3d(most, 1, 1));
        gl.MemoryBarrier(GL_VERTEX_ATTRIB_ARRAY_BARRIER_BIT | GL_COMMAND_BARRIER_BIT);
    }

    public void Dispose()
    {
        Shapes?.Dispose();
        _letters?.Dispose();
        (Shapes, _letters) = (null, null);
    }

    // Where the letters of each class begin, and behind all of that, which they are.
    private void Write(BoxPainter painter)
    {
        Dispose();
        _longest = 0;
        var table = new List<int>(new int[classes + 1]);
        Span<char> text = stackalloc char[BoxPainter.LongestLabel];
        for (int i = 0; i < classes; i++)
        {
            table[i] = table.Count;
            int length = painter.LabelOf(i, text);
            _longest = Math.Max(_longest, length);
            foreach (char letter in text[..length])
                table.Add(letter == ' ' ? -1 : OverlayFont.CellOf(letter));
        }

        table[classes] = table.Count;
        _labels = painter.Labels;
        _letters = GpuBuffer.Create<int>(device, table.ToArray(), "labels");
        Shapes = new GpuBuffer(device, FirstShape + ((long)most * (landmarks + 2 + _longest) * GpuCanvas.BytesPerShape), "boxes");
    }
}
