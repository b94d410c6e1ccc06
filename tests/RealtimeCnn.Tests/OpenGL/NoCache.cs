using System.Runtime.CompilerServices;
using RealtimeCnn.OpenGL.Caching;

namespace RealtimeCnn.Tests.OpenGL;

/// <summary>Tests, and the processes they start, neither read nor write the user's cache; those of the cache name a folder of their own.</summary>
internal static class NoCache
{
#pragma warning disable CA2255 // It is to hold before the first device of whichever test comes first.
    [ModuleInitializer]
#pragma warning restore CA2255
    public static void Set() => Environment.SetEnvironmentVariable(CacheFolder.Variable, "");
}
