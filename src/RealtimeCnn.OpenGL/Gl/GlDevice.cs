using Microsoft.Extensions.Logging;
using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.OpenGL.Caching;
using RealtimeCnn.OpenGL.Hosts;
using RealtimeCnn.OpenGL.Kernels;
using RealtimeCnn.OpenGL.Shaders;
using static RealtimeCnn.OpenGL.GlEnum;

namespace RealtimeCnn.OpenGL;

/// <summary>
/// An OpenGL 4.3 or OpenGL ES 3.1 context, whoever owns it, as the place where networks run. It belongs to the thread on which it was
/// attached; every call on it and on what it made must come from there, except disposal.
/// </summary>
public sealed unsafe class GlDevice : IDisposable, IPackingDevice
{
    internal const string NoContext =
        "the device's context is not current on this thread any more. The host destroyed it, lost it to a driver reset, or made none or another one current.";

    /// <summary>Tells every build of the engine from every other.</summary>
    private static readonly string EngineVersion = $"{typeof(Tensor).Module.ModuleVersionId} {typeof(GlDevice).Module.ModuleVersionId}";

    private const string ReadPathKey = "read path";

    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly GlDebugOutput? _debugOutput;
    private bool _disposed;

    private GlDevice(GlApi gl, GlDeviceOptions options)
    {
        (Gl, Log) = (gl, options.Logger);
        Limits = options.OnlyGuaranteed ? GlLimits.GuaranteedBy(gl.Version) : GlLimits.Read(gl);
        HasBufferStorage = options.PersistentMapping && gl.BufferStorage != null;
        CompilesInParallel = gl.HasExtension("GL_KHR_parallel_shader_compile") || gl.HasExtension("GL_ARB_parallel_shader_compile");
        Objects = new GlObjects(gl, Log);
        _debugOutput = options.DebugMessages == true ? GlDebugOutput.Install(gl, Log) : null;
        Cache = CacheFolder.Find(options.CacheFolder)?.For(
            gl.String(GL_VENDOR), gl.String(GL_RENDERER), gl.String(GL_VERSION), gl.Version.ToString(), options.OnlyGuaranteed ? "only what is guaranteed" : "", $"{options.Profile}", EngineVersion);
        Programs = new ProgramCache(this, ShaderLibrary.Embedded, options.OnlyGuaranteed || Cache == null ? null : ProgramBinaries.Of(gl, Cache));
        var host = new GuestState(gl, GlStateGroups.Compute);
        host.Save();
        Info = DeviceProbe.Run(this, options.ReadPath ?? RememberedReadPath);
        if (options.ReadPath == null)
            Cache?.Write([(byte)Info.ReadPath], ReadPathKey);
        Profile = options.Profile is { } kind ? DeviceProfile.Of(kind, Limits) : DeviceProfile.Of(Info.Vendor, Info.Renderer, Info.Version, Limits, SubgroupSize(gl));
        Kernels = GpuKernels.For(Profile);
        MeasuredKernels = new MeasuredKernels(Cache, Info.ReadPath);
        host.Restore();
        GlLog.Attached(Log, Info.Renderer, gl.Version, Info.ReadPath);
    }

    /// <summary>Which device this is, and what it does well.</summary>
    public GlDeviceInfo Info { get; }

    /// <summary>What the driver allows.</summary>
    public GlLimits Limits { get; }

    /// <summary>The extensions that the device is taken to have.</summary>
    public IReadOnlyCollection<string> Extensions => [.. Gl.Extensions.Order(StringComparer.Ordinal)];

    /// <summary>What kernels and tiles are chosen by: the device's own profile, or that of the kind that was asked for.</summary>
    public DeviceProfile Profile { get; }

    /// <summary>Programs of the device's networks so far: those that were compiled, and those that an earlier start had compiled (<see cref="GlDeviceOptions.CacheFolder"/>).</summary>
    public (int Compiled, int Loaded) ProgramCounts => (Programs.Count - Programs.Loaded, Programs.Loaded);

    /// <summary>Calls so far that had to wait for the GPU. In a steady live loop this number stands still.</summary>
    public long BlockingCalls { get; private set; }

    /// <summary>Buffers, textures, programs and the like that the device has now. In a steady live loop this number stands still.</summary>
    public int LiveObjects => Objects.Alive;

    /// <summary>The same (<see cref="LiveObjects"/>) by kind: <c>buffers</c>, <c>textures</c>, <c>programs</c>…; kinds of which there are none are left out.</summary>
    public IReadOnlyDictionary<string, int> CountObjects() => Objects.CountByKind();

    /// <summary>After <see cref="Dispose"/>: what had not been disposed before the device, by kind and label.</summary>
    public IReadOnlyList<string> Leaks { get; private set; } = [];

    internal GlApi Gl { get; }

    internal ILogger Log { get; }

    internal GlObjects Objects { get; }

    internal ProgramCache Programs { get; }

    /// <summary>
    /// Whether something, such as another clock rate, has made times wrong since the last call: only OpenGL ES tells, and asking may stall
    /// drivers, so that tools ask and live loops look whether a time is possible.
    /// </summary>
    internal bool TakeDisjoint() => Info.TimersWork && Gl.Version.IsEmbedded && Gl.Integer(GL_GPU_DISJOINT_EXT) != 0;

    /// <summary>What this engine keeps for this device and driver from one start to the next; null for nothing.</summary>
    internal CacheFolder? Cache { get; }

    /// <summary>The kernels for this device.</summary>
    internal KernelTable Kernels { get; }

    /// <summary>What <see cref="KernelTuner"/> found on this device.</summary>
    internal MeasuredKernels MeasuredKernels { get; }

    /// <summary>How plans for the device are made; what was measured, in floats, counts where nobody chose by hand.</summary>
    /// <exception cref="KeyNotFoundException">A kernel that is to be forced does not exist.</exception>
    internal PlanOptions ForPlans(NetworkOptions options)
    {
        var plans = options.ForPlans(Kernels);
        return options is { ForcedKernels.Count: 0, Kernels: null, Choice: null, Mode.IsTraining: false, Halves: HalfStorage.None } ? plans with { Choice = MeasuredKernels.Choice } : plans;
    }

    PackedCopy IPackingDevice.Allocate(PackedWeights weights) => new GpuPackedCopy(this, weights);

    internal bool HasBufferStorage { get; }

    /// <summary>Whether the driver compiles several programs at once and tells when each is done.</summary>
    internal bool CompilesInParallel { get; }

    internal bool IsOnThread => Environment.CurrentManagedThreadId == _thread;

    /// <summary>Makes a device of the context that is current on this thread. The context stays its owner's, and its state as it was.</summary>
    /// <param name="getProcAddress">The host's loader: address of an OpenGL entry point by name, or 0.</param>
    /// <param name="options">Choices; null for the defaults.</param>
    /// <exception cref="GlException">No context is current, it is older than OpenGL 4.3 core and OpenGL ES 3.1, or its driver fails the probe.</exception>
    public static GlDevice Attach(Func<string, nint> getProcAddress, GlDeviceOptions? options = null)
    {
        options ??= new GlDeviceOptions();
        return new GlDevice(GlApi.Load(getProcAddress, options.OnlyGuaranteed), options);
    }

    /// <summary>Makes a device of a context that this library has made, whose debug messages disturb nobody.</summary>
    internal static GlDevice AttachOwn(Func<string, nint> getProcAddress, GlDeviceOptions? options)
    {
        options ??= new GlDeviceOptions();
        return Attach(getProcAddress, options with { DebugMessages = options.DebugMessages ?? true });
    }

    /// <summary>Throws unless the caller is on the thread of the context and the device is alive; also what the logger has thrown inside the driver.</summary>
    /// <exception cref="InvalidOperationException">This is another thread.</exception>
    /// <exception cref="ObjectDisposedException">The device was disposed.</exception>
    public void VerifyThread()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        VerifyOwner();
        _debugOutput?.Rethrow();
    }

    private void VerifyOwner()
    {
        if (!IsOnThread)
        {
            throw new InvalidOperationException(
                $"OpenGL was called on thread {Environment.CurrentManagedThreadId}, but the device belongs to thread {_thread}, where its context is current. " +
                "Post the work to that thread.");
        }
    }

    /// <summary>Deletes objects that were disposed on other threads, and reports those that were never disposed.</summary>
    public void CollectGarbage()
    {
        VerifyThread();
        Objects.Collect();
    }

    /// <summary>Waits until the GPU has done everything asked of it. For tests and tools: it blocks, and counts as that.</summary>
    public void Finish()
    {
        VerifyThread();
        CountBlockingCall();
        Gl.Finish();
    }

    /// <summary>Deletes what is left of the device, reports it as leaked, and lets go of the context.</summary>
    /// <exception cref="InvalidOperationException">This is not the device's thread.</exception>
    public void Dispose()
    {
        if (_disposed)
            return;
        VerifyOwner();
        Programs.Dispose();
        Leaks = Objects.CollectAll();
        foreach (string leak in Leaks)
            GlLog.LeftBehind(Log, leak);
        _debugOutput?.Dispose();
        _disposed = true;
        _debugOutput?.Rethrow();
    }

    /// <summary>What an earlier start measured to be the fastest way of reading.</summary>
    private ReadPath? RememberedReadPath => Cache?.Read(ReadPathKey) is [var path] && Enum.IsDefined((ReadPath)path) ? (ReadPath)path : null;

    private static int? SubgroupSize(GlApi gl) => gl.HasExtension("GL_KHR_shader_subgroup") ? gl.Integer(GL_SUBGROUP_SIZE_KHR) : null;

    internal void CountBlockingCall() => BlockingCalls++;

    /// <summary>Makes tensors written by the dispatches before visible to those after, however they are bound.</summary>
    internal void TensorBarrier() =>
        Gl.MemoryBarrier(GL_SHADER_STORAGE_BARRIER_BIT | GL_TEXTURE_FETCH_BARRIER_BIT | GL_SHADER_IMAGE_ACCESS_BARRIER_BIT);

    /// <summary>
    /// Throws where calls do nothing any more, and results would be zeros: the context is gone, or a driver reset took its memory.
    /// Asks the driver for no more than a number it has at hand.
    /// </summary>
    /// <exception cref="GlException">The context is lost, or not current.</exception>
    internal void VerifyContext()
    {
        if (Gl.GetString(GL_VERSION) == null)
            throw Lost($"OpenGL computes nothing: {NoContext}");
        uint status = Gl.GetGraphicsResetStatus == null ? GL_NO_ERROR : Gl.GetGraphicsResetStatus();
        if (status != GL_NO_ERROR)
        {
            throw Lost(
                $"The graphics driver was reset ({ResetName(status)}) and the context lost all its memory. Dispose the device and what was made on it, make a new context, attach to it, and load the networks again.");
        }
    }

    private GlException Lost(string message)
    {
        GlLog.ContextLost(Log, message);
        return new GlException(message);
    }

    private static string ResetName(uint status) => status switch
    {
        GL_GUILTY_CONTEXT_RESET => "a command of this context took too long or failed",
        GL_INNOCENT_CONTEXT_RESET => "because of another program",
        _ => "for an unknown reason",
    };

    /// <summary>Throws if OpenGL has recorded an error since the last check. Asks the driver: not for the live loop.</summary>
    internal void ThrowOnError(string action)
    {
        if (TakeError() is { } error)
            throw Failure(action, error);
    }

    /// <summary>The error that OpenGL has recorded since the last check, or null. For calls that are too frequent to say beforehand what they do.</summary>
    internal uint? TakeError()
    {
        uint error = Gl.GetError();
        if (error == GL_NO_ERROR)
            return null;
        for (int kind = 0; kind < 8 && Gl.GetError() != GL_NO_ERROR; kind++)
        {
            // A driver keeps one flag per kind of error; the first names the cause, the others are cleared.
        }

        return error;
    }

    /// <summary>What to throw for an error.</summary>
    internal static GlException Failure(string action, uint error) => new($"OpenGL could not {action}: {ErrorName(error)}.");

    private static string ErrorName(uint error) => error switch
    {
        GL_INVALID_ENUM => "invalid enum",
        GL_INVALID_VALUE => "invalid value",
        GL_INVALID_OPERATION => "invalid operation",
        GL_INVALID_FRAMEBUFFER_OPERATION => "invalid framebuffer operation",
        GL_OUT_OF_MEMORY => "out of memory",
        _ => $"error 0x{error:X}",
    };
}
