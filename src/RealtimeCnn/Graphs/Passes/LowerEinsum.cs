using RealtimeCnn.Layers;

namespace RealtimeCnn.Graphs.Passes;

/// <summary>
/// Turns an <see cref="Einsum"/> that is a product of matrices, or of batches of them, into <see cref="MatMul"/>, with a
/// <see cref="Transpose"/> where axes lie otherwise: one summed letter, one that only the left and one that only the right input
/// has, and any number that both inputs and the output have.
/// </summary>
/// <remarks>Sums are then kept in float32, in the order of the summed letter.</remarks>
internal static class LowerEinsum
{
    public static Graph Run(Graph graph) => GraphRewriter.Rewrite(graph, (node, inputs) =>
    {
        if (node.Layer is not Einsum einsum || inputs.Count != 2)
            return null;
        var (terms, output) = einsum.Terms(2);
        if (Matrices(terms[0], terms[1], output) is not { } letters)
            return null;
        string batch = letters.Batch;
        var left = Ordered(node, "left", inputs[0], terms[0], $"{batch}{letters.Row}{letters.Summed}");
        var right = Ordered(node, "right", inputs[1], terms[1], $"{batch}{letters.Summed}{letters.Column}");
        string product = $"{batch}{letters.Row}{letters.Column}";
        return product == output
            ? new Node(node.Name, new MatMul(), [left, right], [])
            : new Node(node.Name, Order(product, output), [new Node($"{node.Name}/product", new MatMul(), [left, right], [])], []);
    });

    private static (string Batch, char Row, char Column, char Summed)? Matrices(string left, string right, string output)
    {
        if (left.Distinct().Count() != left.Length || right.Distinct().Count() != right.Length)
            return null;
        string shared = new([.. output.Where(letter => left.Contains(letter) && right.Contains(letter))]);
        string rows = new([.. left.Where(letter => !right.Contains(letter))]), columns = new([.. right.Where(letter => !left.Contains(letter))]);
        string summed = new([.. left.Where(letter => right.Contains(letter) && !output.Contains(letter))]);
        return rows.Length == 1 && columns.Length == 1 && summed.Length == 1 && output.Contains(rows[0]) && output.Contains(columns[0])
            ? (shared, rows[0], columns[0], summed[0])
            : null;
    }

    private static Node Ordered(Node node, string side, Node input, string given, string asked) =>
        given == asked ? input : new Node($"{node.Name}/{side}", Order(given, asked), [input], []);

    private static Transpose Order(string given, string asked) => new([.. asked.Select(letter => given.IndexOf(letter))]);
}
