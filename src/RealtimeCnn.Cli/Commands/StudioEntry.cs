using System.CommandLine;
using System.Runtime.CompilerServices;
using RealtimeCnn.Studio;

namespace RealtimeCnn.Cli.Commands;

/// <summary>
/// <c>rtcnn studio</c>: the demo on a page of the browser's. Its options are the demo's, and what they need is loaded for nobody else:
/// other commands know its name and what it is for.
/// </summary>
internal static class StudioEntry
{
    private const string Name = "studio";

    /// <param name="arguments">What stands behind <c>rtcnn</c> on the command line.</param>
    public static Command Create(string[] arguments) => arguments is [Name, ..] ? Whole() : new Command(Name, StudioCommand.Purpose);

    // By itself, since a method's assemblies are loaded when it is compiled.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Command Whole() => StudioCommand.Create();
}
