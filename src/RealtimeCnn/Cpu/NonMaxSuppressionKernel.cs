using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>
/// <see cref="NonMaxSuppression"/> as one item, because kept rows of all classes follow each other without gaps: candidates by
/// falling score, each compared with 16 kept boxes at a time.
/// </summary>
internal static unsafe class NonMaxSuppressionKernel
{
    public static CpuDispatch Plan(NonMaxSuppression layer, LayerCall call)
    {
        var scores = call.Inputs[1].Shape;
        int kept = (Math.Min(scores[2], layer.MaxBoxesPerClass) + Lanes.Count - 1) / Lanes.Count * Lanes.Count;
        var constants = new Constants(
            scores[0] * scores[1], scores[1], scores[2], call.Output.Shape[0], Math.Min(scores[2], layer.MaxBoxesPerClass), kept,
            layer.IouThreshold, layer.ScoreThreshold, layer.CenterPoint ? 1 : 0);
        // A key of 64 bits for each candidate, and corners and area of each kept box.
        return CpuDispatch.Create(&Forward, constants, 1).WithScratch(KeyFloats(scores[2]), 5L * kept);
    }

    private static long KeyFloats(int boxes) => ((2L * boxes) + Lanes.Count - 1) / Lanes.Count * Lanes.Count;

    [MethodImpl(KernelCode.Optimized)]
    private static void Forward(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        float* y = arguments->Output;
        new Span<float>(y, c.Rows * 3).Fill(-1);
        var keys = new Span<ulong>(arguments->Scratch[0], c.Boxes);
        var kept = new KeptBoxes(arguments->Scratch[1], c.KeptRounded);
        for (int plane = 0; plane < c.Planes; plane++)
        {
            float* boxes = arguments->Inputs[0] + ((long)(plane / c.Classes) * c.Boxes * 4);
            int candidates = Sort(arguments->Inputs[1] + ((long)plane * c.Boxes), keys, c.ScoreThreshold), count = 0;
            kept.Clear();
            for (int i = 0; i < candidates && count < c.MaxBoxes; i++)
            {
                int box = (int)(uint)keys[i];
                var corners = Corners(boxes + (box * 4L), c.CenterPoint != 0);
                if (kept.AnyOverlaps(corners, count, c.IouThreshold))
                    continue;
                kept.Add(corners, count++);
                (y[0], y[1], y[2]) = (plane / c.Classes, plane % c.Classes, box);
                y += 3;
            }
        }
    }

    /// <summary>Boxes above the threshold by falling score, equal ones in their own order: the index is the low half of a key. Returns how many.</summary>
    private static int Sort(float* scores, Span<ulong> keys, float threshold)
    {
        int count = 0;
        for (int i = 0; i < keys.Length; i++)
        {
            if (!(scores[i] > threshold))
                continue;
            // Bits of a float ascend with its value once negative ones are inverted; adding 0 makes −0 equal to 0.
            uint bits = BitConverter.SingleToUInt32Bits(scores[i] + 0f);
            uint ascending = (bits & 0x80000000) != 0 ? ~bits : bits | 0x80000000;
            keys[count++] = ((ulong)~ascending << 32) | (uint)i;
        }

        keys[..count].Sort();
        return count;
    }

    private static Box Corners(float* box, bool centered)
    {
        var (top, left, bottom, right) = centered
            ? (box[1] - (box[3] / 2), box[0] - (box[2] / 2), box[1] + (box[3] / 2), box[0] + (box[2] / 2))
            : (Math.Min(box[0], box[2]), Math.Min(box[1], box[3]), Math.Max(box[0], box[2]), Math.Max(box[1], box[3]));
        return new Box(top, left, bottom, right, (bottom - top) * (right - left));
    }

    private readonly record struct Box(float Top, float Left, float Bottom, float Right, float Area);

    /// <summary>Kept boxes as rows of tops, lefts, bottoms, rights and areas; a box of zeros behind the last one overlaps none.</summary>
    private readonly struct KeptBoxes(float* rows, int length)
    {
        private readonly float* _rows = rows;
        private readonly int _length = length;

        public void Clear() => new Span<float>(_rows, 5 * _length).Clear();

        public void Add(Box box, int place) =>
            (Row(0)[place], Row(1)[place], Row(2)[place], Row(3)[place], Row(4)[place]) = (box.Top, box.Left, box.Bottom, box.Right, box.Area);

        /// <summary>Whether intersection over union with any kept box is above the threshold; it is 0 where either has no area.</summary>
        public bool AnyOverlaps(Box box, int count, float threshold)
        {
            Vector512<float> top = Vector512.Create(box.Top), left = Vector512.Create(box.Left), bottom = Vector512.Create(box.Bottom), right = Vector512.Create(box.Right);
            Vector512<float> area = Vector512.Create(box.Area), most = Vector512.Create(threshold), zero = Vector512<float>.Zero;
            if (!(box.Area > 0))
                return false;
            for (int k = 0; k < count; k += Lanes.Count)
            {
                var height = Vector512.Min(bottom, Vector512.Load(Row(2) + k)) - Vector512.Max(top, Vector512.Load(Row(0) + k));
                var width = Vector512.Min(right, Vector512.Load(Row(3) + k)) - Vector512.Max(left, Vector512.Load(Row(1) + k));
                var others = Vector512.Load(Row(4) + k);
                var meet = Vector512.GreaterThan(height, zero) & Vector512.GreaterThan(width, zero) & Vector512.GreaterThan(others, zero);
                if (!Vector512.AnyWhereAllBitsSet(meet))
                    continue;
                var both = height * width;
                if (Vector512.AnyWhereAllBitsSet(meet & Vector512.GreaterThan(both / (area + others - both), most)))
                    return true;
            }

            return false;
        }

        private float* Row(int row) => _rows + ((long)row * _length);
    }

    private readonly record struct Constants(
        int Planes, int Classes, int Boxes, int Rows, int MaxBoxes, int KeptRounded, float IouThreshold, float ScoreThreshold, int CenterPoint);
}
