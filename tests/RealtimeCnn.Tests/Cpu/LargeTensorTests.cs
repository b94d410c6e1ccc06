using System.Runtime.InteropServices;
using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;
using RealtimeCnn.SelfTests;

namespace RealtimeCnn.Tests.Cpu;

/// <summary>
/// The largest tensors that a plan allows, 2^30 floats: kernels compute the last item alone, over memory that the system hands out only
/// where it is touched. An offset that wraps around reads or writes elsewhere, or faults.
/// </summary>
public unsafe class LargeTensorTests
{
    public static TheoryData<string> Names => [.. LayerCases.Vast.Select(one => one.ToString())];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_last_items_of_the_largest_tensors_are_right(string name)
    {
        var one = LayerCases.Vast.Single(other => other.ToString() == name);
        var info = one.IsRow
            ? new TensorInfo(new Shape(TensorInfo.MaxElements), Layout.Plain)
            : new TensorInfo(new Shape(1, 1, VastCase.Side, VastCase.Side), Layout.Blocked);
        // The one channel of the plane is the first lane of its block.
        long last = one.IsRow ? info.Shape.Count - 1 : ((long)info.Shape.Count - 1) * CpuKernels.Block;
        Check(one.Layer, [.. Enumerable.Repeat(info, one.Layer.InputCount.Fewest)], one.MarksFirst ? 0 : last, one.Last, one.Mode);
    }

    private static void Check(Layer layer, TensorInfo[] inputs, long marked, float expected, RunMode mode)
    {
        var shape = layer.InferShape([.. inputs.Select(input => input.Shape)]);
        Tensor[] values = [.. layer.Parameters.Select(Ones)];
        var parameters = new ParameterStore().Own("large", layer, values);
        var call = new LayerCall(new Node("large", layer, [], parameters), inputs, new TensorInfo(shape, Layout.Plain)) { Mode = mode };
        var kernel = CpuKernels.Table.Choose(call);
        var output = new TensorInfo(shape, kernel.Layouts(call).Output);
        var dispatch = (CpuDispatch)kernel.Plan(call with { Outputs = [output] });
        Tensor[] weights = [.. dispatch.Weights.Select(Pack)];
        void* inputMemory = Reserve(inputs[0], out float* x), outputMemory = Reserve(output, out float* y);
        try
        {
            x[marked] = 3;
            float** addresses = stackalloc float*[] { x, x };
            float** packed = stackalloc float*[] { weights.Length > 0 ? weights[0].Pointer : null, weights.Length > 1 ? weights[1].Pointer : null };
            fixed (byte* constants = dispatch.Constants)
            {
                var run = default(CpuRun);
                var arguments = new CpuArguments { Constants = constants, Inputs = addresses, Weights = packed, Output = y, Run = &run };
                dispatch.Kernel(&arguments, Math.Max(dispatch.Items - 16, 0), dispatch.Items);
            }

            Assert.Equal(expected, y[output.Layout == Layout.Blocked ? (shape.Area - 1L) * 16 : shape.Count - 1L], 1e-4f);
        }
        finally
        {
            NativeMemory.Free(inputMemory);
            NativeMemory.Free(outputMemory);
            foreach (var tensor in values.Concat(weights))
                tensor.Dispose();
        }
    }

    private static Tensor Ones(ParameterSpec spec)
    {
        var tensor = new Tensor(spec.Shape);
        // In the middle of a window, so that the marked pixel counts once.
        if (spec.Name == "weight")
            tensor.Span[tensor.Span.Length / 2] = 1;
        else if (spec.Name is "scale" or "running_variance" or "p")
            tensor.Span.Fill(1);
        return tensor;
    }

    private static Tensor Pack(PackedWeights weights)
    {
        var tensor = new Tensor(new Shape(weights.Elements));
        weights.Pack(tensor.Span);
        return tensor;
    }

    /// <summary>Zeros, of which the system takes only the pages that are written.</summary>
    private static void* Reserve(TensorInfo info, out float* aligned)
    {
        long floats = info.Elements(16);
        Assert.True(floats <= TensorInfo.MaxElements);
        void* memory = NativeMemory.AllocZeroed((nuint)(floats + 16), sizeof(float));
        aligned = (float*)(((nint)memory + 63) & ~63);
        return memory;
    }
}
