using System.Runtime.InteropServices;
using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Tests.Cpu;

/// <summary>
/// The largest tensors that a plan allows, 2^30 floats: kernels compute the last item alone, over memory that the system hands out only
/// where it is touched. An offset that wraps around reads or writes elsewhere, or faults.
/// </summary>
public unsafe class LargeTensorTests
{
    private const int Side = 1 << 13;

    /// <summary>A plane of 2^26 pixels; one pixel in the last corner is 3, all others are 0.</summary>
    private static readonly Shape Plane = new(1, 1, Side, Side);

    public static TheoryData<Layer, float> LastPixels => new()
    {
        { new Conv2d(1, 1, 3) { Padding = 1, HasBias = false }, 3 },
        { new Conv2d(1, 1, 1) { HasBias = false }, 3 },
        { new DepthwiseConv2d(1, 3) { Padding = 1, HasBias = false }, 3 },
        { new ConvTranspose2d(1, 1, 1) { HasBias = false }, 3 },
        { new MaxPool2d(3) { Stride = 1, Padding = 1 }, 3 },
        { new AveragePool2d(2) { Stride = 1, Padding = new Padding2d(1, 1, 0, 0), CountIncludePad = false }, 0.75f },
        { new LpPool2d(2) { Stride = 1, Padding = new Padding2d(1, 1, 0, 0) }, 3 },
        { new WeightedAveragePool2d(1, 1) { Stride = 1 }, 3 },
        { new GemPool2d(1) { Stride = 1 }, 3 },
        { new AdaptiveMaxPool2d(new Size2d(Side, 1)), 3 },
        { new Resize2d(1, 1), 3 },
        { new Resize2d(1, 1) { Mode = ResizeMode.Linear }, 3 },
        { new Relu(), 3 },
        { new Exp(), MathF.Exp(3) },
        { new Multiply(), 9 },
        { new BatchNorm2d(1) { Epsilon = 0 }, 3 },
        { new Lrn(1) { Alpha = 0 }, 3 },
        { Pad.Spatial(0), 3 },
        { new Slice(new AxisRange(3, -1, int.MaxValue)), 3 },
        { new Slice(new AxisRange(3, -1, int.MinValue, -Side / 2)), 0 },
        { new Reduce(ReduceFunction.Max, 3), 3 },
    };

    [Theory]
    [MemberData(nameof(LastPixels))]
    public void The_last_items_of_the_largest_blocked_plane_are_right(Layer layer, float expected)
    {
        ArgumentNullException.ThrowIfNull(layer);
        var inputs = Enumerable.Repeat(new TensorInfo(Plane, Layout.Blocked), layer.InputCount.Fewest).ToArray();
        Check(layer, inputs, (((long)Side * Side) - 1) * 16, expected);
    }

    [Fact]
    public void The_last_items_of_the_largest_row_are_right()
    {
        var row = new TensorInfo(new Shape(TensorInfo.MaxElements), Layout.Plain);
        int last = TensorInfo.MaxElements - 1;
        Check(new Multiply(), [row, row], last, 9);
        Check(new Neg(), [row], last, -3);
        Check(new Dropout(0), [row], last, 3, RunMode.Training());
        Check(new Slice(new AxisRange(0, 1, int.MaxValue)), [row], last, 3);
        Check(new Slice(new AxisRange(0, -2, int.MinValue, -1)), [row], 0, 3);
    }

    private static void Check(Layer layer, TensorInfo[] inputs, long marked, float expected, RunMode mode = default)
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
