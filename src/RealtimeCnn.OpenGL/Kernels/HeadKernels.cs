using System.Numerics;
using System.Runtime.CompilerServices;
using RealtimeCnn.Heads;

namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>
/// What finds a detector's things on the GPU, as data: candidates of each grid, the best of them in order, their boxes, suppression. Reads
/// are outputs of the network, scratch is numbered as <see cref="List"/>, <see cref="Best"/> and <see cref="Rows"/>.
/// </summary>
/// <param name="Dispatches">In order; each waits for those before.</param>
/// <param name="ScratchBytes">Memory between them.</param>
/// <param name="ResultBytes">What comes back.</param>
/// <param name="Refusal">Why the CPU has to read the outputs; null where it need not.</param>
internal sealed record HeadKernels(IReadOnlyList<Dispatch> Dispatches, IReadOnlyList<long> ScratchBytes, int ResultBytes, string? Refusal)
{
    /// <summary>Candidates in any order, behind their number.</summary>
    public const int List = 0;

    /// <summary>The best of them in order, behind their number.</summary>
    public const int Best = 1;

    /// <summary>Box and landmarks of each.</summary>
    public const int Rows = 2;

    /// <summary>Floats of the result before the first thing.</summary>
    public const int Header = 4;

    // As in the shaders.
    private const int MostAnchors = 64, LanesOfGroup = 128, CandidateBytes = 8, CountBytes = 8;

    /// <summary>Floats of a thing: its box, its class, its score and its landmarks.</summary>
    public static int Stride(HeadLayout layout) => 6 + (2 * layout.Landmarks);

    /// <summary>The dispatches for a head.</summary>
    /// <param name="head">The family and its numbers.</param>
    /// <param name="layout">How it reads the network's outputs.</param>
    /// <param name="limits">What the device allows.</param>
    public static HeadKernels Of(DetectionHead head, HeadLayout layout, GlLimits limits)
    {
        long capacity = (long)layout.Places * (layout.EachClass ? layout.Classes : 1), listBytes = CountBytes + (capacity * CandidateBytes);
        int stride = Stride(layout), resultBytes = (Header + (head.Boxes * stride)) * sizeof(float);
        string? refusal = Refuse(head, layout, capacity) ?? (listBytes > limits.StorageBlockBytes ? $"{capacity} candidates take {listBytes} bytes; this device allows {limits.StorageBlockBytes} in one buffer" : null);
        if (refusal != null)
            return new HeadKernels([], [], resultBytes, refusal);
        int first = 0;
        var scores = new List<Dispatch>();
        var boxes = new List<Dispatch>();
        foreach (var grid in layout.Grids)
        {
            scores.Add(Score(head, layout, grid, first, (int)capacity));
            boxes.Add(Boxes(head, layout, grid, first));
            first += grid.Places;
        }

        string[] lanes = [$"LANES {LanesOfGroup}"];
        var select = new Dispatch("heads/select.comp", Dispatch.Bytes([head.Candidates, (int)capacity]), Dispatch.Flat(1))
        {
            Writes = Operand.Scratch(Best), AlsoWrites = Operand.Scratch(List), Defines = lanes, ByGroups = true,
        };
        var suppress = new Dispatch("heads/suppress.comp", Dispatch.Bytes(new SuppressParams(head, layout)), Dispatch.Flat(1), Operand.Scratch(Rows))
        {
            AlsoWrites = Operand.Scratch(Best), Defines = lanes, ByGroups = true,
        };
        return new HeadKernels(
            [.. scores, select, .. boxes, suppress],
            [listBytes, CountBytes + ((long)head.Candidates * CandidateBytes), (long)head.Candidates * (4 + (2 * layout.Landmarks)) * sizeof(float)], resultBytes, null);
    }

    // What a driver might end early without a word.
    private static string? Refuse(DetectionHead head, HeadLayout layout, long capacity)
    {
        long select = (9 * ((capacity / LanesOfGroup) + 2)) + (8 * 256) + (4L * head.Candidates);
        long suppress = ((head.Boxes + LanesOfGroup - 1) / LanesOfGroup * (4L + (2 * layout.Landmarks)) * head.Candidates) + (6L * head.Candidates);
        long score = 3L * (layout.Background + layout.Classes);
        int anchors = layout.Grids.Max(grid => grid.Anchors.Length);
        return Math.Max(Math.Max(select, suppress), score) > Lanes.MostTurns ? $"{capacity} candidates of {layout.Classes} classes and {layout.Landmarks} landmarks are longer loops than a shader may walk"
            : anchors > MostAnchors ? $"{anchors} anchors in a cell are more than the {MostAnchors} that a shader knows"
            : null;
    }

    private static Dispatch Score(DetectionHead head, HeadLayout layout, HeadGrid grid, int first, int capacity) => new(
        "heads/score.comp",
        Dispatch.Bytes(new ScoreParams(
            Words.Of(grid.Scores), Words.Of(grid.Objectness), grid.Rows, grid.Columns, grid.Anchors.Length, first, layout.Classes, layout.Background, (int)layout.Scores, (int)layout.Objectness,
            (int)layout.Join, layout.EachClass ? 1 : 0, layout.PeaksAlone ? 1 : 0, capacity, head.Threshold)),
        Dispatch.Flat(grid.Places), Operand.Of(grid.Scores.Output), Operand.Of(grid.Objectness.Output))
    {
        Writes = Operand.Scratch(List),
    };

    private static Dispatch Boxes(DetectionHead head, HeadLayout layout, HeadGrid grid, int first)
    {
        var constants = new BoxParams(
            Words.Of(grid.Boxes), Words.Of(grid.Points), grid.Columns, grid.Anchors.Length, first, grid.Places, layout.Classes, layout.Landmarks, (int)layout.Form, layout.Bins,
            (int)layout.Shift, (int)layout.Side, layout.ShiftsByAnchor ? 1 : 0, layout.IsCut ? 1 : 0, grid.Cell, layout.PriorLimit, layout.ShiftScale, layout.SideScale, grid.Offset, default,
            new Vector2(layout.Input.Width, layout.Input.Height));
        for (int i = 0; i < grid.Anchors.Length; i++)
            constants.AnchorSizes[i] = new Vector4(grid.Anchors[i], 0, 0);
        return new Dispatch("heads/boxes.comp", Dispatch.Bytes(constants), Dispatch.Flat(head.Candidates), Operand.Of(grid.Boxes.Output), Operand.Of(layout.Landmarks > 0 ? grid.Points.Output : grid.Boxes.Output))
        {
            Writes = Operand.Scratch(Rows), AlsoWrites = Operand.Scratch(Best),
        };
    }

    // An ivec4.
    private readonly record struct Words(int First, int PerCell, int PerAnchor, int PerChannel)
    {
        public static Words Of(HeadField field) => new(field.First, field.PerCell, field.PerAnchor, field.PerChannel);
    }

    private readonly record struct ScoreParams(
        Words Scores, Words Objectness, int Rows, int Columns, int Anchors, int FirstPlace, int Classes, int Background, int ScoreActivation, int ObjectActivation,
        int Join, int EachClass, int PeaksAlone, int Capacity, float Threshold);

    private record struct BoxParams(
        Words Boxes, Words Points, int Columns, int Anchors, int FirstPlace, int Places, int Classes, int Landmarks, int Form, int Bins,
        int Shift, int Side, int ShiftsByAnchor, int IsCut, Vector2 Cell, Vector2 PriorLimit, Vector2 ShiftScale, Vector2 SideScale, float Offset, float Unused, Vector2 Input)
    {
        public AnchorArray AnchorSizes;
    }

    [InlineArray(MostAnchors)]
    private struct AnchorArray
    {
        private Vector4 _first;
    }

    private readonly record struct SuppressParams(int Classes, int Landmarks, int Kind, int ByClass, int Most, float Overlap, float Sigma, float Threshold)
    {
        public SuppressParams(DetectionHead head, HeadLayout layout)
            : this(
                layout.Classes, layout.Landmarks, (int)head.Suppression.Kind, head.Suppression.IsByClass ? 1 : 0, Math.Min(head.Boxes, head.Candidates), head.Suppression.Overlap, head.Suppression.Sigma, head.Threshold)
        {
        }
    }
}
