using System.Buffers.Binary;
using RealtimeCnn.OpenGL.Shaders;
using static RealtimeCnn.OpenGL.GlEnum;

namespace RealtimeCnn.OpenGL.Caching;

/// <summary>
/// Programs as the driver compiled them, from one start to the next, by their sources. What is missing, damaged, or not taken by the
/// driver any more is compiled as if it had never been there.
/// </summary>
internal sealed unsafe class ProgramBinaries
{
    private readonly GlApi _gl;
    private readonly CacheFolder _folder;
    private readonly int[] _formats;

    private ProgramBinaries(GlApi gl, CacheFolder folder, int[] formats) => (_gl, _folder, _formats) = (gl, folder, formats);

    /// <summary>Programs that came out of a file.</summary>
    public int Loaded { get; private set; }

    /// <summary>The programs of a device; null where its driver gives none away.</summary>
    /// <param name="gl">The device's context.</param>
    /// <param name="folder">The device's files.</param>
    public static ProgramBinaries? Of(GlApi gl, CacheFolder folder)
    {
        int[] formats = new int[gl.Integer(GL_NUM_PROGRAM_BINARY_FORMATS)];
        if (formats.Length == 0)
            return null;
        fixed (int* pointer = formats)
            gl.GetIntegerv(GL_PROGRAM_BINARY_FORMATS, pointer);
        return new ProgramBinaries(gl, folder, formats);
    }

    /// <summary>Gives a new program what was kept of these sources.</summary>
    /// <returns>Whether it is linked now; where not, it is as it was.</returns>
    public bool TryLoad(uint program, IReadOnlyList<ShaderSource> sources)
    {
        // A format that the driver does not name would be an error of OpenGL's.
        if (_folder.Read(Key(sources)) is not { Length: > sizeof(int) } content || !_formats.Contains(BinaryPrimitives.ReadInt32LittleEndian(content)))
            return false;
        fixed (byte* pointer = content)
            _gl.ProgramBinary(program, BinaryPrimitives.ReadUInt32LittleEndian(content), pointer + sizeof(int), content.Length - sizeof(int));
        int linked;
        _gl.GetProgramiv(program, GL_LINK_STATUS, &linked);
        Loaded += linked;
        return linked != 0;
    }

    /// <summary>Says before a program is linked that it will be kept.</summary>
    public void Announce(uint program) => _gl.ProgramParameteri(program, GL_PROGRAM_BINARY_RETRIEVABLE_HINT, 1);

    /// <summary>Keeps a linked program.</summary>
    public void Keep(uint program, IReadOnlyList<ShaderSource> sources)
    {
        int length;
        _gl.GetProgramiv(program, GL_PROGRAM_BINARY_LENGTH, &length);
        if (length <= 0)
            return;
        byte[] content = new byte[sizeof(int) + length];
        uint format;
        fixed (byte* pointer = content)
            _gl.GetProgramBinary(program, length, &length, &format, pointer + sizeof(int));
        BinaryPrimitives.WriteUInt32LittleEndian(content, format);
        _folder.Write(content[..(sizeof(int) + length)], Key(sources));
    }

    private static string[] Key(IReadOnlyList<ShaderSource> sources) => ["program", .. sources.Select(source => source.Text)];
}
