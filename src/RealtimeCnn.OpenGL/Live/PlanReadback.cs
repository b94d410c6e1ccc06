using RealtimeCnn.Graphs;
using RealtimeCnn.Heads;
using RealtimeCnn.OpenGL.Kernels;

namespace RealtimeCnn.OpenGL.Live;

/// <summary>Brings outputs of a plan into tensors, and what a head found in them into a list, without ever waiting for them.</summary>
internal sealed class PlanReadback : IDisposable
{
    private readonly ResultReader _reader;
    private readonly PlanValue[] _outputs;
    private readonly ResultRange[] _ranges;
    private readonly float[] _values;
    private readonly GpuHead? _head;

    /// <param name="device">Where.</param>
    /// <param name="plan">Whose outputs.</param>
    /// <param name="outputs">Which, by their index.</param>
    /// <param name="inFlight">Results that can be on their way at once.</param>
    /// <param name="head">What finds things in the outputs; null for none.</param>
    public PlanReadback(GlDevice device, GpuPlan plan, IEnumerable<int> outputs, int inFlight, GpuHead? head = null)
    {
        _head = head;
        _outputs = [.. outputs.Select(index => plan.Plan.Outputs[index])];
        _ranges = [.. _outputs.Select(output => new ResultRange(plan.Arena, output.ByteOffset, output.Info.Bytes(GpuKernels.Block))), .. head == null ? Array.Empty<ResultRange>() : [head.Range]];
        _values = new float[_ranges.Sum(range => range.Bytes) / sizeof(float)];
        _reader = new ResultReader(device, Math.Max(_values.Length, 4) * sizeof(float), inFlight);
    }

    /// <summary>Whether another result can be asked for.</summary>
    public bool HasRoom => _reader.HasRoom;

    /// <summary>Asks for what the commands so far compute.</summary>
    public void Request(long tag) => _reader.TryRequest(_ranges, tag);

    /// <summary>Picks up the oldest result if it is there.</summary>
    /// <param name="destination">A tensor for each output, filled row-major.</param>
    /// <param name="found">Gets what the head found; not needed without one.</param>
    public bool TryRead(IReadOnlyList<Tensor> destination, Detections? found = null)
    {
        if (!_reader.TryRead(_values.AsSpan(), out _))
            return false;
        ReadOnlySpan<float> values = _values;
        for (int i = 0; i < _outputs.Length; i++)
        {
            var info = _outputs[i].Info;
            if (info.Layout == Layout.Plain)
                values[..info.Shape.Count].CopyTo(destination[i].Span);
            else
                BlockedLayout.Unpack(values, info.Shape, destination[i].Span, GpuKernels.Block);
            values = values[(int)info.Elements(GpuKernels.Block)..];
        }

        _head?.Read(values, found!);

        return true;
    }

    public void Dispose() => _reader.Dispose();
}
