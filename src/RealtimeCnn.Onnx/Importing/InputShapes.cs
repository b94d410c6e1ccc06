using RealtimeCnn.Onnx.Protos;
using RealtimeCnn.Onnx.Reading;

namespace RealtimeCnn.Onnx.Importing;

/// <summary>Finds the shape of an input whose file may leave axes open.</summary>
internal static class InputShapes
{
    private static readonly Size2d DefaultSize = 224;

    /// <summary>The inputs of a graph that are not initialised.</summary>
    public static IReadOnlyList<OnnxDeclaration> Declarations(GraphProto graph)
    {
        var initialised = graph.Initializer.Select(initializer => initializer.Name).ToHashSet(StringComparer.Ordinal);
        static int? Extent(TensorShapeProto.Types.Dimension dim) => IsOpen(dim) || dim.DimValue is < 0 or > int.MaxValue ? null : (int)dim.DimValue;
        return [.. graph.Input.Where(input => !initialised.Contains(input.Name)).Select(input => new OnnxDeclaration(
            input.Name,
            (OnnxType)(input.Type?.TensorType?.ElemType ?? 0),
            input.Type?.TensorType?.Shape?.Dim.Select(Extent).ToArray()))];
    }

    /// <param name="info">What the file declares.</param>
    /// <param name="given">What the caller says, if anything.</param>
    /// <param name="size">Height and width to take where they are open.</param>
    /// <param name="note">Told about every axis that was chosen here.</param>
    public static Shape Resolve(ValueInfoProto info, Shape? given, Size2d? size, Action<string> note)
    {
        var declared = info.Type.TensorType.Shape;
        if (declared == null)
            return given ?? throw new OnnxException($"Input '{info.Name}' does not declare its shape; give it at load.");
        string text = $"[{string.Join(", ", declared.Dim.Select(Text))}]";
        if (given is { } shape)
        {
            bool fits = shape.Rank == declared.Dim.Count;
            for (int axis = 0; fits && axis < shape.Rank; axis++)
                fits = IsOpen(declared.Dim[axis]) || declared.Dim[axis].DimValue == shape[axis];
            return fits ? shape : throw new OnnxException($"Input '{info.Name}' is {text}; {shape} was given.");
        }

        var chosen = size ?? DefaultSize;
        int rank = declared.Dim.Count;
        int height = IsChannelsLast(declared) ? 1 : 2;
        long[] extents = declared.Dim.Map((dim, axis) => !IsOpen(dim) ? dim.DimValue
            : rank == 4 && axis == height ? chosen.Height
            : rank == 4 && axis == height + 1 ? chosen.Width
            : rank == 4 && axis == 1 ? 3
            : 1);
        var resolved = TensorReader.ReadShape(extents, $"Input '{info.Name}'");
        if (declared.Dim.Any(IsOpen))
            note($"Input '{info.Name}' is declared as {text}; the graph was made for {resolved}. Shapes that the file computes from it hold for this size: load again for another.");
        return resolved;
    }

    // As TensorFlow has pictures.
    private static bool IsChannelsLast(TensorShapeProto declared) =>
        declared.Dim.Count == 4 && declared.Dim[3] is var last && declared.Dim[1] is var second && !IsOpen(last) && last.DimValue is 1 or 3 && (IsOpen(second) || second.DimValue is not (1 or 3));

    private static bool IsOpen(TensorShapeProto.Types.Dimension dim) =>
        dim.ValueCase != TensorShapeProto.Types.Dimension.ValueOneofCase.DimValue || dim.DimValue == 0;

    private static string Text(TensorShapeProto.Types.Dimension dim) => dim.ValueCase switch
    {
        TensorShapeProto.Types.Dimension.ValueOneofCase.DimValue => $"{dim.DimValue}",
        TensorShapeProto.Types.Dimension.ValueOneofCase.DimParam => dim.DimParam,
        _ => "?",
    };
}
