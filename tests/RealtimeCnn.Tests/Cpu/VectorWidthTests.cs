using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;
using RealtimeCnn.Cpu;
using RealtimeCnn.Images;
using RealtimeCnn.SelfTests;
using RealtimeCnn.Tests.Fuzz;
using RealtimeCnn.Tests.Images;
using RealtimeCnn.Tests.Oracles;

namespace RealtimeCnn.Tests.Cpu;

/// <summary>
/// The CPU path on processors of other kinds: every layer's cases, and frames that become tensors, in a process whose vector instructions are switched off, by the
/// switches of the runtime.
/// </summary>
public class VectorWidthTests
{
    private static readonly Lazy<Run> Whole = new(() => Start([]));

    private static IEnumerable<string> Expected => ChildProgram.GuardedCases.Concat(PreprocessingCases.All.Select(NameOf)).Order(StringComparer.Ordinal);

    [Fact]
    public void Narrower_vectors_with_fused_multiply_add_give_the_same_bits()
    {
        var narrow = Start(new() { ["DOTNET_EnableAVX512F"] = "0", ["DOTNET_EnableAVX512"] = "0" });
        Assert.False(narrow.Has512, "The switch for 512 bits does nothing: find its name in this runtime.");
        Assert.Equal(Whole.Value.HasFma, narrow.HasFma);
        Assert.Equal(Expected, narrow.Bits.Keys.Order(StringComparer.Ordinal));
        Assert.Empty(narrow.Bits.Where(entry => Whole.Value.Bits[entry.Key] != entry.Value).Select(entry => entry.Key));
        Assert.Empty(narrow.Wrong);
    }

    [Fact]
    public void Without_fused_multiply_add_results_are_within_the_same_tolerances()
    {
        var oldest = Start(new() { ["DOTNET_EnableAVX"] = "0", ["DOTNET_EnableAVX2"] = "0", ["DOTNET_EnableFMA"] = "0" });
        Assert.False(oldest.HasFma, "The switches do nothing: find their names in this runtime.");
        Assert.Equal(Expected, oldest.Bits.Keys.Order(StringComparer.Ordinal));
        Assert.Empty(oldest.Wrong);
    }

    [Fact]
    public void Without_any_vector_instructions_results_are_within_the_same_tolerances()
    {
        var scalar = Start(new() { ["DOTNET_EnableHWIntrinsic"] = "0" });
        Assert.False(scalar.HasVectors, "The switch does nothing: find its name in this runtime.");
        Assert.Equal(Expected, scalar.Bits.Keys.Order(StringComparer.Ordinal));
        Assert.Empty(scalar.Wrong);
    }

    /// <summary>In the child: a line for each case with the hash of its result, or with what is wrong about it.</summary>
    internal static void PrintBits(TextWriter output)
    {
        output.WriteLine($"processor\t{Vector512.IsHardwareAccelerated}\t{Fma.IsSupported}\t{Vector128.IsHardwareAccelerated}");
        foreach (string id in ChildProgram.GuardedCases)
        {
            var layerCase = LayerCases.Find(id);
            using var run = new LayerRun(layerCase);
            using var network = new CpuNetwork(run.Graph, new NetworkOptions { Threads = 1, Mode = layerCase.Mode });
            var result = network.Run(run.Inputs)[0];
            byte[] hash = SHA256.HashData(MemoryMarshal.AsBytes(result.Span));
            output.WriteLine($"bits\t{id}\t{Convert.ToHexString(hash)}");
            try
            {
                Closeness.Assert(run.Expected, result, layerCase.ToleranceOf(network), id);
            }
            catch (Exception problem)
            {
                output.WriteLine($"wrong\t{problem.Message.ReplaceLineEndings(" ")}");
            }
        }

        foreach (var one in PreprocessingCases.All)
            PrintBits(output, one);
    }

    private static void PrintBits(TextWriter output, PreprocessingCase one)
    {
        using var tensor = new Tensor(one.Preprocessing.Shape);
        new ImageToTensor(one.Preprocessing).Run(one.Pixels(), one.Format, one.Geometry, tensor);
        output.WriteLine($"bits\t{NameOf(one)}\t{Convert.ToHexString(SHA256.HashData(MemoryMarshal.AsBytes(tensor.Span)))}");
        var expected = PreprocessingOracle.Compute(one.Preprocessing, one.Pixels(), one.Format, one.Geometry);
        double tolerance = 1e-6 * Math.Max(1, 255 * one.Preprocessing.Scale.B);
        for (int i = 0; i < expected.Values.Length; i++)
        {
            if (!(Math.Abs(expected[i] - tensor.Span[i]) <= tolerance))
                output.WriteLine($"wrong\t{NameOf(one)} at {i}");
        }
    }

    private static string NameOf(PreprocessingCase one) => $"frame {one.Name}";

    private static Run Start(Dictionary<string, string> switches)
    {
        string host = Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";
        var start = new ProcessStartInfo(host, ["exec", typeof(VectorWidthTests).Assembly.Location, "bits"]) { RedirectStandardOutput = true };
        foreach (var (name, value) in switches)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        string[][] lines = [.. process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.TrimEnd('\r').Split('\t'))];
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, string.Create(CultureInfo.InvariantCulture, $"The child ended with {process.ExitCode} after {lines.Length} lines."));
        return new Run(
            bool.Parse(lines[0][1]), bool.Parse(lines[0][2]), bool.Parse(lines[0][3]), lines.Where(line => line[0] == "bits").ToDictionary(line => line[1], line => line[2]),
            [.. lines.Where(line => line[0] == "wrong").Select(line => line[1])]);
    }

    private sealed record Run(bool Has512, bool HasFma, bool HasVectors, Dictionary<string, string> Bits, string[] Wrong);
}
