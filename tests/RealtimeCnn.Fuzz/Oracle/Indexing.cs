namespace RealtimeCnn.Fuzz.Oracle;

/// <summary>Operators that choose elements by numbers.</summary>
internal static class Indexing
{
    public static Dictionary<string, Definition> Definitions { get; } = new()
    {
        ["Gather"] = Gather,
        ["GatherElements"] = GatherElements,
        ["GatherND"] = GatherNd,
        ["OneHot"] = OneHot,
    };

    private static int Index(double index, int extent) => (int)(index < 0 ? index + extent : index);

    private static OracleTensor[] Gather(OracleNode node)
    {
        OracleTensor x = node.X, indices = node[1];
        int axis = x.Axis(node.Int("axis"));
        return [OracleTensor.Build(x.Type, [.. x.Shape[..axis], .. indices.Shape, .. x.Shape[(axis + 1)..]], at =>
            x.At([.. at[..axis], Index(indices.At(at.AsSpan(axis, indices.Rank)), x.Shape[axis]), .. at[(axis + indices.Rank)..]]))];
    }

    private static OracleTensor[] GatherElements(OracleNode node)
    {
        OracleTensor x = node.X, indices = node[1];
        int axis = x.Axis(node.Int("axis"));
        return [OracleTensor.Build(x.Type, indices.Shape, at =>
        {
            int[] place = [.. at];
            place[axis] = Index(indices.At(at), x.Shape[axis]);
            return x.At(place);
        })];
    }

    private static OracleTensor[] GatherNd(OracleNode node)
    {
        OracleTensor x = node.X, indices = node[1];
        int batch = (int)node.Int("batch_dims"), depth = indices.Shape[^1];
        return [OracleTensor.Build(x.Type, [.. indices.Shape[..^1], .. x.Shape[(batch + depth)..]], at =>
        {
            int[] chosen = [.. Enumerable.Range(0, depth).Select(i => Index(indices.At([.. at[..(indices.Rank - 1)], i]), x.Shape[batch + i]))];
            return x.At([.. at[..batch], .. chosen, .. at[(indices.Rank - 1)..]]);
        })];
    }

    private static OracleTensor[] OneHot(OracleNode node)
    {
        OracleTensor x = node.X, values = node[2];
        int depth = (int)node[1].Values[0];
        long given = node.Int("axis", -1);
        int axis = (int)(given < 0 ? given + x.Rank + 1 : given);
        return [OracleTensor.Build(values.Type, [.. x.Shape[..axis], depth, .. x.Shape[axis..]], at =>
        {
            double index = x.At([.. at[..axis], .. at[(axis + 1)..]]);
            return values.Values[Index(index, depth) == at[axis] ? 1 : 0];
        })];
    }
}
