using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.CompilerServices;
using RealtimeCnn.Layers;
using RealtimeCnn.SelfTests;

namespace RealtimeCnn.Tests;

/// <summary>The directions of docs/architecture.md, held on the built assemblies: who may reference whom, and which native libraries.</summary>
public sealed class ArchitectureTests
{
    private sealed record Rule(string[] References, string[] NativeLibraries);

    private const string Logging = "Microsoft.Extensions.Logging.Abstractions";

    private static readonly Dictionary<string, Rule> Rules = new()
    {
        ["RealtimeCnn"] = new(["System.Numerics.Tensors", Logging], []),
        ["RealtimeCnn.Onnx"] = new(["RealtimeCnn", "Google.Protobuf"], []),
        ["RealtimeCnn.OpenGL"] = new(["RealtimeCnn", Logging], ["libEGL", "glfw", "libc", "opengl32"]),
        ["RealtimeCnn.SelfTests"] = new(["RealtimeCnn", "RealtimeCnn.OpenGL"], []),
        ["RealtimeCnn.Camera"] = new(["RealtimeCnn"], ["turbojpeg", "libc"]),
        ["RealtimeCnn.Textbook"] = new(["RealtimeCnn", "RealtimeCnn.OpenGL"], []),
        ["RealtimeCnn.Silk"] = new(["RealtimeCnn", "RealtimeCnn.OpenGL", "Silk.NET."], []),
        ["RealtimeCnn.Camera.Emgu"] = new(["RealtimeCnn", "RealtimeCnn.Camera", "Emgu.CV"], ["libc", "ucrtbase"]), // The native environment.
        ["RealtimeCnn.App"] = new(["RealtimeCnn", "RealtimeCnn.OpenGL", "RealtimeCnn.Camera", "RealtimeCnn.Onnx", Logging], []),
        ["rtcnn"] = new(["RealtimeCnn", "System.CommandLine"], []),
        ["RealtimeCnn.Fuzz"] = new(["RealtimeCnn", "RealtimeCnn.Onnx", "RealtimeCnn.OpenGL", "Google.Protobuf"], ["libc"]),
        ["RealtimeCnn.OutsideLayer"] = new(["RealtimeCnn", "RealtimeCnn.Onnx", "RealtimeCnn.OpenGL"], []),
        ["RealtimeCnn.Demo"] = new(["RealtimeCnn", "System.CommandLine", Logging], []),
    };

    // Whoever else sees an assembly's internals besides the tests. The GPU's half of the library and its fuzzer belong to the core as a
    // compiler's back end does; Camera.Emgu is a part of Camera that stands alone for its licence. Everybody else lives by the public surface.
    private static readonly Dictionary<string, string[]> Friends = new()
    {
        ["RealtimeCnn"] = ["RealtimeCnn.OpenGL", "RealtimeCnn.SelfTests", "RealtimeCnn.Fuzz"],
        ["RealtimeCnn.OpenGL"] = ["RealtimeCnn.SelfTests"],
        ["RealtimeCnn.Camera"] = ["RealtimeCnn.Camera.Emgu"],
        ["RealtimeCnn.Onnx"] = ["RealtimeCnn.Fuzz"],
        ["RealtimeCnn.Fuzz"] = ["RealtimeCnn.Benchmarks"],
    };

    // Layers that no shader computes, each with cases of its own.
    private static readonly Type[] OnTheCpuAlone = [typeof(Einsum), typeof(GatherElements), typeof(GatherNd), typeof(NonMaxSuppression)];

    // Composition roots may use every library of ours.
    private static readonly string[] Roots = ["rtcnn", "RealtimeCnn.Demo"];

    public static TheoryData<string> Assemblies() => [.. Ours()];

    private static string[] Ours() =>
        [.. Directory.GetFiles(AppContext.BaseDirectory, "*.dll").Select(path => Path.GetFileNameWithoutExtension(path))
            .Where(name => (name.StartsWith("RealtimeCnn", StringComparison.Ordinal) && name != "RealtimeCnn.Tests") || Roots.Contains(name))];

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void References_point_only_where_the_design_allows(string assembly)
    {
        Assert.True(Rules.TryGetValue(assembly, out var rule), $"{assembly} has no rule here: state in docs/architecture.md and in this table what it may reference.");
        var wrong = References(assembly).Where(reference => !IsRuntime(reference) && !Allows(assembly, rule, reference)).ToArray();
        Assert.True(wrong.Length == 0, $"{assembly} must not reference {string.Join(", ", wrong)}.");
    }

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void Native_libraries_are_only_those_of_the_assembly_s_own_subject(string assembly)
    {
        var wrong = NativeLibraries(assembly).Where(library => !Rules[assembly].NativeLibraries.Any(allowed => library.Contains(allowed, StringComparison.Ordinal))).ToArray();
        Assert.True(wrong.Length == 0, $"{assembly} must not call into {string.Join(", ", wrong)}.");
    }

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void Nobody_sees_the_internals_of_an_assembly_but_its_friends(string assembly) =>
        Assert.Equal(Friends.GetValueOrDefault(assembly, []).Order(StringComparer.Ordinal), FriendsOf(assembly).Where(friend => friend != "RealtimeCnn.Tests").Order(StringComparer.Ordinal));

    [Fact]
    public void The_rules_see_the_assemblies_and_their_references()
    {
        Assert.Superset(new HashSet<string> { "RealtimeCnn", "RealtimeCnn.OpenGL", "RealtimeCnn.Camera", "rtcnn", "RealtimeCnn.Demo" }, Ours().ToHashSet());
        Assert.Contains("RealtimeCnn", References("rtcnn"));
        Assert.Contains("RealtimeCnn.Tests", FriendsOf("RealtimeCnn"));
        Assert.False(Allows("RealtimeCnn", Rules["RealtimeCnn"], "RealtimeCnn.OpenGL"));
        Assert.False(Allows("RealtimeCnn.Camera", Rules["RealtimeCnn.Camera"], "RealtimeCnn.OpenGL"));
        Assert.False(Allows("RealtimeCnn.OpenGL", Rules["RealtimeCnn.OpenGL"], "RealtimeCnn.Onnx"));
        Assert.False(IsRuntime("System.CommandLine"));
    }

    [Fact]
    public void Every_layer_has_test_cases_which_run_on_both_backends()
    {
        var layers = typeof(Layer).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Layer)) && !type.IsAbstract && type.IsPublic && type != typeof(Input) && type != typeof(NodeOutput));
        var covered = LayerCases.All.Select(layerCase => layerCase.Layer.GetType()).ToHashSet();
        var missing = layers.Where(type => !covered.Contains(type) && !OnTheCpuAlone.Contains(type)).Select(type => type.Name).Order().ToArray();
        Assert.True(missing.Length == 0, $"No LayerCases for {string.Join(", ", missing)}: see docs/adding-a-layer.md.");
        Assert.All(OnTheCpuAlone, type => Assert.NotNull(typeof(LayerCases).Assembly.GetType($"RealtimeCnn.SelfTests.Cases.{type.Name}Cases")));
    }

    private static bool Allows(string assembly, Rule rule, string reference) =>
        rule.References.Any(allowed => reference == allowed || (allowed.EndsWith('.') && reference.StartsWith(allowed, StringComparison.Ordinal)))
        || (Roots.Contains(assembly) && reference.StartsWith("RealtimeCnn.", StringComparison.Ordinal) && !Roots.Contains(reference));

    private static bool IsRuntime(string reference) =>
        File.Exists(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, reference + ".dll"));

    private static string[] References(string assembly) => Read(assembly, reader =>
        reader.AssemblyReferences.Select(handle => reader.GetString(reader.GetAssemblyReference(handle).Name)));

    private static string[] NativeLibraries(string assembly) => Read(assembly, reader =>
        reader.MethodDefinitions.Select(handle => reader.GetMethodDefinition(handle).GetImport().Module).Where(module => !module.IsNil).Distinct()
            .Select(module => reader.GetString(reader.GetModuleReference(module).Name)));

    private static IEnumerable<string> FriendsOf(string assembly) =>
        Assembly.Load(assembly).GetCustomAttributes<InternalsVisibleToAttribute>().Select(friend => friend.AssemblyName);

    private static string[] Read(string assembly, Func<MetadataReader, IEnumerable<string>> query)
    {
        using var file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, assembly + ".dll"));
        using var image = new PEReader(file);
        return [.. query(image.GetMetadataReader())];
    }
}
