using RealtimeCnn.Onnx;

namespace RealtimeCnn.Fuzz.Oracle;

/// <summary>Functions of two or more numbers, whose operands stretch over each other.</summary>
internal static class Broadcasts
{
    public static Dictionary<string, Definition> Definitions { get; } = new()
    {
        ["Add"] = Of((a, b) => a + b),
        ["Sub"] = Of((a, b) => a - b),
        ["Mul"] = Of((a, b) => a * b),
        ["Div"] = node => IsWhole(node.X.Type) ? Each(node, (a, b) => Math.Truncate(a / b)) : Each(node, (a, b) => a / b),
        ["Pow"] = Of(Math.Pow),
        ["Mod"] = node => node.Flag("fmod") ? Each(node, (a, b) => a % b) : Each(node, (a, b) => a - (Math.Floor(a / b) * b)),
        ["PRelu"] = Of((x, slope) => x < 0 ? slope * x : x),
        ["Equal"] = Is((a, b) => a == b),
        ["Greater"] = Is((a, b) => a > b),
        ["GreaterOrEqual"] = Is((a, b) => a >= b),
        ["Less"] = Is((a, b) => a < b),
        ["LessOrEqual"] = Is((a, b) => a <= b),
        ["And"] = Is((a, b) => a != 0 && b != 0),
        ["Or"] = Is((a, b) => a != 0 || b != 0),
        ["Xor"] = Is((a, b) => a != 0 != (b != 0)),
        ["Where"] = node => [OracleTensor.Build(node[1].Type, Shape(node), at => node.X.At(at) != 0 ? node[1].At(at) : node[2].At(at))],
        ["Sum"] = All(values => values.Sum()),
        ["Mean"] = All(values => values.Average()),
        ["Max"] = All(values => values.Max()),
        ["Min"] = All(values => values.Min()),
    };

    private static bool IsWhole(OnnxType type) => type is not (OnnxType.Float or OnnxType.Double or OnnxType.Float16);

    private static int[] Shape(OracleNode node) => OracleTensor.Broadcast(node.Inputs.Select(input => input!.Shape));

    private static Definition Of(Func<double, double, double> function) => node => Each(node, function);

    private static Definition Is(Func<double, double, bool> relation) => node => Each(node, (a, b) => relation(a, b) ? 1 : 0, OnnxType.Bool);

    private static Definition All(Func<IEnumerable<double>, double> function) =>
        node => [OracleTensor.Build(node.X.Type, Shape(node), at => function(node.Inputs.Select(input => input!.At(at))))];

    private static OracleTensor[] Each(OracleNode node, Func<double, double, double> function, OnnxType? type = null) =>
        [OracleTensor.Build(type ?? node.X.Type, Shape(node), at => function(node.X.At(at), node[1].At(at)))];
}
