using RealtimeCnn.Layers;

namespace RealtimeCnn.Onnx.Importing;

/// <summary>Runs signals <c>[N, C, L]</c> as pictures <c>[N, C, 1, L]</c>; the reshapes cost nothing.</summary>
internal static class Planar
{
    public static Value Through(OnnxNode node, Value x, Func<Value, Value> picture) => x.Shape.Rank == 3
        ? node.Add(new Squeeze(2), picture(node.Add(new Unsqueeze(2), x)))
        : picture(x);
}
