using RealtimeCnn.Live;
using RealtimeCnn.OpenGL.Shaders;
using static RealtimeCnn.OpenGL.GlEnum;

namespace RealtimeCnn.OpenGL.Live;

/// <summary>An output where shaders read it.</summary>
/// <param name="View">Its memory.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Layout">How it lies there.</param>
internal readonly record struct TextureSource(GpuBufferView View, Shape Shape, Layout Layout);

/// <summary>
/// Writes outputs into the textures of a result, which has textures of its own, so that they hold as long as it does. In steady state nothing is allocated or
/// waited for.
/// </summary>
internal sealed unsafe class TextureWriter : IDisposable
{
    // What a host may do with a texture next: sample it, draw into it, copy out of it; and what was written before is read.
    private const uint Barriers = GL_TEXTURE_FETCH_BARRIER_BIT | GL_SHADER_IMAGE_ACCESS_BARRIER_BIT | GL_TEXTURE_UPDATE_BARRIER_BIT | GL_FRAMEBUFFER_BARRIER_BIT | GL_SHADER_STORAGE_BARRIER_BIT;

    private readonly GlDevice _device;
    private readonly TextureSource[] _sources;
    private readonly TextureKernel[] _kernels;
    private readonly ShaderProgram[] _programs;
    private readonly ResultTexture[][] _all;
    private readonly Queue<ResultTexture[]> _unused;

    /// <param name="device">Where.</param>
    /// <param name="textures">What is asked for; verified.</param>
    /// <param name="sources">The output of each.</param>
    /// <param name="inFlight">Pictures of the pipeline that can be under way at once.</param>
    /// <exception cref="GlException">A texture is larger than the device takes, or there is no memory.</exception>
    public TextureWriter(GlDevice device, IReadOnlyList<OutputTexture> textures, TextureSource[] sources, int inFlight)
    {
        (_device, _sources) = (device, sources);
        _kernels = [.. textures.Select((texture, i) => TextureKernel.Of(texture, sources[i].Shape, sources[i].Layout))];
        _programs = [.. _kernels.Select(kernel => kernel.Program(device))];
        _all = [.. Enumerable.Range(0, inFlight + LivePipeline.ResultsBeside).Select(_ => _kernels.Map(kernel => new ResultTexture(device, kernel.Texture.Output, kernel.InternalFormat)))];
        _unused = new Queue<ResultTexture[]>(_all);
        try
        {
            foreach (var set in _all)
            {
                for (int i = 0; i < set.Length; i++)
                {
                    if (_kernels[i].FixedSize is { } size)
                        set[i].Resize(size);
                }
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The build of what textures need: their programs.</summary>
    /// <param name="device">Where.</param>
    /// <param name="options">What is asked for; verified.</param>
    /// <param name="outputs">Of the network.</param>
    /// <param name="areBlocked">Whether those of four axes lie channel-blocked.</param>
    public static IEnumerable<double> Units(GlDevice device, LiveOptions options, LiveOutputs outputs, bool areBlocked)
    {
        for (int i = 0; i < options.Textures.Count; i++)
        {
            var shape = outputs.All.First(output => output.Name == options.Textures[i].Output).Shape;
            TextureKernel.Of(options.Textures[i], shape, areBlocked && shape.Rank == 4 ? Layout.Blocked : Layout.Plain).Program(device);
            yield return (i + 1.0) / options.Textures.Count;
        }
    }

    /// <summary>Enqueues the writing of all textures of a result.</summary>
    public void Write(LiveResult result)
    {
        var set = (ResultTexture[])(result.Textures ??= _unused.Dequeue());
        var gl = _device.Gl;
        gl.MemoryBarrier(Barriers);
        for (int i = 0; i < set.Length; i++)
        {
            var size = _kernels[i].FixedSize ?? result.Mapping.Upright;
            set[i].Resize(size);
            _programs[i].Use();
            _kernels[i].SetUniforms(gl, result.Mapping);
            _sources[i].View.Bind(1);
            gl.BindImageTexture(0, set[i].Id, 0, 0, 0, GL_WRITE_ONLY, set[i].InternalFormat);
            _programs[i].Dispatch(new Extent3d(size.Width, size.Height, 1));
        }

        gl.MemoryBarrier(Barriers);
    }

    public void Dispose()
    {
        foreach (var texture in _all.SelectMany(set => set))
            texture.Free();
    }
}
