using RealtimeCnn.Layers;
using RealtimeCnn.SelfTests.Oracles;

namespace RealtimeCnn.SelfTests.Cases;

internal static class PadCases
{
    public static IEnumerable<LayerCase> All =>
    [
        .. Enum.GetValues<PadMode>().SelectMany(mode => new[]
        {
            Case($"{mode}, a picture", Pad.Spatial(new Padding2d(1, 2, 0, 3)) with { Mode = mode, Value = 0.5f }, new Shape(2, 3, 4, 5)),
            Case($"{mode}, blocked", Pad.Spatial(new Padding2d(1, 2, 0, 3)) with { Mode = mode, Value = 0.5f }, new Shape(2, 19, 4, 5)) with { BlockedInputs = true },
            Case($"{mode}, blocked, batch too", new Pad([1, 0, -1, 2], [1, 0, 3, -2]) { Mode = mode, Value = 0.5f }, new Shape(2, 5, 4, 5)) with { BlockedInputs = true },
            Case($"{mode}, beyond the input", Pad.Spatial(new Padding2d(7, 4, 5, 9)) with { Mode = mode, Value = -1 }, new Shape(1, 5, 3, 2)),
            Case($"{mode}, every axis", new Pad([1, 2, 0, 1], [0, 1, 2, 1]) { Mode = mode, Value = 2 }, new Shape(2, 3, 2, 3)),
            Case($"{mode}, cut and padded", new Pad([0, -1, 2, -2], [0, 0, -1, 3]) { Mode = mode, Value = 3 }, new Shape(1, 5, 4, 6)),
            Case($"{mode}, a vector", new Pad([2], [3]) { Mode = mode, Value = 3 }, new Shape(7)),
            Case($"{mode}, one element", new Pad([2, 1], [0, 3]) { Mode = mode, Value = 3 }, new Shape(1, 1)),
            Case($"{mode}, six axes", new Pad([0, 1, 0, 0, 1, 0], [1, 0, 0, 1, 0, 1]) { Mode = mode }, new Shape(1, 2, 1, 3, 2, 2)),
        }),
        Case("only cut", new Pad([0, 0, -1, -1], [0, 0, -1, -2]), new Shape(1, 17, 5, 6)),
        Case("nothing", new Pad([0, 0], [0, 0]), new Shape(3, 5)),
        Case("only the constant is left", new Pad([0, 0, -2, 1], [0, 0, 3, 0]) { Value = 4 }, new Shape(1, 2, 2, 3)),
    ];

    public static IEnumerable<RefusedCase> Refused =>
    [
        new(new Pad([1], [1]), [new Shape(3, 3)], "2 axes"),
        new(new Pad([-2], [-2]), [new Shape(3)], "more than there are"),
        new(new Pad([-int.MaxValue], [-int.MaxValue]), [new Shape(5)], "2147483647"),
        new(new Pad([-3], [1]) { Mode = PadMode.Edge }, [new Shape(3)], "no element left"),
    ];

    public static IEnumerable<RecordedCase> Recorded =>
    [
        new("pad, constant", Pad.Spatial(new Padding2d(3, 1, 0, 2))),
        new("pad, edge", Pad.Spatial(new Padding2d(3, 1, 0, 2)) with { Mode = PadMode.Edge }),
        new("pad, reflect", Pad.Spatial(new Padding2d(3, 1, 0, 2)) with { Mode = PadMode.Reflect }),
        new("pad, wrap", Pad.Spatial(new Padding2d(3, 1, 0, 2)) with { Mode = PadMode.Wrap }),
    ];

    public static IEnumerable<VastCase> Vast => [new(Pad.Spatial(0), 3)];

    private static LayerCase Case(string name, Pad layer, Shape input) => new(name, layer, (x, _) => Compute(layer, x[0]), 0, input);

    /// <summary>Pads one axis after the other: builds the line of the axis element by element and looks it up.</summary>
    private static DoubleTensor Compute(Pad layer, DoubleTensor x)
    {
        for (int axis = 0; axis < x.Shape.Rank; axis++)
        {
            int length = x.Shape[axis], inner = x.Shape.Product(axis + 1, x.Shape.Rank);
            var kept = Enumerable.Range(0, length).Skip(-Math.Min(layer.Before[axis], 0)).SkipLast(-Math.Min(layer.After[axis], 0)).ToList();
            int?[] line = [.. Extend(kept, Math.Max(layer.Before[axis], 0), Math.Max(layer.After[axis], 0), layer.Mode)];
            var y = new DoubleTensor(x.Shape.With(axis, line.Length));
            for (int i = 0; i < y.Values.Length; i++)
            {
                int outer = i / inner / line.Length;
                y[i] = line[i / inner % line.Length] is int source ? x[(((outer * length) + source) * inner) + (i % inner)] : layer.Value;
            }

            x = y;
        }

        return x;
    }

    private static IEnumerable<int?> Extend(List<int> kept, int before, int after, PadMode mode)
    {
        for (int i = -before; i < kept.Count + after; i++)
        {
            if (i >= 0 && i < kept.Count)
                yield return kept[i];
            else if (mode == PadMode.Constant)
                yield return null;
            else
                yield return kept[Walk(i, kept.Count, mode)];
        }
    }

    /// <summary>Walks from the nearest border, one step at a time.</summary>
    private static int Walk(int i, int length, PadMode mode)
    {
        int at = i < 0 ? 0 : length - 1, direction = i < 0 ? -1 : 1;
        for (int step = i < 0 ? -i : i - length + 1; step > 0; step--)
        {
            int next = at + direction;
            if (next < 0 || next >= length)
            {
                if (mode == PadMode.Reflect && length > 1)
                    direction = -direction;
                next = mode == PadMode.Wrap ? (next + length) % length : mode == PadMode.Reflect && length > 1 ? at + direction : at;
            }

            at = next;
        }

        return at;
    }
}
