using System.Runtime.CompilerServices;
using RealtimeCnn.Camera;
using RealtimeCnn.Graphs;
using RealtimeCnn.Live;
using RealtimeCnn.Models;
using RealtimeCnn.Onnx;
using RealtimeCnn.OpenGL;

namespace RealtimeCnn.App;

/// <summary>
/// What a network says about a camera's pictures as a stream, for programs without a window or a loop. Source and network are opened on a
/// thread of the stream's when it is enumerated, run there, and are closed when the enumeration ends, early or late.
/// </summary>
public static class CameraFeed
{
    /// <summary>Results of a model file, which says itself how it wants its pictures.</summary>
    /// <param name="source">As <see cref="FrameSources.Open(string, CameraOptions?)"/> takes it: <c>camera:0</c>, a file, an address, <c>pattern</c>.</param>
    /// <param name="model">Path of an <c>.onnx</c> file, or one of <see cref="ShippedModels.Names"/>.</param>
    /// <param name="options">How it runs; those of a window mean nothing here. Null for the defaults.</param>
    /// <param name="cancellation">Ends the stream.</param>
    /// <returns>The newest result each time one is asked for; it holds until the next is asked for, and ends with the source.</returns>
    /// <exception cref="OnnxException">The file is no model, cannot be run, or does not take one picture; the message says why.</exception>
    /// <exception cref="CameraException">The source means nothing, does not exist, or ended because of an error.</exception>
    /// <exception cref="GlException">The GPU was asked for and there is no OpenGL 4.3.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static IAsyncEnumerable<LiveResult> Open(string source, string model, CameraAppOptions? options = null, CancellationToken cancellation = default) =>
        Run(() => CameraApp.Open(source, model, WithoutWindow(options)), cancellation);

    /// <summary>Results of a graph; else as <see cref="Open(string, string, CameraAppOptions?, CancellationToken)"/>.</summary>
    /// <param name="source">As <see cref="FrameSources.Open(string, CameraOptions?)"/> takes it: <c>camera:0</c>, a file, an address, <c>pattern</c>.</param>
    /// <param name="graph">A network with one picture input; it must live as long as the enumeration.</param>
    /// <param name="options">How it runs; those of a window mean nothing here. Null for the defaults.</param>
    /// <param name="cancellation">Ends the stream.</param>
    /// <exception cref="CameraException">The source means nothing, does not exist, or ended because of an error.</exception>
    /// <exception cref="ArgumentException">The network does not take one picture.</exception>
    /// <exception cref="GlException">The GPU was asked for and there is no OpenGL 4.3.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static IAsyncEnumerable<LiveResult> Open(string source, Graph graph, CameraAppOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return Run(() => CameraApp.Open(source, graph, WithoutWindow(options)), cancellation);
    }

    private static CameraAppOptions WithoutWindow(CameraAppOptions? options) => (options ?? new CameraAppOptions()) with { Window = false };

    private static async IAsyncEnumerable<LiveResult> Run(Func<CameraApp> open, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var opened = new TaskCompletionSource<CameraApp>(TaskCreationOptions.RunContinuationsAsynchronously);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var isWatched = new ManualResetEventSlim();
        new Thread(() => RunToEnd(open, opened, isWatched, ended)) { IsBackground = true, Name = "RealtimeCnn camera feed" }.Start();
        var app = await opened.Task.ConfigureAwait(false);
        try
        {
            await using var results = app.Results(cancellation).GetAsyncEnumerator(cancellation);
            var next = results.MoveNextAsync();

            // Not before somebody listens, or a photograph's only result would be gone.
            isWatched.Set();
            for (; await next.ConfigureAwait(false); next = results.MoveNextAsync())
                yield return results.Current;
        }
        finally
        {
            app.Close();
            isWatched.Set();
            await ended.Task.ConfigureAwait(false);
        }
    }

    private static void RunToEnd(Func<CameraApp> open, TaskCompletionSource<CameraApp> opened, ManualResetEventSlim isWatched, TaskCompletionSource ended)
    {
        try
        {
            using (var app = open())
            {
                opened.SetResult(app);
                isWatched.Wait();
                app.RunWithoutDrawing();
            }

            ended.SetResult();
        }
#pragma warning disable CA1031 // On this thread it would end the process; the enumeration throws it.
        catch (Exception error)
#pragma warning restore CA1031
        {
            if (!opened.TrySetException(error))
                ended.SetException(error);
        }
    }
}
