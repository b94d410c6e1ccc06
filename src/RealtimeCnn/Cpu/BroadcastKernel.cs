using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>A function of two or three numbers, applied to 16 of each at a time; a function of two ignores the third.</summary>
internal interface IBroadcastFunction
{
    static abstract Vector512<float> Apply(Vector512<float> a, Vector512<float> b, Vector512<float> c);
}

/// <summary>
/// <c>y = f(a, b, c)</c> with operands that repeat along axes where they have one element. In channel-blocked memory an item is
/// a run of pixels of one block; in row-major memory it is a piece of one run of the innermost merged axis.
/// </summary>
internal static unsafe class BroadcastKernel
{
    private const int PixelsPerItem = 512;
    private const int FloatsPerItem = 8192;

    /// <summary>A dispatch over all inputs of a call, followed by the parameters in <paramref name="weights"/> as further operands.</summary>
    public static CpuDispatch Plan<TFunction>(LayerCall call, params PackedWeights[] weights)
        where TFunction : struct, IBroadcastFunction
    {
        Shape[] operands = [.. call.Inputs.Select(input => input.Shape), .. call.Parameters.Select(parameter => parameter.Shape)];
        var shape = call.Output.Shape;
        if (call.Output.Layout == Layout.Blocked)
        {
            BroadcastOperand Operand(int i) => i < operands.Length ? BroadcastOperand.Of(operands[i], shape, Lanes.Count) : default;
            var constants = new BlockedConstants(
                Operand(0), Operand(1), Operand(2), call.Inputs.Length, operands.Length, BlockedLayout.Blocks(shape.Channels, Lanes.Count), shape.Channels, shape.Area, (shape.Area + PixelsPerItem - 1) / PixelsPerItem);
            return CpuDispatch.Create(&ForwardBlocked<TFunction>, constants, shape.Batch * constants.Blocks * constants.PiecesPerPlane, weights);
        }

        var loop = BroadcastLoop.Of(operands, shape);
        int run = loop.Extents[^1], pieces = (run + FloatsPerItem - 1) / FloatsPerItem;
        int[] table = [.. loop.Extents, .. loop.Strides.SelectMany(strides => strides)];
        return CpuDispatch.CreateWithTable(
            &ForwardPlain<TFunction>, new PlainConstants(call.Inputs.Length, operands.Length, loop.Extents.Length, run, pieces), table, shape.Count == 0 ? 0 : shape.Count / run * pieces, weights);
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void ForwardBlocked<TFunction>(CpuArguments* arguments, int from, int to)
        where TFunction : struct, IBroadcastFunction
    {
        ref readonly var g = ref *(BlockedConstants*)arguments->Constants;
        for (int item = from; item < to; item++)
        {
            int plane = item / g.PiecesPerPlane, first = item % g.PiecesPerPlane * PixelsPerItem, count = Math.Min(PixelsPerItem, g.Area - first);
            int n = plane / g.Blocks, block = plane % g.Blocks, channels = g.Channels - (block * Lanes.Count);
            float* a = Address(Operand(arguments, g.Inputs, 0), g.A, n, block, first);
            float* b = Address(Operand(arguments, g.Inputs, 1), g.B, n, block, first);
            float* c = g.Operands > 2 ? Address(Operand(arguments, g.Inputs, 2), g.C, n, block, first) : b;
            float* y = arguments->Output + ((((long)plane * g.Area) + first) * Lanes.Count);
            if (g.Operands == 2 && g.A.Pixel == Lanes.Count && g.B.Pixel == Lanes.Count)
                ApplyPairs<TFunction>(a, b, y, count, channels);
            else if (g.Operands == 2 && g.A.Pixel == Lanes.Count && g.B.Pixel == 0)
                ApplyConstant<TFunction>(a, Load(b, g.B.Lane), y, count, channels);
            else
                ApplyAny<TFunction>(a, b, c, y, in g, count, channels);
        }
    }

    /// <summary>Two operands with a vector for each pixel.</summary>
    [MethodImpl(KernelCode.Optimized)]
    private static void ApplyPairs<TFunction>(float* a, float* b, float* y, int count, int channels)
        where TFunction : struct, IBroadcastFunction
    {
        for (float* end = y + (count * Lanes.Count); y < end; a += Lanes.Count, b += Lanes.Count, y += Lanes.Count)
            Vector512.StoreAligned(Lanes.KeepFirst(TFunction.Apply(Vector512.Load(a), Vector512.Load(b), default), channels), y);
    }

    /// <summary>One operand with a vector for each pixel beside one that is the same for all.</summary>
    [MethodImpl(KernelCode.Optimized)]
    private static void ApplyConstant<TFunction>(float* a, Vector512<float> b, float* y, int count, int channels)
        where TFunction : struct, IBroadcastFunction
    {
        for (float* end = y + (count * Lanes.Count); y < end; a += Lanes.Count, y += Lanes.Count)
            Vector512.StoreAligned(Lanes.KeepFirst(TFunction.Apply(Vector512.Load(a), b, default), channels), y);
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void ApplyAny<TFunction>(float* a, float* b, float* c, float* y, in BlockedConstants g, int count, int channels)
        where TFunction : struct, IBroadcastFunction
    {
        for (int i = 0; i < count; i++, a += g.A.Pixel, b += g.B.Pixel, c += g.C.Pixel, y += Lanes.Count)
        {
            var third = g.Operands > 2 ? Load(c, g.C.Lane) : default;
            Vector512.StoreAligned(Lanes.KeepFirst(TFunction.Apply(Load(a, g.A.Lane), Load(b, g.B.Lane), third), channels), y);
        }
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void ForwardPlain<TFunction>(CpuArguments* arguments, int from, int to)
        where TFunction : struct, IBroadcastFunction
    {
        ref readonly var g = ref *(PlainConstants*)arguments->Constants;
        int* extents = CpuDispatch.Table<PlainConstants>(arguments);
        for (int item = from; item < to; item++)
        {
            int outer = item / g.Pieces, first = item % g.Pieces * FloatsPerItem, count = Math.Min(FloatsPerItem, g.Run - first);
            float* y = arguments->Output + ((long)outer * g.Run) + first;
            var a = Row(arguments, in g, extents, 0, outer, first, out int stepA);
            var b = Row(arguments, in g, extents, 1, outer, first, out int stepB);
            int stepC = 0;
            var c = g.Operands > 2 ? Row(arguments, in g, extents, 2, outer, first, out stepC) : b;
            int i = 0;
            for (; i <= count - Lanes.Count; i += Lanes.Count)
                TFunction.Apply(Load(a + (i * stepA), stepA), Load(b + (i * stepB), stepB), g.Operands > 2 ? Load(c + (i * stepC), stepC) : default).Store(y + i);
            if (i < count)
                ApplyTail<TFunction>(a + (i * stepA), stepA, b + (i * stepB), stepB, c + (i * stepC), stepC, y + i, count - i);
        }
    }

    /// <summary>The last few elements of a run: through a buffer, because whole vectors would reach into the next item's memory.</summary>
    private static void ApplyTail<TFunction>(float* a, int stepA, float* b, int stepB, float* c, int stepC, float* y, int count)
        where TFunction : struct, IBroadcastFunction
    {
        float* lanes = stackalloc float[3 * Lanes.Count];
        for (int i = 0; i < count; i++)
            (lanes[i], lanes[Lanes.Count + i], lanes[(2 * Lanes.Count) + i]) = (a[i * stepA], b[i * stepB], c[i * stepC]);
        TFunction.Apply(Vector512.Load(lanes), Vector512.Load(lanes + Lanes.Count), Vector512.Load(lanes + (2 * Lanes.Count))).Store(lanes);
        for (int i = 0; i < count; i++)
            y[i] = lanes[i];
    }

    private static float* Operand(CpuArguments* arguments, int inputs, int i) => i < inputs ? arguments->Inputs[i] : arguments->Weights[i - inputs];

    private static float* Address(float* start, BroadcastOperand steps, int n, int block, int pixel) =>
        start + ((long)n * steps.Batch) + ((long)block * steps.Block) + ((long)pixel * steps.Pixel);

    /// <summary>Where an operand is at the start of an item, and its innermost step.</summary>
    private static float* Row(CpuArguments* arguments, in PlainConstants g, int* extents, int operand, int outer, int first, out int step)
    {
        int* strides = extents + ((operand + 1) * g.Levels);
        step = strides[g.Levels - 1];
        long offset = (long)first * step;
        for (int level = g.Levels - 2; level >= 0; level--)
        {
            offset += (long)(outer % extents[level]) * strides[level];
            outer /= extents[level];
        }

        return Operand(arguments, g.Inputs, operand) + offset;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Load(float* address, int lane) => lane == 0 ? Vector512.Create(*address) : Vector512.Load(address);

    private readonly record struct BlockedConstants(
        BroadcastOperand A, BroadcastOperand B, BroadcastOperand C, int Inputs, int Operands, int Blocks, int Channels, int Area, int PiecesPerPlane);

    private readonly record struct PlainConstants(int Inputs, int Operands, int Levels, int Run, int Pieces);
}
