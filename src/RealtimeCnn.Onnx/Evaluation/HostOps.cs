using RealtimeCnn.Onnx.Importing;

namespace RealtimeCnn.Onnx.Evaluation;

/// <summary>
/// Operators that are evaluated at load when everything they read is constant: shape arithmetic, and what exporters do to
/// weights. Exact in 64-bit integers; whatever is not in this table becomes a layer on constants, which is
/// folded as in any graph.
/// </summary>
internal static class HostOps
{
    private static readonly Dictionary<string, Func<OnnxNode, OnnxTensor[]>> Table = new(StringComparer.Ordinal)
    {
        ["Identity"] = node => [node.Constant(0, "input")],
        ["Cast"] = node => [HostShapes.Cast(node.Constant(0, "input"), Casts.Target(node))],
        ["CastLike"] = node => [HostShapes.Cast(node.Constant(0, "input"), node.Input(1).Type)],
        ["Gather"] = node => [HostShapes.Gather(node)],
        ["Concat"] = node => [HostShapes.Concat(node)],
        ["Slice"] = node => [HostShapes.Slice(node)],
        ["Transpose"] = node => [HostShapes.Transpose(node)],
        ["Expand"] = node => [HostShapes.Expand(node)],
        ["Tile"] = node => [HostShapes.Tile(node)],
        ["Range"] = node => [HostShapes.Range(node)],
        ["ConstantOfShape"] = node => [HostShapes.ConstantOfShape(node)],
        ["Where"] = node => [HostShapes.Where(node)],
        ["NonZero"] = node => [HostShapes.NonZero(node)],
        ["Reshape"] = node => [Reshaped(node, Shapes.ReshapeTarget(node, node.Input(0).Shape))],
        ["Flatten"] = node => [Reshaped(node, Shapes.FlattenTarget(node, node.Input(0).Shape))],
        ["Squeeze"] = node => [Reshaped(node, Shapes.SqueezeTarget(node, node.Input(0).Shape))],
        ["Unsqueeze"] = node => [Reshaped(node, Shapes.UnsqueezeTarget(node, node.Input(0).Shape))],
        ["Add"] = node => [HostArithmetic.Binary(node, (a, b) => a + b, (a, b) => a + b)],
        ["Sub"] = node => [HostArithmetic.Binary(node, (a, b) => a - b, (a, b) => a - b)],
        ["Mul"] = node => [HostArithmetic.Binary(node, (a, b) => a * b, (a, b) => a * b)],
        ["Div"] = node => [HostArithmetic.Binary(node, (a, b) => b switch { 0 => 0, -1 => unchecked(-a), _ => a / b }, (a, b) => a / b)],
        ["Mod"] = node => [Modulo(node)],
        ["Pow"] = node => [HostArithmetic.Binary(node, (a, b) => (long)Math.Pow(a, b), Math.Pow)],
        ["Max"] = node => [HostArithmetic.Variadic(node, Math.Max, Math.Max)],
        ["Min"] = node => [HostArithmetic.Variadic(node, Math.Min, Math.Min)],
        ["Sum"] = node => [HostArithmetic.Variadic(node, (a, b) => a + b, (a, b) => a + b)],
        ["Equal"] = node => [HostArithmetic.Compare(node, (a, b) => a == b, (a, b) => a == b)],
        ["Less"] = node => [HostArithmetic.Compare(node, (a, b) => a < b, (a, b) => a < b)],
        ["LessOrEqual"] = node => [HostArithmetic.Compare(node, (a, b) => a <= b, (a, b) => a <= b)],
        ["Greater"] = node => [HostArithmetic.Compare(node, (a, b) => a > b, (a, b) => a > b)],
        ["GreaterOrEqual"] = node => [HostArithmetic.Compare(node, (a, b) => a >= b, (a, b) => a >= b)],
        ["And"] = node => [HostArithmetic.Binary(node, (a, b) => a & b, (a, b) => a * b)],
        ["Or"] = node => [HostArithmetic.Binary(node, (a, b) => a | b, Math.Max)],
        ["Xor"] = node => [HostArithmetic.Binary(node, (a, b) => a ^ b, (a, b) => Math.Abs(a - b))],
        ["Not"] = node => [HostArithmetic.Unary(node, a => a == 0 ? 1 : 0, a => a == 0 ? 1 : 0)],
        ["Neg"] = node => [HostArithmetic.Unary(node, a => -a, a => -a)],
        ["Abs"] = node => [HostArithmetic.Unary(node, a => a < 0 ? -a : a, Math.Abs)],
        ["Sqrt"] = node => [HostArithmetic.Unary(node, a => (long)Math.Sqrt(a), Math.Sqrt)],
        ["Reciprocal"] = node => [HostArithmetic.Unary(node, a => a == 0 ? 0 : 1 / a, a => 1 / a)],
        ["Exp"] = node => [HostArithmetic.Unary(node, a => (long)Math.Exp(a), Math.Exp)],
        ["Log"] = node => [HostArithmetic.Unary(node, a => (long)Math.Log(a), Math.Log)],
        ["Floor"] = node => [HostArithmetic.Unary(node, a => a, Math.Floor)],
        ["Ceil"] = node => [HostArithmetic.Unary(node, a => a, Math.Ceiling)],
        ["Round"] = node => [HostArithmetic.Unary(node, a => a, a => Math.Round(a, MidpointRounding.ToEven))],
        ["Sign"] = node => [HostArithmetic.Unary(node, a => Math.Sign(a), a => double.IsNaN(a) ? a : Math.Sign(a))],
        ["ReduceSum"] = node => [HostArithmetic.Reduce(node, 0, (a, b) => a + b, (a, b) => a + b)],
        ["ReduceProd"] = node => [HostArithmetic.Reduce(node, 1, (a, b) => a * b, (a, b) => a * b)],
        ["ReduceMean"] = node => [HostArithmetic.Reduce(node, 0, (a, b) => a + b, (a, b) => a + b, mean: true)],
        ["ReduceMax"] = node => [HostArithmetic.Reduce(node, long.MinValue, Math.Max, Math.Max)],
        ["ReduceMin"] = node => [HostArithmetic.Reduce(node, long.MaxValue, Math.Min, Math.Min)],
        ["Split"] = Split,
        ["DequantizeLinear"] = node => [HostQuantization.Dequantize(node)],
        ["QuantizeLinear"] = node => [HostQuantization.Quantize(node)],
    };

    /// <summary>What evaluates an operator, or null where layers do. It counts what it reads before and what it makes.</summary>
    public static Func<OnnxNode, OnnxTensor[]>? Find(string op) => Table.TryGetValue(op, out var evaluate) ? node => Evaluate(node, evaluate) : null;

    /// <summary>
    /// What reads its inputs a few times and makes no more of them is counted here; what makes more counts the shape of the result
    /// (<see cref="HostTensors.NewShape"/>).
    /// </summary>
    private static OnnxTensor[] Evaluate(OnnxNode node, Func<OnnxNode, OnnxTensor[]> evaluate)
    {
        double elements = 0;
        for (int i = 0; i < node.InputCount; i++)
            elements += node.OptionalInput(i)?.Shape.Count ?? 0;
        node.Graph.Budget.Step(elements, "Evaluating it");
        return Array.ConvertAll(evaluate(node), node.Graph.Keep);
    }

    private static OnnxTensor Reshaped(OnnxNode node, Shape shape) => node.Constant(0, "data").Reshaped(shape);

    private static OnnxTensor Modulo(OnnxNode node)
    {
        bool truncated = node.Flag("fmod");
        return HostArithmetic.Binary(
            node,
            (a, b) => b is 0 or -1 ? 0 : truncated || a % b == 0 || a % b < 0 == b < 0 ? a % b : (a % b) + b,
            (a, b) => truncated ? a % b : a - (Math.Floor(a / b) * b));
    }

    private static OnnxTensor[] Split(OnnxNode node)
    {
        var x = node.Constant(0, "input");
        var (axis, parts) = Shapes.SplitParts(node, x.Shape);
        var results = new OnnxTensor[parts.Length];
        for (int i = 0, start = 0; i < parts.Length; start += parts[i++])
        {
            var shape = x.Shape.With(axis, parts[i]);
            int[] strides = HostTensors.Strides(x.Shape);
            results[i] = HostTensors.Take(x, shape, shape.Count == 0 ? [] : HostTensors.Positions(shape, strides, start * strides[axis]));
        }

        return results;
    }
}
