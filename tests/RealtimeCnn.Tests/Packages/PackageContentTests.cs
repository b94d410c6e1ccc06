using System.IO.Compression;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;
using RealtimeCnn.Camera.Emgu;
using RealtimeCnn.Silk;

namespace RealtimeCnn.Tests.Packages;

/// <summary>What is in the packages, and what they say of themselves.</summary>
[Collection(PackageTests.Name)]
public class PackageContentTests(PackedFeed feed)
{
    private static readonly Guid EmbeddedSource = new("0E8A571B-6926-466E-B4AD-8AB04611F5FE");

    // Packages of libraries and what each needs besides.
    private static readonly Dictionary<string, string[]> Libraries = new()
    {
        ["RealtimeCnn"] = ["Microsoft.Extensions.Logging.Abstractions"],
        ["RealtimeCnn.App"] = ["RealtimeCnn", "RealtimeCnn.Camera", "RealtimeCnn.Models", "RealtimeCnn.Onnx", "RealtimeCnn.OpenGL"],
        ["RealtimeCnn.Camera"] = ["RealtimeCnn"],
        ["RealtimeCnn.Models"] = ["RealtimeCnn", "RealtimeCnn.Onnx"],
        ["RealtimeCnn.Onnx"] = ["Google.Protobuf", "RealtimeCnn"],
        ["RealtimeCnn.OpenGL"] = ["RealtimeCnn"],
        ["RealtimeCnn.SelfTests"] = ["RealtimeCnn", "RealtimeCnn.OpenGL"],
        ["RealtimeCnn.Textbook"] = ["RealtimeCnn", "RealtimeCnn.OpenGL"],
    };

    // Both have the demo inside, and are packed only without Emgu.CV.
    private static string[] Tools => new EmguBackend().IsBuiltIn ? [] : ["rtcnn", "rtcnn-demo"];

    public static TheoryData<string> LibraryNames => [.. Libraries.Keys];

    public static TheoryData<string> ToolNames => [.. Tools];

    public static TheoryData<string> PackageNames => [.. Libraries.Keys, .. Tools];

    /// <summary>No test, sample or benchmark; an adapter only with its library.</summary>
    [Fact]
    public void What_is_packed_is_the_product_and_nothing_else()
    {
        string[] packed = [.. Directory.GetFiles(feed.Folder, "*.nupkg").Select(NameOf).Order(StringComparer.Ordinal)];
        string[] expected =
        [
            .. Libraries.Keys, .. Tools,
            .. new SilkBackend().IsBuiltIn ? ["RealtimeCnn.Silk"] : Array.Empty<string>(),
            .. new EmguBackend().IsBuiltIn ? ["RealtimeCnn.Camera.Emgu"] : Array.Empty<string>(),
        ];
        Assert.Equal(expected.Order(StringComparer.Ordinal), packed);
        Assert.Equal(packed, Directory.GetFiles(feed.Folder, "*.snupkg").Select(NameOf).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(PackageNames))]
    public void A_package_says_what_it_is_and_nothing_of_the_machine_that_made_it(string name)
    {
        using var package = Open(name, ".nupkg");
        var metadata = Manifest(package);
        Assert.Equal("MIT", Value(metadata, "license"));
        Assert.Equal(name, Value(metadata, "id"));
        Assert.True(Value(metadata, "description").Length > 40, "It needs a description.");
        Assert.Contains("camera", Value(metadata, "tags"), StringComparison.Ordinal);
        Assert.Null(metadata.Element(metadata.Name.Namespace + "repository"));
        Assert.Equal(File.ReadAllBytes(Path.Combine(Repository.Root, "docs", "package.md")), Read(package, Value(metadata, "readme")));
        Assert.Equal(File.ReadAllBytes(Path.Combine(Repository.Root, "docs", "images", "icon.png")), Read(package, Value(metadata, "icon")));
        Assert.DoesNotContain(Repository.Root, metadata.ToString(), StringComparison.Ordinal);
    }

    /// <summary>The assembly is the very one whose surface was approved (PublicSurfaceTests) and that all other tests ran.</summary>
    [Theory]
    [MemberData(nameof(LibraryNames))]
    public void A_library_is_the_one_that_was_tested_with_its_documentation(string name)
    {
        using var package = Open(name, ".nupkg");
        Assert.Equal(File.ReadAllBytes(Assembly.Load(name).Location), Read(package, $"lib/net10.0/{name}.dll"));
        var documented = XDocument.Parse(System.Text.Encoding.UTF8.GetString(Read(package, $"lib/net10.0/{name}.xml"))).Descendants("member");
        Assert.True(documented.Count() >= 3, "It documents nothing.");
        var needs = Manifest(package).Descendants().Where(element => element.Name.LocalName == "dependency").Select(element => element.Attribute("id")!.Value);
        Assert.Equal(Libraries[name], needs.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(LibraryNames))]
    public void Symbols_have_their_sources_inside_and_name_no_folder_of_the_machine(string name)
    {
        using var library = Open(name, ".nupkg");
        using var image = new PEReader(new MemoryStream(Read(library, $"lib/net10.0/{name}.dll")));
        var entries = image.ReadDebugDirectory();
        Assert.Contains(entries, entry => entry.Type == DebugDirectoryEntryType.Reproducible);

        using var package = Open(name, ".snupkg");
        using var provider = MetadataReaderProvider.FromPortablePdbStream(new MemoryStream(Read(package, $"lib/net10.0/{name}.pdb")));
        var symbols = provider.GetMetadataReader();
        Assert.Equal(new BlobContentId(symbols.DebugMetadataHeader!.Id).Guid, image.ReadCodeViewDebugDirectoryData(entries.First(entry => entry.Type == DebugDirectoryEntryType.CodeView)).Guid);
        var sources = symbols.Documents.Select(document => (Path: symbols.GetString(symbols.GetDocument(document).Name), HasSource: symbols.GetCustomDebugInformation(document)
            .Any(kind => symbols.GetGuid(symbols.GetCustomDebugInformation(kind).Kind) == EmbeddedSource))).ToArray();
        Assert.NotEmpty(sources);
        Assert.All(sources, source =>
        {
            Assert.StartsWith("/_/", source.Path, StringComparison.Ordinal);
            Assert.True(source.HasSource, $"{source.Path} is not inside.");
        });
    }

    [Theory]
    [MemberData(nameof(ToolNames))]
    public void A_tool_has_all_it_needs_inside(string name)
    {
        using var package = Open(name, ".nupkg");
        string[] files = [.. package.Entries.Select(entry => entry.FullName)];
        string[] needed = [$"{(name == "rtcnn" ? name : "RealtimeCnn.Demo")}.dll", "RealtimeCnn.OpenGL.dll", "System.CommandLine.dll", "RealtimeCnn.Models.dll", .. name == "rtcnn" ? ["RealtimeCnn.Studio.dll", "RealtimeCnn.Demo.dll"] : Array.Empty<string>()];
        Assert.All(needed, file => Assert.Contains($"tools/net10.0/any/{file}", files));
        Assert.DoesNotContain(Manifest(package).Descendants(), element => element.Name.LocalName == "dependency");
    }

    private static string NameOf(string file)
    {
        string name = Path.GetFileNameWithoutExtension(file);
        return name[..name.IndexOf(".0.", StringComparison.Ordinal)];
    }

    private ZipArchive Open(string name, string kind) => ZipFile.OpenRead(Directory.GetFiles(feed.Folder, $"{name}.0.*{kind}").Single());

    private static XElement Manifest(ZipArchive package)
    {
        using var file = package.Entries.Single(entry => entry.FullName.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
        var root = XDocument.Load(file).Root!;
        return root.Element(root.Name.Namespace + "metadata")!;
    }

    private static string Value(XElement metadata, string name) => metadata.Element(metadata.Name.Namespace + name)?.Value ?? "";

    private static byte[] Read(ZipArchive package, string name)
    {
        var entry = package.GetEntry(name);
        Assert.True(entry != null, $"There is no '{name}' in the package; there are: {string.Join(", ", package.Entries.Select(file => file.FullName))}.");
        using var content = new MemoryStream();
        using var file = entry.Open();
        file.CopyTo(content);
        return content.ToArray();
    }
}
