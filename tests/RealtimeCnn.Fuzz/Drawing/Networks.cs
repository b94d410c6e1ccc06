using RealtimeCnn.Fuzz.Operators;

namespace RealtimeCnn.Fuzz.Drawing;

/// <summary>Small networks: a few operators behind and beside each other, and the patterns that passes rewrite.</summary>
internal static class Networks
{
    private static readonly Action<Draft>[] Patterns = [ConvBatchNormRelu, Residual, PadConv, ConstantArithmetic, NamedConstant, FlattenByShape];

    public static void Draw(Draft d)
    {
        d.Input([1, d.Any(1, 3, 16, 17), d.Next(3, 9), d.Next(3, 9)], -1, 1);
        OperatorDraw[] usable = [.. OperatorDraws.Tame.Where(draw => draw.Since <= d.Opset && d.Opset <= draw.Until)];
        for (int nodes = d.Next(2, 6); nodes > 0; nodes--)
        {
            if (d.Chance(0.35))
                d.Any(Patterns)(d);
            else
                d.Any(usable).Draw(d);
        }
    }

    private static void ConvBatchNormRelu(Draft d)
    {
        var y = Normalizations.BatchNorm(d, Windows.Conv(d));
        if (d.Chance(0.8))
            d.Node(d.Any("Relu", "Sigmoid", "LeakyRelu", "Tanh"), [y]);
    }

    /// <summary>A convolution beside which its input goes by.</summary>
    private static void Residual(Draft d)
    {
        var x = d.Floats(4);
        int channels = x.Shape[1];
        var y = d.Node("Conv", [x, d.Constant([channels, channels, 3, 3], -0.3, 0.3), d.Constant([channels])], ("pads", new[] { 1, 1, 1, 1 }));
        var sum = d.Node("Add", d.Chance(0.5) ? [x, y] : [y, x]);
        if (d.Chance(0.6))
            d.Node("Relu", [sum]);
    }

    private static void PadConv(Draft d)
    {
        var x = d.Floats(4);
        int[] pads = [0, 0, d.Next(0, 2), d.Next(0, 2), 0, 0, d.Next(0, 2), d.Next(0, 2)];
        var padded = d.Opset < 11 ? d.Node("Pad", [x], ("pads", pads)) : d.Node("Pad", [x, d.Vector(pads)]);
        d.Node("Conv", [padded, d.Constant([d.Any(1, 4, 17), x.Shape[1], 1, 1])], ("pads", d.Maybe(new[] { 0, 1, 0, 1 })));
    }

    /// <summary>Constants that are computed from constants.</summary>
    private static void ConstantArithmetic(Draft d)
    {
        var x = d.Floats(d.Next(1, 4));
        int[] shape = d.Stretching(x.Shape);
        var folded = d.Node(d.Any("Add", "Sub", "Mul"), [d.Constant(shape), d.Constant(shape)]);
        d.Node("Add", [x, d.Node(d.Any("Relu", "Tanh", "Neg", "Identity"), [folded])]);
    }

    /// <summary>Weights behind an Identity, as exporters write shared ones.</summary>
    private static void NamedConstant(Draft d)
    {
        var x = d.Floats(2);
        d.Node("MatMul", [x, d.Node("Identity", [d.Constant([x.Shape[1], d.Any(1, 3, 16)], -0.5, 0.5)])]);
    }

    /// <summary>A shape that the file computes from its input's shape.</summary>
    private static void FlattenByShape(Draft d)
    {
        var x = d.Floats(4);
        var batch = d.Node("Gather", [d.Node("Shape", [x]), d.Vector(0)], ("axis", 0));
        d.Node("Reshape", [x, d.Node("Concat", [batch, d.Vector(-1)], ("axis", 0))]);
    }
}
