using System.Collections.Concurrent;
using System.Text;
using Microsoft.Extensions.Logging;
using static RealtimeCnn.OpenGL.GlEnum;

namespace RealtimeCnn.OpenGL;

/// <summary>What an OpenGL name names.</summary>
internal enum GlKind
{
    Buffer,
    Texture,
    Sampler,
    Framebuffer,
    VertexArray,
    Query,
    Program,
}

/// <summary>One object of a context, by its OpenGL name.</summary>
internal readonly record struct GlName(GlKind Kind, uint Id);

/// <summary>
/// The names that a device has made: which are alive, which wait for deletion on the context's thread, and which were
/// forgotten. Names, not objects, so that a forgotten object can still be finalized and reported.
/// </summary>
internal sealed unsafe class GlObjects(GlApi gl, ILogger log)
{
    private readonly ConcurrentDictionary<GlName, string> _alive = new();
    private readonly ConcurrentQueue<GlName> _garbage = new();
    private readonly ConcurrentQueue<string> _leaked = new();
    private readonly int _longestLabel = gl.ObjectLabel == null ? 0 : gl.Integer(GL_MAX_LABEL_LENGTH) - 1;

    public int Alive => _alive.Count;

    /// <summary>How many are alive of each kind, by its name in the plural.</summary>
    public IReadOnlyDictionary<string, int> CountByKind() =>
        _alive.Keys.GroupBy(name => name.Kind).ToDictionary(kind => NameOf(kind.Key), kind => kind.Count());

    /// <summary>Records a name and labels it for graphics debuggers. Buffers and textures must have been bound once.</summary>
    public void Add(GlName name, string label)
    {
        if (name.Id == 0)
            throw new GlException($"OpenGL made no {name.Kind} '{label}': {GlDevice.NoContext}");
        if (!_alive.TryAdd(name, label))
            throw new GlException($"The driver gave the name of {name.Kind} {name.Id} out twice; is another context current?");
        uint identifier = name.Kind switch
        {
            GlKind.Buffer => GL_BUFFER,
            GlKind.Texture => GL_TEXTURE,
            GlKind.Program => GL_PROGRAM,
            _ => 0,
        };
        if (identifier == 0 || gl.ObjectLabel == null)
            return;
        byte[] text = Label(label, _longestLabel);
        fixed (byte* pointer = text)
            gl.ObjectLabel(identifier, name.Id, text.Length, pointer);
    }

    /// <summary>A label in UTF-8, cut between characters to what a driver takes: names of nodes come from files, and may be any length.</summary>
    /// <param name="label">The whole.</param>
    /// <param name="most">Most bytes.</param>
    public static byte[] Label(string label, int most)
    {
        byte[] text = Encoding.UTF8.GetBytes(label);
        if (text.Length <= most)
            return text;
        byte[] ellipsis = "…"u8.ToArray();
        int kept = most - ellipsis.Length;
        while ((text[kept] & 0xC0) == 0x80)
            kept--;
        return [.. text[..kept], .. ellipsis];
    }

    /// <summary>Queues names for deletion. Callable from any thread.</summary>
    public void Release(List<GlName> names, string? leakedLabel)
    {
        foreach (var name in names)
            _garbage.Enqueue(name);
        if (leakedLabel is not null && names.Count > 0)
            _leaked.Enqueue($"{names[0].Kind} '{leakedLabel}'");
    }

    /// <summary>Deletes what waits. On the context's thread only.</summary>
    public void Collect()
    {
        while (_garbage.TryDequeue(out var name))
        {
            _alive.TryRemove(name, out _);
            Delete(name);
        }

        while (_leaked.TryDequeue(out string? label))
            GlLog.Forgotten(log, label);
    }

    /// <summary>Deletes everything that is left, and names it.</summary>
    public IReadOnlyList<string> CollectAll()
    {
        Collect();
        var left = _alive.OrderBy(entry => entry.Key.Kind).ThenBy(entry => entry.Key.Id).ToArray();
        foreach (var (name, _) in left)
            Delete(name);
        _alive.Clear();
        return [.. left.Select(entry => $"{entry.Key.Kind} '{entry.Value}'")];
    }

    private static string NameOf(GlKind kind) => kind switch
    {
        GlKind.Buffer => "buffers",
        GlKind.Texture => "textures",
        GlKind.Sampler => "samplers",
        GlKind.Framebuffer => "framebuffers",
        GlKind.VertexArray => "vertex arrays",
        GlKind.Query => "queries",
        _ => "programs",
    };

    private void Delete(GlName name)
    {
        uint id = name.Id;
        switch (name.Kind)
        {
            case GlKind.Buffer: gl.DeleteBuffers(1, &id); break;
            case GlKind.Texture: gl.DeleteTextures(1, &id); break;
            case GlKind.Sampler: gl.DeleteSamplers(1, &id); break;
            case GlKind.Framebuffer: gl.DeleteFramebuffers(1, &id); break;
            case GlKind.VertexArray: gl.DeleteVertexArrays(1, &id); break;
            case GlKind.Query: gl.DeleteQueries(1, &id); break;
            case GlKind.Program: gl.DeleteProgram(id); break;
        }
    }
}
