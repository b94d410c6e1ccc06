using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using RealtimeCnn.Layers;
using RealtimeCnn.SelfTests;

namespace RealtimeCnn.Tests;

/// <summary>The directions of docs/architecture.md, held on the built assemblies: who may reference whom, and which native libraries.</summary>
public sealed class ArchitectureTests
{
    private sealed record Rule(string[] References, string[] NativeLibraries);

    private static readonly Dictionary<string, Rule> Rules = new()
    {
        ["RealtimeCnn"] = new(["System.Numerics.Tensors"], []),
        ["RealtimeCnn.Onnx"] = new(["RealtimeCnn", "Google.Protobuf"], []),
        ["RealtimeCnn.OpenGL"] = new(["RealtimeCnn"], ["libEGL", "glfw", "libc", "opengl32"]),
        ["RealtimeCnn.SelfTests"] = new(["RealtimeCnn", "RealtimeCnn.OpenGL"], []),
        ["RealtimeCnn.Camera"] = new(["RealtimeCnn"], ["turbojpeg", "libc"]),
        ["RealtimeCnn.Textbook"] = new(["RealtimeCnn", "RealtimeCnn.OpenGL"], []),
        ["RealtimeCnn.Silk"] = new(["RealtimeCnn", "RealtimeCnn.OpenGL", "Silk.NET."], []),
        ["RealtimeCnn.Camera.Emgu"] = new(["RealtimeCnn", "RealtimeCnn.Camera", "Emgu.CV"], ["libc", "ucrtbase"]), // The native environment.
        ["RealtimeCnn.App"] = new(["RealtimeCnn", "RealtimeCnn.OpenGL", "RealtimeCnn.Camera", "RealtimeCnn.Onnx"], []),
        ["rtcnn"] = new(["RealtimeCnn", "System.CommandLine"], []),
        ["RealtimeCnn.Fuzz"] = new(["RealtimeCnn", "RealtimeCnn.Onnx", "RealtimeCnn.OpenGL", "Google.Protobuf"], ["libc"]),
        ["RealtimeCnn.OutsideLayer"] = new(["RealtimeCnn", "RealtimeCnn.Onnx", "RealtimeCnn.OpenGL"], []),
        ["RealtimeCnn.Demo"] = new(["RealtimeCnn", "System.CommandLine"], []),
    };

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

    [Fact]
    public void The_rules_see_the_assemblies_and_their_references()
    {
        Assert.Superset(new HashSet<string> { "RealtimeCnn", "RealtimeCnn.OpenGL", "RealtimeCnn.Camera", "rtcnn", "RealtimeCnn.Demo" }, Ours().ToHashSet());
        Assert.Contains("RealtimeCnn", References("rtcnn"));
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
        var missing = layers.Where(type => !covered.Contains(type)).Select(type => type.Name).Order().ToArray();
        Assert.True(missing.Length == 0, $"No LayerCases for {string.Join(", ", missing)}: see docs/adding-a-layer.md.");
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

    private static string[] Read(string assembly, Func<MetadataReader, IEnumerable<string>> query)
    {
        using var file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, assembly + ".dll"));
        using var image = new PEReader(file);
        return [.. query(image.GetMetadataReader())];
    }
}
