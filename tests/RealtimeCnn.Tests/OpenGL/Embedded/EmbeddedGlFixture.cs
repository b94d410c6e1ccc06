using RealtimeCnn.OpenGL;

namespace RealtimeCnn.Tests.OpenGL.Embedded;

/// <summary>Tests that share the one thread with a context of OpenGL ES.</summary>
[CollectionDefinition(Name)]
public sealed class EmbeddedGlTests : ICollectionFixture<EmbeddedGlFixture>
{
    public const string Name = "gl es";
}

/// <summary>A headless context of OpenGL ES for the whole run; a machine without one fails every test.</summary>
public sealed class EmbeddedGlFixture() : GlFixture(GlClientApi.Embedded);
