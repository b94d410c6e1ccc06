using RealtimeCnn.Layers;
using RealtimeCnn.SelfTests.Oracles;

namespace RealtimeCnn.SelfTests.Cases;

/// <summary>Layers that work along one axis: Gather, OneHot, CumSum, ArgMax, ArgMin, TopK.</summary>
internal static class AxisCases
{
    public static IEnumerable<LayerCase> All =>
    [
        Gather("rows", 0, new Shape(7, 5), new Shape(4)),
        Gather("channels", 1, new Shape(2, 19, 3, 5), new Shape(6)),
        Gather("last axis, two axes of indices", -1, new Shape(3, 7), new Shape(2, 3)),
        Gather("one", 1, new Shape(3, 7), new Shape()),
        Indices("last axis", new OneHot(7), new Shape(5)),
        Indices("first axis", new OneHot(4, 0, -1, 2.5f), new Shape(2, 3)),
        CumSum("rows", new CumSum(0), new Shape(7, 5)),
        CumSum("exclusive", new CumSum(-1, Exclusive: true), new Shape(3, 17)),
        CumSum("reverse", new CumSum(1, Reverse: true), new Shape(2, 17, 3, 2)),
        CumSum("both", new CumSum(1, true, true), new Shape(2, 17, 3)),
        Arg("classes", new ArgMax(1), new Shape(3, 1000)),
        Arg("pixels", new ArgMax(1), new Shape(2, 21, 3, 5)),
        Arg("left out", new ArgMin(-1) { KeepAxis = false }, new Shape(3, 17)),
        Arg("equal ones, the first", new ArgMax(0), new Shape(19)) with { Input = (_, random) => random.Next(3) },
        Arg("equal ones, the last", new ArgMin(0) { SelectLast = true }, new Shape(19)) with { Input = (_, random) => random.Next(3) },
        .. TopK("classes", 5, -1, true, new Shape(2, 1000)),
        .. TopK("smallest of channels", 3, 1, false, new Shape(2, 17, 2, 3)),
        .. TopK("all", 9, 0, true, new Shape(9)),
        .. TopK("equal ones", 6, 0, true, new Shape(19)).Select(layerCase => layerCase with { Input = (_, random) => random.Next(3) }),
    ];

    public static IEnumerable<RefusedCase> Refused =>
    [
        new(new Gather(2), [new Shape(3, 4), new Shape(1)], "axis 2"),
        new(new OneHot(0), [new Shape(3)], "depth 0"),
        new(new OneHot(int.MaxValue), [new Shape(1 << 15, 1 << 15)], "[32768, 32768, 2147483647]"),
        new(new CumSum(2), [new Shape(3, 4)], "axis 2"),
        new(new ArgMax(1), [new Shape(3, 0)], "no element"),
        new(new TopK(5, 1), [new Shape(3, 4)], "k = 5 must lie in [1, 4]"),
    ];

    public static IEnumerable<RecordedCase> Recorded =>
    [
        new("argmax", new ArgMax(1)),
        new("argmin", new ArgMin(1)),
        new("topk", new TopK(3, 1)),
        new("topk, indices", new TopK(3, 1)) { Output = 1 },
        new("cumsum", new CumSum(1)),
    ];

    private static LayerCase Gather(string name, int axis, Shape data, Shape indices)
    {
        int resolved = axis < 0 ? axis + data.Rank : axis, extent = data[resolved];
        return new LayerCase(name, new Gather(axis), (x, _) => Coordinates.Fill(new Shape([.. data.ToArray()[..resolved], .. indices.ToArray(), .. data.ToArray()[(resolved + 1)..]]), at =>
        {
            int? index = Coordinates.Index(Coordinates.At(x[1], at.AsSpan(resolved, indices.Rank)), extent);
            return index is int inside ? Coordinates.At(x[0], [.. at[..resolved], inside, .. at[(resolved + indices.Rank)..]]) : double.NaN;
        }), 0, data, indices)
        {
            Input = (input, random) => input == 0 ? random.NextSingle() : random.Next(-extent, extent),
        };
    }

    private static LayerCase Indices(string name, OneHot layer, Shape indices)
    {
        int axis = layer.Axis < 0 ? layer.Axis + indices.Rank + 1 : layer.Axis;
        return new LayerCase(name, layer, (x, _) => Coordinates.Fill(new Shape([.. indices.ToArray()[..axis], layer.Depth, .. indices.ToArray()[axis..]]), at =>
        {
            double index = Coordinates.At(x[0], [.. at[..axis], .. at[(axis + 1)..]]);
            return at[axis] == (index < 0 ? index + layer.Depth : index) ? layer.On : layer.Off;
        }), 0, indices)
        {
            Input = (_, random) => random.Next(-layer.Depth - 2, layer.Depth + 2),
        };
    }

    private static LayerCase CumSum(string name, CumSum layer, Shape input)
    {
        int axis = layer.Axis < 0 ? layer.Axis + input.Rank : layer.Axis;
        return new LayerCase(name, layer, (x, _) => Coordinates.Fill(input, at => Enumerable.Range(0, input[axis])
            .Where(j => layer.Reverse ? j >= at[axis] : j <= at[axis])
            .Where(j => !layer.Exclusive || j != at[axis])
            .Sum(j => Coordinates.At(x[0], at.With(axis, j)))), 1e-6, input);
    }

    private static LayerCase Arg(string name, ArgExtremeLayer layer, Shape input)
    {
        int axis = layer.Axis < 0 ? layer.Axis + input.Rank : layer.Axis;
        var output = layer.KeepAxis ? input.With(axis, 1) : new Shape([.. input.ToArray()[..axis], .. input.ToArray()[(axis + 1)..]]);
        return new LayerCase(name, layer, (x, _) => Coordinates.Fill(output, at =>
        {
            double[] run = Run(x[0], layer.KeepAxis ? at : [.. at[..axis], 0, .. at[axis..]], axis);
            double extreme = layer is ArgMax ? run.Max() : run.Min();
            return layer.SelectLast ? Array.LastIndexOf(run, extreme) : Array.IndexOf(run, extreme);
        }), 0, input);
    }

    private static LayerCase[] TopK(string name, int k, int axis, bool largest, Shape input) =>
    [
        TopK(name, new TopK(k, axis) { Largest = largest }, input, (run, index) => run[index]),
        TopK($"{name}, indices", new TopK(k, axis) { Largest = largest }, input, (_, index) => index) with { Output = 1 },
    ];

    private static LayerCase TopK(string name, TopK layer, Shape input, Func<double[], int, double> result)
    {
        int axis = layer.Axis < 0 ? layer.Axis + input.Rank : layer.Axis;
        return new LayerCase(name, layer, (x, _) => Coordinates.Fill(input.With(axis, layer.K), at =>
        {
            double[] run = Run(x[0], at, axis);
            // A NaN is larger than any number. OrderBy is stable: of equal ones the first comes first.
            var order = Enumerable.Range(0, run.Length).OrderBy(i => double.IsNaN(run[i]) != layer.Largest).ThenBy(i => layer.Largest ? -run[i] : run[i]);
            return result(run, order.ElementAt(at[axis]));
        }), 0, input);
    }

    private static double[] Run(DoubleTensor x, int[] at, int axis) => [.. Enumerable.Range(0, x.Shape[axis]).Select(i => Coordinates.At(x, at.With(axis, i)))];
}
