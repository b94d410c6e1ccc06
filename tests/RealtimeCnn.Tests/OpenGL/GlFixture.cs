using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Logging;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Hosts;

namespace RealtimeCnn.Tests.OpenGL;

/// <summary>
/// Tests that share the one GL thread: <c>[Collection(GlTests.Name)]</c> and a <see cref="GlFixture"/> in the constructor. They run
/// beside no others: some count the tensors of the whole process, and a software device uses every core anyway.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class GlTests : ICollectionFixture<GlFixture>
{
    public const string Name = "gl";
}

/// <summary>
/// One headless context for the whole run, on a thread of its own. Work that leaves an OpenGL error or a KHR_debug error
/// behind fails the test that ran it; a machine without a context fails every test, it never skips one.
/// </summary>
public class GlFixture : IDisposable
{
    private readonly GlClientApi? _api;
    private readonly BlockingCollection<Action> _work = [];
    private readonly CollectingLogger _messages = new();
    private readonly Thread _thread;
    private readonly ExceptionDispatchInfo? _failure;
    private EglHost? _host;

    public GlFixture()
        : this(null)
    {
    }

    protected GlFixture(GlClientApi? api)
    {
        _api = api;
        ExceptionDispatchInfo? failure = null;
        using var ready = new ManualResetEventSlim();
        _thread = new Thread(() =>
        {
            try
            {
                _host = EglHost.Create(options: new() { Api = api, DebugContext = true, Logger = _messages });
            }
            catch (Exception exception)
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }

            ready.Set();
            foreach (var work in _work.GetConsumingEnumerable())
                work();
            _host?.Dispose();
        })
        { IsBackground = true, Name = "GL" };
        _thread.Start();
        ready.Wait();
        _failure = failure;
    }

    /// <summary>Runs work on the GL thread with the shared device, and returns when it is done.</summary>
    public T Run<T>(Func<GlDevice, T> work)
    {
        _failure?.Throw();
        return RunWithoutDevice(() =>
        {
            _host!.MakeCurrent();
            var result = work(_host.Device);
            _host.MakeCurrent(); // The work may have made and left another.
            _host.Device.CollectGarbage();
            _host.Device.ThrowOnError("finish a test without errors");
            AssertNoErrors(_messages);
            return result;
        });
    }

    /// <inheritdoc cref="Run{T}(Func{GlDevice, T})"/>
    public void Run(Action<GlDevice> work) => Run(device =>
    {
        work(device);
        return true;
    });

    /// <summary>Runs work with a device of its own on a context of its own, with options of its own.</summary>
    public T RunFresh<T>(GlDeviceOptions options, Func<GlDevice, T> work)
    {
        _failure?.Throw();
        return RunWithoutDevice(() =>
        {
            var messages = new CollectingLogger(options.Logger);
            T result;
            try
            {
                using var host = EglHost.Create(options: options with { Api = options.Api ?? _api, DebugContext = true, Logger = messages });
                result = work(host.Device);
                host.Device.ThrowOnError("finish a test without errors");
            }
            finally
            {
                _host!.MakeCurrent();
            }

            AssertNoErrors(messages);
            return result;
        });
    }

    /// <inheritdoc cref="RunFresh{T}(GlDeviceOptions, Func{GlDevice, T})"/>
    public void RunFresh(GlDeviceOptions options, Action<GlDevice> work) => RunFresh(options, device =>
    {
        work(device);
        return true;
    });

    public void Dispose()
    {
        _work.CompleteAdding();
        _thread.Join();
        _work.Dispose();
        GC.SuppressFinalize(this);
    }

    private static void AssertNoErrors(CollectingLogger messages)
    {
        var errors = messages.Entries.Where(entry => entry.Level == LogLevel.Error).ToArray();
        messages.Clear();
        Assert.True(errors.Length == 0, $"OpenGL reported: {string.Join("; ", errors)}");
    }

    private T RunWithoutDevice<T>(Func<T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(() =>
        {
            try
            {
                done.SetResult(work());
            }
            catch (Exception exception)
            {
                _messages.Clear();
                done.SetException(exception);
            }
        });
        return done.Task.GetAwaiter().GetResult();
    }
}
