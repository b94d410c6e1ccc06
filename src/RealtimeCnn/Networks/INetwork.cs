using RealtimeCnn.Graphs;

namespace RealtimeCnn;

/// <summary>
/// A graph that runs somewhere: on the CPU, on a GPU, or partly on each. Inputs are borrowed for the call. Outputs belong to the
/// network and hold until its next run or its disposal; who needs one longer asks for a copy (<see cref="Tensor.Clone"/>). One
/// thread at a time, and for a network with an OpenGL device that device's thread. The graph must live as long as the network.
/// </summary>
public interface INetwork : IDisposable
{
    /// <summary>The graph as it runs, after fusion.</summary>
    Graph Graph { get; }

    /// <summary>The graph the network was made of.</summary>
    Graph Source { get; }

    /// <summary>Where it runs: <c>cpu</c>, <c>gpu</c> or <c>mixed</c>.</summary>
    string Backend { get; }

    /// <summary>What runs where and why, in one line.</summary>
    string Choice { get; }

    /// <summary>Bytes of activations that the last run needed, and those it would need if no memory were used twice.</summary>
    (long Planned, long Naive) ActivationBytes { get; }

    /// <summary>Where one node is computed: <c>cpu</c> or <c>gpu</c>.</summary>
    /// <param name="node">A node of <see cref="Graph"/>.</param>
    string BackendOf(Node node);

    /// <summary>Computes the outputs, and waits for them.</summary>
    /// <param name="inputs">One tensor for each input of the graph, in order; their sizes may change from run to run.</param>
    /// <returns>One tensor for each output, in order. They belong to the network and hold until its next run or its disposal.</returns>
    /// <exception cref="ShapeException">The inputs do not fit the graph, or need more memory than <see cref="NetworkOptions.MaxActivationBytes"/>.</exception>
    /// <exception cref="ObjectDisposedException">The network or an input was disposed.</exception>
    /// <exception cref="InvalidOperationException">Another thread is using the network, or its device belongs to another thread.</exception>
    /// <exception cref="InsufficientMemoryException">The system has less memory than the plan needs.</exception>
    IReadOnlyList<Tensor> Run(params ReadOnlySpan<Tensor> inputs);

    /// <inheritdoc cref="Run(ReadOnlySpan{Tensor})"/>
    /// <param name="inputs">One tensor for each input of the graph, in order; their sizes may change from run to run.</param>
    /// <param name="cancellation">Ends the run between two of its steps. The outputs hold nothing then.</param>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    IReadOnlyList<Tensor> Run(ReadOnlySpan<Tensor> inputs, CancellationToken cancellation);

    /// <summary>
    /// A run whose steps are timed: what computes each, why, and for how long. Steps wait for each other and for the clock, so that
    /// their sum is a little more than a run takes; the least of several runs says what a step costs.
    /// </summary>
    /// <inheritdoc cref="Run(ReadOnlySpan{Tensor}, CancellationToken)"/>
    /// <returns>The outputs and the steps.</returns>
    NetworkProfile Profile(ReadOnlySpan<Tensor> inputs, CancellationToken cancellation = default);

    /// <summary>The value of one node after the last run, as a new tensor in row-major order, the caller's.</summary>
    /// <param name="node">Name of a node of <see cref="Graph"/>.</param>
    /// <exception cref="InvalidOperationException">The network does not keep all values, or has not run yet.</exception>
    /// <exception cref="KeyNotFoundException">There is no such node.</exception>
    /// <exception cref="ObjectDisposedException">The network was disposed.</exception>
    Tensor Read(string node);

    /// <summary>
    /// Starts to make everything that runs with these input shapes need. When the build is done, they run without a pause; until then
    /// the network runs what it could before.
    /// </summary>
    /// <param name="shapes">One for each input of the graph, in order; the declared ones when empty.</param>
    /// <returns>The build, for the caller to advance and dispose.</returns>
    /// <exception cref="ShapeException">Another number of inputs. Shapes that do not fit come out of the build.</exception>
    /// <exception cref="ObjectDisposedException">The network was disposed.</exception>
    PlanBuild Prepare(params ReadOnlySpan<Shape> shapes);
}
