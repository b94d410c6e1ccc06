using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using RealtimeCnn.Cpu;
using RealtimeCnn.Layers;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Kernels;
using RealtimeCnn.SelfTests;

namespace RealtimeCnn.Tests;

/// <summary>The directions of docs/architecture.md, held on the built assemblies: who may reference whom, and which native libraries.</summary>
public sealed partial class ArchitectureTests
{
    private sealed record Rule(string[] References, string[] NativeLibraries);

    private const string Logging = "Microsoft.Extensions.Logging.Abstractions";

    // The page's server, which nobody else may use.
    private static readonly string[] AspNetCore = ["Microsoft.AspNetCore", "Microsoft.AspNetCore.", "Microsoft.Extensions.DependencyInjection.Abstractions", "Microsoft.Extensions.Hosting.Abstractions", "Microsoft.Extensions.Features", "Microsoft.Extensions.Primitives"];

    private static readonly Dictionary<string, Rule> Rules = new()
    {
        ["RealtimeCnn"] = new(["System.Numerics.Tensors", Logging], ["libc"]), // What Linux tells its threads.
        ["RealtimeCnn.Onnx"] = new(["RealtimeCnn", "Google.Protobuf"], []),
        ["RealtimeCnn.OpenGL"] = new(["RealtimeCnn", Logging], ["libEGL", "glfw", "libc", "opengl32"]),
        ["RealtimeCnn.SelfTests"] = new(["RealtimeCnn", "RealtimeCnn.OpenGL"], []),
        ["RealtimeCnn.Camera"] = new(["RealtimeCnn"], ["turbojpeg", "libc"]),
        ["RealtimeCnn.Textbook"] = new(["RealtimeCnn", "RealtimeCnn.OpenGL"], []),
        ["RealtimeCnn.Silk"] = new(["RealtimeCnn", "RealtimeCnn.OpenGL", "Silk.NET."], []),
        ["RealtimeCnn.Camera.Emgu"] = new(["RealtimeCnn", "RealtimeCnn.Camera", "Emgu.CV"], ["libc", "ucrtbase"]), // The native environment.
        ["RealtimeCnn.Models"] = new(["RealtimeCnn", "RealtimeCnn.Onnx"], []),
        ["RealtimeCnn.App"] = new(["RealtimeCnn", "RealtimeCnn.OpenGL", "RealtimeCnn.Camera", "RealtimeCnn.Onnx", "RealtimeCnn.Models", Logging], []),
        ["rtcnn"] = new(["RealtimeCnn", "Spectre.Console", "System.CommandLine"], []),
        ["RealtimeCnn.Fuzz"] = new(["RealtimeCnn", "RealtimeCnn.Onnx", "RealtimeCnn.OpenGL", "Google.Protobuf"], ["libc"]),
        ["RealtimeCnn.Benchmarks"] = new(["RealtimeCnn", "RealtimeCnn.Camera", "RealtimeCnn.Demo", "RealtimeCnn.Fuzz", "RealtimeCnn.Models", "RealtimeCnn.Onnx", "RealtimeCnn.OpenGL", "RealtimeCnn.SelfTests", "System.CommandLine"], ["libc"]), // What its allocator keeps.
        ["RealtimeCnn.OutsideLayer"] = new(["RealtimeCnn", "RealtimeCnn.Onnx", "RealtimeCnn.OpenGL"], []),
        ["RealtimeCnn.Demo"] = new(["RealtimeCnn", "System.CommandLine", Logging], []),
        ["RealtimeCnn.Studio"] = new(["RealtimeCnn", "RealtimeCnn.Camera", "RealtimeCnn.Demo", "RealtimeCnn.OpenGL", "System.CommandLine", .. AspNetCore], []),
    };

    // Whoever else sees an assembly's internals besides the tests. The GPU's half of the library and its fuzzer belong to the core as a
    // compiler's back end does; Camera.Emgu is a part of Camera that stands alone for its licence, and the page a part of the demo that stands alone for its server. Everybody else lives by the public surface.
    private static readonly Dictionary<string, string[]> Friends = new()
    {
        ["RealtimeCnn"] = ["RealtimeCnn.OpenGL", "RealtimeCnn.SelfTests", "RealtimeCnn.Fuzz"],
        ["RealtimeCnn.OpenGL"] = ["RealtimeCnn.SelfTests"],
        ["RealtimeCnn.Camera"] = ["RealtimeCnn.Camera.Emgu"],
        ["RealtimeCnn.Onnx"] = ["RealtimeCnn.Fuzz"],
        ["RealtimeCnn.Fuzz"] = ["RealtimeCnn.Benchmarks"],
        ["RealtimeCnn.SelfTests"] = ["RealtimeCnn.Benchmarks"],
        ["RealtimeCnn.Demo"] = ["RealtimeCnn.Benchmarks", "RealtimeCnn.Studio"],
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
        Type[] layers = [.. typeof(Layer).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Layer)) && !type.IsAbstract && type.IsPublic && type != typeof(Input) && type != typeof(NodeOutput))];
        var cases = LayerCases.All.ToLookup(layerCase => layerCase.Layer.GetType());
        Assert.Empty(layers.Where(layer => !cases[layer].Any()).Select(layer => $"{layer.Name} has no LayerCases: see docs/adding-a-layer.md."));
        var shaders = GpuKernels.For(DeviceProfile.Of(ProfileKind.Software, GlLimits.Guaranteed)).Entries;
        var onTheCpuAlone = layers.Where(layer => !shaders.Any(kernel => kernel.Layer.IsAssignableFrom(layer)));
        Assert.Equal(onTheCpuAlone.Select(layer => layer.Name), layers.Where(layer => cases[layer].All(layerCase => layerCase.CpuOnly)).Select(layer => layer.Name));
    }

    /// <summary>A layer says what is computed; which backends there are, and how they do it, stands in their tables.</summary>
    [Fact]
    public void Layers_know_no_backend()
    {
        Type[] layers = [.. typeof(Layer).Assembly.GetTypes().Where(type => type.Namespace == typeof(Layer).Namespace)];
        Assert.True(layers.Length > 100, $"{layers.Length} types were found.");
        Assert.Empty(layers.SelectMany(type => ReferredBy(type).Where(IsOfBackend).Select(used => $"{type.Name} refers to {used.Name}.")).Distinct());
        string[] sources = [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", "RealtimeCnn", "Layers"), "*.cs", SearchOption.AllDirectories)];
        Assert.True(sources.Length > 50, $"{sources.Length} sources were found.");
        Assert.Empty(sources.Where(source => BackendNamespace().IsMatch(File.ReadAllText(source))).Select(Path.GetFileName));
    }

    [Fact]
    public void The_rule_of_layers_sees_backends()
    {
        Assert.Contains(ReferredBy(typeof(CpuPlan)), IsOfBackend);
        Assert.Matches(BackendNamespace(), "using RealtimeCnn.Cpu;");
        Assert.Matches(BackendNamespace(), "Cpu.Lanes.Count");
        Assert.DoesNotMatch(BackendNamespace(), "/// Runs on the CPU; a CpuOnly case.");
    }

    private static bool Allows(string assembly, Rule rule, string reference) =>
        rule.References.Any(allowed => reference == allowed || (allowed.EndsWith('.') && reference.StartsWith(allowed, StringComparison.Ordinal)))
        || (Roots.Contains(assembly) && reference.StartsWith("RealtimeCnn.", StringComparison.Ordinal) && !Roots.Contains(reference));

    /// <summary>The types of a type's declaration: bases, attributes, fields, and its methods' parameters, results and variables.</summary>
    private static IEnumerable<Type> ReferredBy(Type type)
    {
        const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        MethodBase[] methods = [.. type.GetMethods(All), .. type.GetConstructors(All)];
        return new[] { type.BaseType }.OfType<Type>().Concat(type.GetInterfaces())
            .Concat(type.GetMembers(All).Append(type).SelectMany(member => member.CustomAttributes).Select(attribute => attribute.AttributeType))
            .Concat(type.GetFields(All).Select(field => field.FieldType))
            .Concat(type.GetMethods(All).Select(method => method.ReturnType))
            .Concat(methods.SelectMany(method => method.GetParameters()).Select(parameter => parameter.ParameterType))
            .Concat(methods.SelectMany(method => method.GetMethodBody()?.LocalVariables ?? []).Select(variable => variable.LocalType))
            .SelectMany(Parts);
    }

    private static IEnumerable<Type> Parts(Type type) =>
        type.HasElementType ? Parts(type.GetElementType()!) : type.IsConstructedGenericType ? type.GetGenericArguments().SelectMany(Parts).Append(type) : [type];

    private static bool IsOfBackend(Type type) => type.Namespace == typeof(CpuPlan).Namespace;

    /// <summary>The backend's namespace in source, from anywhere below the library's.</summary>
    [GeneratedRegex(@"\bCpu\b")]
    private static partial Regex BackendNamespace();

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
