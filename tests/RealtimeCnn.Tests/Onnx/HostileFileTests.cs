using System.Diagnostics;
using Google.Protobuf;
using RealtimeCnn.Cpu;
using RealtimeCnn.Models;
using RealtimeCnn.Onnx;
using RealtimeCnn.Onnx.Export;

namespace RealtimeCnn.Tests.Onnx;

/// <summary>
/// Small files that ask for much are answered with the default limits: refused with the name of the limit, or loaded and run, in
/// bounded memory, and without an error that is not about the file.
/// </summary>
[Collection(nameof(UntrustedFileTests))]
public sealed class HostileFileTests
{
    private const string Memory = nameof(OnnxLimits.MaxTensorBytes), Work = nameof(OnnxLimits.MaxOperations), Nodes = nameof(OnnxLimits.MaxNodes);

    // What may be allocated on the way to a refusal, freed at once or not: the limit, and what steps need until they are done.
    private const long MostAllocated = 3L << 30;

    // Far above what any of these takes; without limits they take minutes to hours.
    private static readonly TimeSpan NotHung = TimeSpan.FromSeconds(100);

    public static TheoryData<string, string> Refused() => new()
    {
        { "casts of a large constant", Memory },
        { "casts of a constant", Memory },
        { "a chain of negations", Memory },
        { "a cubic resize", "OnnxLimits." },
        { "a resize to what fits until channels are blocked", "floats in memory" },
        { "a dropout mask", Memory },
        { "a large input", Memory },
        { "a mask of an input that fits", Memory },
        { "one channel that becomes a block", Memory },
        { "a table for every place", Memory },
        { "weights read by many nodes", Memory },
        { "weights folded by many nodes", Memory },
        { "many ranges", "OnnxLimits." },
        { "a large range", "extent" },
        { "a large tile", "OnnxLimits." },
        { "a large pad", Memory },
        { "a deep one-hot", Memory },
        { "a maximum of many constants", "OnnxLimits." },
        { "a sum of many inputs", Nodes },
        { "many inputs", Nodes },
        { "many outputs", Nodes },
        { "many parts", Nodes },
        { "many attributes", nameof(OnnxLimits.MaxConnections) },
        { "suppression of many boxes", Work },
        { "a large contraction", Work },
        { "a wide window of one channel", Work },
        { "a deep chain of functions", Work },
        { "a long name", nameof(OnnxLimits.MaxNameBytes) },
        { "a long value name", nameof(OnnxLimits.MaxNameBytes) },
        { "a name with escape sequences", "control characters" },
        { "an endless equation", "900000 bytes" },
        { "an endless path", "plain file" },
        { "many unknown operators", "and 9960 more" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void It_is_refused_before_it_is_done(string name, string said)
    {
        byte[] file = HostileFiles.Make(name).ToByteArray();
        long native = Tensor.LiveBytes, allocated = GC.GetTotalAllocatedBytes(true);
        var watch = Stopwatch.StartNew();
        var problem = Assert.Throws<OnnxException>(() => OnnxModel.Load(file, "small.onnx", folder: Path.GetTempPath()).Dispose());
        Assert.Contains(said, problem.Message, StringComparison.Ordinal);
        Assert.InRange(problem.Message.Length, 1, 100_000);
        Assert.DoesNotContain(problem.Message, letter => char.IsControl(letter) && letter is not ('\n' or '\r'));
        Assert.Equal(native, Tensor.LiveBytes);
        Assert.InRange(GC.GetTotalAllocatedBytes(true) - allocated, 0, MostAllocated);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, NotHung);
    }

    [Theory]
    [InlineData("identity of a known input", 4)]
    [InlineData("sum of one known input", 4)]
    [InlineData("smallest of one known input", 4)]
    [InlineData("largest of one known input", 4)]
    [InlineData("one known input alone in a concat", 4)]
    [InlineData("a known input cast to its own type", 4)]
    [InlineData("a concat of one value many times", 100_000)]
    [InlineData("a chain of fifteen thousand nodes", 4)]
    [InlineData("fifteen thousand values at once", 60_000)]
    [InlineData("a thousand labels", 4)]
    public void It_is_right_although_it_is_odd(string name, int elements)
    {
        var proto = HostileFiles.Make(name);
        var watch = Stopwatch.StartNew();
        var known = new Dictionary<string, OnnxTensor>();
        if (proto.Graph.Input.Any(input => input.Name == "shape"))
            known["shape"] = OnnxTensor.Vector(2, 2);
        using var model = proto.Load(new OnnxLoadOptions { Inputs = known });
        using var network = new CpuNetwork(model.Graph, new NetworkOptions { Threads = 1 });
        using var x = new Tensor(new Shape(4), [0.5f, 0.5f, 0.5f, 0.5f]);
        var result = network.Run(x)[0];
        Assert.Equal(elements, result.Shape.Count);
        Assert.All(result.Span.ToArray(), value => Assert.True(value > 0));
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, NotHung);
    }

    [Fact]
    public void A_limit_that_is_raised_lets_through_what_it_refused()
    {
        var file = HostileFiles.Make("casts of a constant");
        using var model = file.Load(new OnnxLoadOptions { Limits = new OnnxLimits { MaxTensorBytes = 8L << 30, MaxOperations = long.MaxValue } });
        Assert.Equal("y", model.Outputs[0].Name);
    }

    [Fact]
    public void Networks_of_the_catalogue_pass_the_default_limits()
    {
        foreach (string name in new[] { "vgg16", "resnet50" })
        {
            using var graph = ModelCatalog.Create(name);
            using var model = OnnxModel.Load(OnnxExporter.ToBytes(graph), $"{name}.onnx");
            Assert.Equal(graph.ParameterCount, model.Graph.ParameterCount);
        }
    }
}
