using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Extensions.Logging;
using static RealtimeCnn.OpenGL.GlEnum;

namespace RealtimeCnn.OpenGL;

/// <summary>The KHR_debug callback of one context: writes the driver's messages to a log.</summary>
internal sealed unsafe class GlDebugOutput : IDisposable
{
    private readonly GlApi _gl;
    private readonly ILogger _log;
    private readonly GCHandle _self;
    private readonly bool _enabledBefore;
    private readonly bool _synchronousBefore;
    private ExceptionDispatchInfo? _thrown;

    private GlDebugOutput(GlApi gl, ILogger log)
    {
        (_gl, _log, _self) = (gl, log, GCHandle.Alloc(this));
        _enabledBefore = gl.IsEnabled(GL_DEBUG_OUTPUT) != 0;
        _synchronousBefore = gl.IsEnabled(GL_DEBUG_OUTPUT_SYNCHRONOUS) != 0;
        gl.Enable(GL_DEBUG_OUTPUT);
        gl.Enable(GL_DEBUG_OUTPUT_SYNCHRONOUS);
        gl.DebugMessageCallback((nint)(delegate* unmanaged<uint, uint, uint, uint, int, byte*, nint, void>)&OnMessage, (void*)GCHandle.ToIntPtr(_self));
    }

    /// <summary>Installs the callback, unless the host has one or the driver has no KHR_debug: null then.</summary>
    public static GlDebugOutput? Install(GlApi gl, ILogger log)
    {
        if (gl.DebugMessageCallback == null)
            return null;
        void* existing = null;
        gl.GetPointerv(GL_DEBUG_CALLBACK_FUNCTION, &existing);
        return existing == null ? new GlDebugOutput(gl, log) : null;
    }

    /// <summary>Throws what the logger threw inside the driver's callback, which an exception must not leave, once.</summary>
    public void Rethrow()
    {
        if (_thrown != null)
            Interlocked.Exchange(ref _thrown, null)?.Throw();
    }

    /// <summary>Takes the callback out and puts the switches back.</summary>
    public void Dispose()
    {
        _gl.DebugMessageCallback(0, null);
        if (!_enabledBefore)
            _gl.Disable(GL_DEBUG_OUTPUT);
        if (!_synchronousBefore)
            _gl.Disable(GL_DEBUG_OUTPUT_SYNCHRONOUS);
        _self.Free();
    }

    [UnmanagedCallersOnly]
    private static void OnMessage(uint source, uint type, uint id, uint severity, int length, byte* text, nint user)
    {
        if (severity == GL_DEBUG_SEVERITY_NOTIFICATION || GCHandle.FromIntPtr(user).Target is not GlDebugOutput output)
            return;

        // A shader that does not compile throws a ShaderException, which says all of this and better.
        var level = source == GL_DEBUG_SOURCE_SHADER_COMPILER ? LogLevel.Debug
            : type is GL_DEBUG_TYPE_ERROR or GL_DEBUG_TYPE_UNDEFINED_BEHAVIOR || severity == GL_DEBUG_SEVERITY_HIGH ? LogLevel.Error
            : severity == GL_DEBUG_SEVERITY_MEDIUM ? LogLevel.Warning
            : LogLevel.Debug;
        try
        {
            if (!output._log.IsEnabled(level))
                return;
            string from = SourceName(source), message = Encoding.UTF8.GetString(text, length).Trim();
            GlLog.FromDriver(output._log, level, from, message, id);
        }
        catch (Exception exception)
        {
            // Native frames of the driver lie below: leaving through them would end the process.
            Interlocked.CompareExchange(ref output._thrown, ExceptionDispatchInfo.Capture(exception), null);
        }
    }

    private static string SourceName(uint source) => source switch
    {
        GL_DEBUG_SOURCE_API => "OpenGL",
        GL_DEBUG_SOURCE_SHADER_COMPILER => "shader compiler",
        GL_DEBUG_SOURCE_APPLICATION => "application",
        _ => "driver",
    };
}
