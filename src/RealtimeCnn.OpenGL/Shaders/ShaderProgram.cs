using System.Text;
using RealtimeCnn.OpenGL.Caching;
using static RealtimeCnn.OpenGL.GlEnum;

namespace RealtimeCnn.OpenGL.Shaders;

/// <summary>A linked program: one compute shader, or a vertex and a fragment shader.</summary>
internal sealed unsafe class ShaderProgram : GlObject
{
    private ShaderProgram(GlDevice device, string label, uint id)
        : base(device, label)
    {
        Id = id;
        device.Objects.Add(new GlName(GlKind.Program, id), label);
    }

    /// <summary>The OpenGL name.</summary>
    public uint Id { get; }

    /// <summary>Invocations of one work group, as the shader declares them; zeros for a program that draws.</summary>
    public Extent3d GroupSize { get; private init; }

    /// <summary>Whether a compute program has run before, so that the driver has nothing left to do for it.</summary>
    public bool HasRun { get; set; }

    /// <summary>A compute program that was begun. Waits for it.</summary>
    /// <exception cref="ShaderException">It does not compile or link.</exception>
    public static ShaderProgram Compute(GlDevice device, string path, ShaderCompilation compilation)
    {
        uint id = compilation.Take();
        int* size = stackalloc int[3];
        device.Gl.GetProgramiv(id, GL_COMPUTE_WORK_GROUP_SIZE, size);
        return new ShaderProgram(device, path, id) { GroupSize = new Extent3d(size[0], size[1], size[2]) };
    }

    /// <summary>Compiles and links a compute shader.</summary>
    /// <exception cref="ShaderException">It does not compile or link.</exception>
    public static ShaderProgram Compute(GlDevice device, ShaderLibrary library, string path, IReadOnlyList<string> defines, ProgramBinaries? binaries = null)
    {
        using var compilation = new ShaderCompilation(device, library, binaries, defines, (path, GL_COMPUTE_SHADER));
        return Compute(device, path, compilation);
    }

    /// <summary>Compiles and links a vertex and a fragment shader.</summary>
    /// <exception cref="ShaderException">One does not compile, or they do not link.</exception>
    public static ShaderProgram Draw(GlDevice device, ShaderLibrary library, string vertexPath, string fragmentPath, IReadOnlyList<string> defines, ProgramBinaries? binaries = null)
    {
        using var compilation = new ShaderCompilation(device, library, binaries, defines, (vertexPath, GL_VERTEX_SHADER), (fragmentPath, GL_FRAGMENT_SHADER));
        return new ShaderProgram(device, fragmentPath, compilation.Take());
    }

    /// <summary>Work groups that cover <paramref name="invocations"/>.</summary>
    public Extent3d Groups(Extent3d invocations) => new(
        (invocations.X + GroupSize.X - 1) / GroupSize.X,
        (invocations.Y + GroupSize.Y - 1) / GroupSize.Y,
        (invocations.Z + GroupSize.Z - 1) / GroupSize.Z);

    /// <summary>Makes it the program that the next dispatch or draw uses.</summary>
    public void Use() => Device.Gl.UseProgram(Id);

    /// <summary>Runs the compute program, which has to be in use, over work groups that cover <paramref name="invocations"/>.</summary>
    /// <exception cref="GlException">There are more groups than the device takes in one dispatch; the driver would silently run none.</exception>
    public void Dispatch(Extent3d invocations)
    {
        var groups = Groups(invocations);
        var most = Device.Limits.GroupCount;
        if (groups.X > most.X || groups.Y > most.Y || groups.Z > most.Z)
            throw new GlException($"{Label}: {groups} work groups were asked for; the device takes {most} in one dispatch.");
        Device.Gl.DispatchCompute((uint)groups.X, (uint)groups.Y, (uint)groups.Z);
    }

    /// <summary>Location of a uniform outside any block.</summary>
    /// <exception cref="GlException">The program has none of that name.</exception>
    public int Uniform(string name)
    {
        VerifyUsable();
        fixed (byte* text = Encoding.UTF8.GetBytes(name + "\0"))
        {
            int location = Device.Gl.GetUniformLocation(Id, text);
            return location >= 0 ? location : throw new GlException($"{Label} uses no uniform '{name}'.");
        }
    }

    private protected override void ReleaseNames(List<GlName> names) => names.Add(new GlName(GlKind.Program, Id));
}
