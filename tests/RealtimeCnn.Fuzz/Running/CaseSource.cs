using Google.Protobuf;
using RealtimeCnn.Fuzz.Damage;
using RealtimeCnn.Fuzz.Drawing;
using RealtimeCnn.Fuzz.Operators;
using RealtimeCnn.Fuzz.Oracle;

namespace RealtimeCnn.Fuzz.Running;

/// <summary>
/// Makes a case of a seed, the same for all time: in turn a file of one operator (every operator in turn), a small network, a
/// model whose numbers, names and shapes are damaged, and a file whose bytes are.
/// </summary>
/// <param name="corpus">Files that are damaged beside the drawn ones; may be empty.</param>
internal sealed class CaseSource(IReadOnlyList<string> corpus)
{
    private static readonly int[] Opsets = [9, 10, 11, 12, 13, 15, 17, 18, 19, 20, 21, 22, 24];

    /// <summary>All <c>.onnx</c> files below a folder; none where it is null.</summary>
    public static IReadOnlyList<string> Corpus(string? folder) =>
        folder == null ? [] : [.. Directory.EnumerateFiles(folder, "*.onnx", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    public FuzzCase Make(int seed)
    {
        var random = new Random(seed);
        return (seed & 3) switch
        {
            0 => Operator(OperatorDraws.All[(seed >> 2) % OperatorDraws.All.Count], seed),
            1 => Network(seed, random),
            2 when random.Next(10) == 0 => Hostile(HostileDraws.All[random.Next(HostileDraws.All.Count)], seed),
            2 => Damaged(seed, random, ModelMutator.Mutate, "damaged model"),
            _ => Damaged(seed, random, FileMutator.Mutate, "damaged bytes"),
        };
    }

    /// <summary>A valid file of one operator.</summary>
    public static FuzzCase Operator(OperatorDraw draw, int seed)
    {
        var random = new Random(seed);
        int[] opsets = [.. Opsets.Where(opset => draw.Since <= opset && opset <= draw.Until)];
        var draft = new Draft(random, opsets[random.Next(opsets.Length)]);
        draw.Draw(draft);
        return Close(draft, seed, draw.Op);
    }

    /// <summary>A file that is written to break a reader.</summary>
    public static FuzzCase Hostile((string Name, Action<Draft> Draw) hostile, int seed)
    {
        var draft = new Draft(new Random(seed), 22) { HasOracle = false };
        hostile.Draw(draft);
        return Close(draft, seed, $"hostile: {hostile.Name}") with { IsValid = false, IsHostile = true, Expected = new Dictionary<string, OracleTensor>() };
    }

    private static FuzzCase Network(int seed, Random random)
    {
        var draft = new Draft(random, Opsets[random.Next(Opsets.Length)]) { Chains = true };
        Networks.Draw(draft);
        return Close(draft, seed, string.Join(' ', draft.Model.Graph.Node.Select(node => node.OpType)));
    }

    private static FuzzCase Close(Draft draft, int seed, string name)
    {
        draft.Close();
        var outputs = draft.Model.Graph.Output.Select(output => output.Name);
        return new FuzzCase(seed, $"{name} (opset {draft.Opset})", draft.Model.ToByteArray())
        {
            Inputs = draft.Inputs,
            ToldAtLoad = draft.ToldAtLoad,
            Expected = outputs.Where(output => draft.ValueOf(output) != null).ToDictionary(output => output, output => draft.ValueOf(output)!, StringComparer.Ordinal),
            IsValid = true,
            Magnitude = draft.Magnitude,
        };
    }

    private FuzzCase Damaged(int seed, Random random, Func<byte[], int, byte[]> damage, string how)
    {
        if (corpus.Count > 0 && random.Next(2) == 0)
        {
            string path = corpus[random.Next(corpus.Count)];
            return new FuzzCase(seed, $"{how} of {path}", damage(File.ReadAllBytes(path), seed));
        }

        var whole = random.Next(3) > 0 ? Operator(OperatorDraws.All[random.Next(OperatorDraws.All.Count)], seed) : Network(seed, random);
        return whole with { Name = $"{how} of {whole.Name}", File = damage(whole.File, seed), Expected = new Dictionary<string, OracleTensor>(), IsValid = false };
    }
}
